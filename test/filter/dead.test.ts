import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Alert } from "../../src/alert/alert";
import { createTopic } from "../../src/kafka/admin/topics";
import { type DeadLetter, listDead, replayDead, showDead } from "../../src/kafka/dead-letters/dead-letters";
import { runFilters } from "../../src/kafka/filter/filter";
import { subscribe } from "../../src/kafka/read/subscribe";
import { makeAlert } from "../helpers/alerts";
import { needs } from "../helpers/data";
import { runPython } from "../helpers/python";
import { placeOf, readCommitted } from "./committed";

const bootstrap = inject("bootstrap");
const quiet = { bootstrap, progress: false, onWarning: () => {} };
const producer = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).producer();
beforeAll(() => producer.connect());
afterAll(() => producer.disconnect());

const all = async (topic: string, options = {}): Promise<DeadLetter[]> => {
  const letters: DeadLetter[] = [];
  for await (const letter of listDead(topic, { bootstrap, ...options })) letters.push(letter);
  return letters.sort((a, b) => Number(a.deadOffset - b.deadOffset));
};

describe("dead letters", () => {
  it.skipIf(needs.python())(
    "hold what cannot be decoded once, and what a filter throws on for that filter",
    async () => {
      const topic = "d-mixed";
      await createTopic(topic, { bootstrap, partitions: 1 });
      const good = [1, 2, 3].map((n) => makeAlert(n));
      const garbage = Buffer.from("garbage");
      const cut = good[0]!.bytes.subarray(0, good[0]!.bytes.length - 20);
      const values = [good[0]!.bytes, garbage, good[1]!.bytes, cut, null, good[2]!.bytes];
      const headers = { survey: "test", binary: Buffer.from([0xff, 0, 0xfe]) };
      await producer.send({ topic, messages: values.map((value, n) => ({ key: `key${n}`, value, headers })) });
      const throwing = (alert: Alert) => {
        if (alert.alertId === good[1]!.alertId) throw new Error("no such field in this survey");
        return true;
      };
      const filters = [
        { name: "d-all", accepts: () => true },
        { name: "d-throws", accepts: throwing },
        { name: "d-async", accepts: (async () => true) as never },
      ];
      const report = await runFilters(topic, { ...quiet, filters });
      expect(report).toMatchObject({ read: 6, undecodable: 3, balanced: true });
      expect(report.filters.map(({ selected, dead }) => [selected, dead])).toEqual([
        [3, 3],
        [2, 4],
        [0, 6],
      ]);
      const letters = await all(topic);
      expect(letters.map(({ offset, filter, code }) => [Number(offset), filter, code])).toEqual([
        [1, null, "NOT_AVRO"],
        [3, null, "AVRO_TRUNCATED"],
        [4, null, "NOT_AVRO"],
        [2, "d-throws", "SELECTION"],
        [0, "d-async", "USAGE"],
        [2, "d-async", "USAGE"],
        [5, "d-async", "USAGE"],
      ]);
      expect(letters[3]!.reason).toContain("no such field in this survey");
      expect(letters[4]!.reason).toContain("Expected true or false");
      expect(letters[0]).toMatchObject({ bytes: garbage, key: "key1", topic, partition: 0 });
      expect(letters[1]!.bytes.equals(cut)).toBe(true);
      // as another client sees them
      const rows = readCommitted(bootstrap, `${topic}.dead`);
      expect(rows.length).toBe(7);
      for (const row of rows) {
        expect(placeOf(row)).toMatch(/^d-mixed\/0\/[0-5]$/);
        expect(row.headers).toMatchObject({
          survey: "test",
          reason: expect.stringMatching(/^[A-Z_]+: Expected|SELECTION/),
        });
      }
      expect((await showDead(topic, 0, 2n, { bootstrap })).map(({ filter }) => filter)).toEqual([
        "d-throws",
        "d-async",
      ]);
      await expect(showDead(topic, 0, 99n, { bootstrap })).rejects.toMatchObject({ code: "USAGE" });
      expect((await all(topic, { code: "NOT_AVRO" })).length).toBe(2);
      expect((await all(topic, { filter: "" })).length).toBe(3);
      expect((await all(topic, { filter: "d-async", limit: 2 })).length).toBe(2);

      await createTopic("d-mended", { bootstrap, partitions: 1 });
      const replay = await replayDead(topic, { bootstrap, filter: "d-throws", to: "d-mended" });
      expect(replay).toEqual({ read: 7, replayed: 1, skipped: 6 });
      const [back] = await (await subscribe("d-mended", quiet)).toArray();
      expect(back!.bytes.equals(good[1]!.bytes)).toBe(true);
      expect(back!.origin).toMatchObject({
        key: "key2",
        headers: { survey: Buffer.from("test"), binary: headers.binary },
      });
      expect(Object.keys((back!.origin as { headers: object }).headers).sort()).toEqual(["binary", "survey"]);
    },
  );

  it("are replayed once into their own topic, and again on request", async () => {
    const topic = "d-replay";
    await createTopic(topic, { bootstrap, partitions: 1 });
    await producer.send({ topic, messages: [1, 2, 3, 4].map((n) => ({ value: makeAlert(n).bytes })) });
    let isMended = false;
    const accepts = (alert: Alert) => {
      if (!isMended && BigInt(alert.alertId!) < 2n ** 60n + 3n) throw new Error("not yet");
      return true;
    };
    const filters = [{ name: "d-replayed", accepts }];
    expect((await runFilters(topic, { ...quiet, filters })).filters[0]).toMatchObject({ selected: 2, dead: 2 });
    isMended = true;
    expect(await replayDead(topic, { bootstrap })).toEqual({ read: 2, replayed: 2, skipped: 0 });
    expect(await replayDead(topic, { bootstrap })).toEqual({ read: 0, replayed: 0, skipped: 0 });
    expect((await runFilters(topic, { ...quiet, filters })).filters[0]).toMatchObject({
      read: 2,
      selected: 2,
      dead: 0,
    });
    const ids = (await (await subscribe(`${topic}.d-replayed`, quiet)).toArray()).map((alert) =>
      Number(BigInt(alert.alertId!) - 2n ** 60n),
    );
    expect(ids.sort()).toEqual([1, 2, 3, 4]);
    expect(await replayDead(topic, { bootstrap, again: true })).toEqual({ read: 2, replayed: 2, skipped: 0 });
  });

  it("say which topic is missing, and refuse to feed on themselves", async () => {
    await expect(all("d-never")).rejects.toMatchObject({ code: "TOPIC_ABSENT", where: "d-never" });
    await expect(replayDead("d-replay", { bootstrap, to: "d-replay.dead" })).rejects.toMatchObject({ code: "USAGE" });
    await expect(replayDead("d-replay", { bootstrap, to: "d-nowhere" })).rejects.toMatchObject({
      code: "TOPIC_ABSENT",
    });
  });
});

