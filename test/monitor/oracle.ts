import { runPython } from "../helpers/python";

/** What librdkafka says of a topic and of a group in it, by partition. */
export interface Offsets {
  first: number[];
  next: number[];
  /** −1001 where nothing was committed. */
  committed: number[];
}

const offsetsScript = `
import sys, json
from confluent_kafka import Consumer, TopicPartition
bootstrap, topic, group = sys.argv[1:]
c = Consumer({"bootstrap.servers": bootstrap, "group.id": group, "enable.auto.commit": False})
parts = [TopicPartition(topic, p) for p in sorted(c.list_topics(topic, timeout=20).topics[topic].partitions)]
marks = [c.get_watermark_offsets(p, timeout=20) for p in parts]
done = c.committed(parts, timeout=20)
print(json.dumps(dict(first=[m[0] for m in marks], next=[m[1] for m in marks], committed=[p.offset for p in done])))
c.close()
`;

export const offsetsOf = (bootstrap: string, topic: string, group: string): Offsets =>
  JSON.parse(runPython(offsetsScript, [bootstrap, topic, group])) as Offsets;

const readScript = `
import sys
from confluent_kafka import Consumer
bootstrap, topic, group, count = sys.argv[1:]
c = Consumer({"bootstrap.servers": bootstrap, "group.id": group, "enable.auto.commit": False, "auto.offset.reset": "earliest"})
c.subscribe([topic])
for _ in range(int(count)):
    m = c.poll(40)
    assert m is not None and not m.error(), m
    c.commit(message=m, asynchronous=False)
c.close()
`;

/** Reads so many messages as a member of a group, commits each, and leaves. */
export const readAndLeave = (bootstrap: string, topic: string, group: string, count: number): void =>
  void runPython(readScript, [bootstrap, topic, group, String(count)]);
