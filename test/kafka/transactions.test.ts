import { describe, expect, inject, it } from "vitest";
import { createTopic } from "../../src/kafka/admin/topics";
import { connectionOf } from "../../src/kafka/client/connection-settings";
import type { Delivery, OutgoingMessage } from "../../src/kafka/client/produce-request";
import { TransactionalProducer } from "../../src/kafka/client/transactional-producer";
import { needs } from "../helpers/data";
import { runPython } from "../helpers/python";

const bootstrap = inject("bootstrap");
const connection = connectionOf({ bootstrap });

type Row = [partition: number, key: string | null, bytes: number | null, headers: [string, string | null][]];

/** Everything in a topic by librdkafka, each partition in order. */
function read(topic: string, isolation: "read_committed" | "read_uncommitted"): Row[] {
  const script = `
import sys, json
from confluent_kafka import Consumer, TopicPartition, KafkaError
bootstrap, topic, isolation = sys.argv[1:]
c = Consumer({"bootstrap.servers": bootstrap, "group.id": "transactions-oracle", "isolation.level": isolation,
  "enable.partition.eof": True, "check.crcs": True})
rows = []
for p in sorted(c.list_topics(topic, timeout=20).topics[topic].partitions):
    c.assign([TopicPartition(topic, p, 0)])
    while True:
        m = c.poll(40)
        assert m is not None, "nothing for 40 s"
        if m.error():
            assert m.error().code() == KafkaError._PARTITION_EOF, m.error()
            break
        rows.append([p, None if m.key() is None else m.key().decode(), None if m.value() is None else len(m.value()),
          [[k, None if v is None else v.decode()] for k, v in m.headers() or []]])
c.close()
print(json.dumps(rows))`;
  return JSON.parse(runPython(script, [bootstrap, topic, isolation])) as Row[];
}

/** Offset and metadata of a group, by librdkafka. */
function committed(group: string, topic: string): [number, string] {
  const script = `
import sys, json
from confluent_kafka import Consumer, TopicPartition
bootstrap, group, topic = sys.argv[1:]
# by default librdkafka waits for an offset that is part of an open transaction
c = Consumer({"bootstrap.servers": bootstrap, "group.id": group, "isolation.level": "read_uncommitted"})
p = c.committed([TopicPartition(topic, 0)], timeout=20)[0]
print(json.dumps([p.offset, p.metadata]))`;
  return JSON.parse(runPython(script, [bootstrap, group, topic])) as [number, string];
}

const message = (key: string | null, bytes: number | null, headers: OutgoingMessage["headers"] = {}) => ({
  key: key === null ? null : Buffer.from(key),
  value: bytes === null ? null : Buffer.alloc(bytes, 7),
  headers,
});
const place = (group: string, topic: string, offset: bigint, metadata = "") => ({
  group,
  topic,
  partition: 0,
  offset,
  metadata,
});
/** A commit is acknowledged before its markers are written; who gets the id finds them there. */
const settled = async (id: string) => (await TransactionalProducer.open(connection, id)).close();

describe.skipIf(needs.python())("a transaction of our own requests", () => {
  it("shows readers all of it once it is committed, and nothing before", async () => {
    const [one, two, input] = ["tx-one", "tx-two", "tx-in"];
    for (const topic of [one, two, input]) await createTopic(topic, { bootstrap, partitions: 2 });
    const odd = { none: null, text: "é", twice: ["a", null] };
    const large = Array.from({ length: 6 }, (_, n) => message(`large${n}`, 1_500_000));
    const deliveries: Delivery[] = [
      { topic: one, partition: 0, messages: [message("a", 3, odd), message(null, null), message("", 0)] },
      { topic: one, partition: 1, messages: large },
      { topic: two, partition: 1, messages: [message("z", 1)] },
    ];
    const expected: Row[] = [
      [0, "a", 3, [["none", null], ["text", "é"], ["twice", "a"], ["twice", null]]], // biome-ignore format: a row
      [0, null, null, []],
      [0, "", 0, []],
      ...large.map((_, n): Row => [1, `large${n}`, 1_500_000, []]),
    ];
    const producer = await TransactionalProducer.open(connection, "tx-shown");
    await producer.write(deliveries, place("tx-group", input, 41n, "as far as 41"));
    expect(read(one, "read_uncommitted")).toEqual(expected);
    expect(read(one, "read_committed")).toEqual([]);
    expect(committed("tx-group", input)[0]).toBe(-1001); // none
    await producer.commit();
    producer.close();
    await settled("tx-shown");
    expect(read(one, "read_committed")).toEqual(expected);
    expect(read(two, "read_committed")).toEqual([[1, "z", 1, []]]);
    expect(committed("tx-group", input)).toEqual([41, "as far as 41"]);
  });

  it("goes on from one to the next, without what was aborted", async () => {
    const [out, input] = ["tx-row", "tx-row-in"];
    for (const topic of [out, input]) await createTopic(topic, { bootstrap, partitions: 1 });
    const producer = await TransactionalProducer.open(connection, "tx-row");
    const send = (key: string, offset: bigint) =>
      producer.write([{ topic: out, partition: 0, messages: [message(key, 10)] }], place("tx-row", input, offset));
    const keys: string[] = [];
    for (let n = 0; n < 20; n++) {
      await send(`${n}`, BigInt(n));
      if (n % 5 === 4) await producer.abort();
      else await producer.commit();
      if (n % 5 !== 4) keys.push(`${n}`);
    }
    producer.close();
    await settled("tx-row");
    expect(read(out, "read_committed").map(([, key]) => key)).toEqual(keys);
    expect(read(out, "read_uncommitted")).toHaveLength(20);
    expect(committed("tx-row", input)[0]).toBe(18);
  });

  it("is refused to who has lost the id, and what was open is aborted", async () => {
    const [out, input] = ["tx-fence", "tx-fence-in"];
    for (const topic of [out, input]) await createTopic(topic, { bootstrap, partitions: 1 });
    const write = (producer: TransactionalProducer, key: string) =>
      producer.write([{ topic: out, partition: 0, messages: [message(key, 10)] }], place("tx-fence", input, 1n));
    const first = await TransactionalProducer.open(connection, "tx-fence");
    await write(first, "first");
    const second = await TransactionalProducer.open(connection, "tx-fence");
    await expect(first.commit()).rejects.toThrow(/epoch|fenced/i);
    await write(second, "second");
    await expect(write(first, "late")).rejects.toThrow(/epoch|fenced/i);
    await first.abort(); // not the other's
    await second.commit();
    first.close();
    second.close();
    await settled("tx-fence");
    expect(read(out, "read_committed").map(([, key]) => key)).toEqual(["second"]);
  });

  it("is refused at once where a partition is not there", async () => {
    const [out, input] = ["tx-few", "tx-few-in"];
    for (const topic of [out, input]) await createTopic(topic, { bootstrap, partitions: 1 });
    const producer = await TransactionalProducer.open(connection, "tx-few");
    const deliveries = [0, 1].map((partition) => ({ topic: out, partition, messages: [message("k", 1)] }));
    const failed = producer.write(deliveries, place("tx-few", input, 1n));
    await expect(failed).rejects.toMatchObject({ type: "UNKNOWN_TOPIC_OR_PARTITION" });
    await producer.abort();
    producer.close();
    expect(read(out, "read_committed")).toEqual([]);
  });
});
