import { runPython } from "../helpers/python";

/** A message as another client sees it that reads only what is committed: librdkafka. */
export interface CommittedRow {
  topic: string;
  partition: number;
  offset: number;
  key: string | null;
  /** Size and SHA-1 of the value. */
  size: number;
  sha1: string;
  headers: Record<string, string>;
}

const script = `
import sys, json, hashlib
from confluent_kafka import Consumer, TopicPartition, KafkaError
bootstrap, *topics = sys.argv[1:]
c = Consumer({"bootstrap.servers": bootstrap, "group.id": "committed-oracle", "enable.auto.commit": False,
  "isolation.level": "read_committed", "enable.partition.eof": True, "fetch.message.max.bytes": 20000000})
parts = []
for topic in topics:
    for p in c.list_topics(topic, timeout=20).topics[topic].partitions:
        lo, hi = c.get_watermark_offsets(TopicPartition(topic, p), timeout=20)
        if hi > lo: parts.append(TopicPartition(topic, p, lo))
out = []
if parts:
    c.assign(parts)
    left = {(p.topic, p.partition) for p in parts}
    while left:
        m = c.poll(40)
        assert m is not None, "nothing for 40 s"
        if m.error():
            assert m.error().code() == KafkaError._PARTITION_EOF, m.error()
            left.discard((m.topic(), m.partition()))
            continue
        left.add((m.topic(), m.partition()))
        v = m.value()
        out.append(dict(topic=m.topic(), partition=m.partition(), offset=m.offset(), key=m.key() and m.key().decode(),
          size=len(v or b""), sha1=hashlib.sha1(v or b"").hexdigest(),
          headers={k: (h or b"").decode("utf-8", "replace") for k, h in (m.headers() or [])}))
c.close()
print(json.dumps(out))
`;

/** Everything committed in the topics, read by librdkafka with isolation level read_committed. */
export const readCommitted = (bootstrap: string, ...topics: string[]): CommittedRow[] =>
  readCommittedThrough([], bootstrap, ...topics);

/** The same, by a reader that a command starts, such as one that takes it to another host. */
export const readCommittedThrough = (through: readonly string[], bootstrap: string, ...topics: string[]) =>
  JSON.parse(runPython(script, [bootstrap, ...topics], "", through)) as CommittedRow[];

/** The place of the alert in the input, from the headers of what was selected. */
export const placeOf = ({ headers }: CommittedRow): string =>
  `${headers["bootcamp-topic"]}/${headers["bootcamp-partition"]}/${headers["bootcamp-offset"]}`;