describe.skipIf(needs.python())("a message with a header that has no value", () => {
  it("is passed on as it came, selected or dead", async () => {
    const topic = "d-null-headers";
    await createTopic(topic, { bootstrap, partitions: 1 });
    const alert = makeAlert(1).bytes.toString("base64");
    // kafkajs by itself cannot send them
    runPython(
      `import sys, base64
from confluent_kafka import Producer
bootstrap, topic, alert = sys.argv[1:4]
p = Producer({"bootstrap.servers": bootstrap})
for value in (base64.b64decode(alert), b"no alert"):
    p.produce(topic, value=value, key="k", headers=[("trace", None), ("twice", b"1"), ("twice", None)], partition=0)
assert p.flush(20) == 0`,
      [bootstrap, topic, alert],
    );
    const report = await runFilters(topic, { ...quiet, filters: [{ name: "all", accepts: () => true }] });
    expect([report.read, report.filters[0]!.selected, report.undecodable, report.balanced]).toEqual([2, 1, 1, true]);
    const headers = runPython(
      `import sys, json
from confluent_kafka import Consumer, TopicPartition
bootstrap, *topics = sys.argv[1:]
c = Consumer({"bootstrap.servers": bootstrap, "group.id": "null-headers", "isolation.level": "read_committed"})
out = []
for topic in topics:
    c.assign([TopicPartition(topic, 0, 0)])
    m = c.poll(40)
    out.append([[k, v and v.decode()] for k, v in m.headers() if not k.startswith("bootcamp-") and k != "reason"])
print(json.dumps(out))`,
      [bootstrap, `${topic}.all`, `${topic}.dead`],
    );
    const both = [
      ["trace", null],
      ["twice", "1"],
      ["twice", null],
    ];
    expect(JSON.parse(headers)).toEqual([both, both]);
    // and from there again
    expect(await replayDead(topic, { bootstrap })).toEqual({ read: 1, replayed: 1, skipped: 0 });
  });
});

describe.skipIf(needs.python())("a batch that unpacks to more than it may", () => {
  it("is a dead letter with its place, and what comes after it is filtered", async () => {
    const topic = "d-bomb";
    await createTopic(topic, { bootstrap, partitions: 1 });
    runPython(
      `import sys, base64
from confluent_kafka import Producer
bootstrap, topic, alert = sys.argv[1:4]
for value in (base64.b64decode(alert), bytes(80_000_000), base64.b64decode(alert)):
    p = Producer({"bootstrap.servers": bootstrap, "compression.type": "gzip", "message.max.bytes": 100_000_000})
    p.produce(topic, value=value, partition=0)
    assert p.flush(40) == 0`,
      [bootstrap, topic, makeAlert(1).bytes.toString("base64")],
    );
    const report = await runFilters(topic, { ...quiet, filters: [{ name: "all", accepts: () => true }] });
    expect(report).toMatchObject({ read: 3, undecodable: 1, balanced: true, reachedEnd: true });
    expect((await all(topic)).map(({ code, offset, filter }) => [code, offset, filter])).toEqual([
      ["BATCH_CORRUPT", 1n, null],
    ]);
    expect(readCommitted(bootstrap, `${topic}.all`).map(placeOf)).toEqual([`${topic}/0/0`, `${topic}/0/2`]);
  });
});
