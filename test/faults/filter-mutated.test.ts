import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createTopic } from "../../src/kafka/admin/topics";
import { listDead } from "../../src/kafka/dead-letters/dead-letters";
import { runFilters } from "../../src/kafka/filter/filter";
import { simulateNight } from "../../src/simulate/night";
import { type CommittedRow, placeOf, readCommitted } from "../filter/committed";
import { makeAlert } from "../helpers/alerts";
import { needs } from "../helpers/data";
import { runPython } from "../helpers/python";
import { mutations, randomBelow } from "./mutations";

const bootstrap = inject("bootstrap");
const producer = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).producer();
beforeAll(() => producer.connect());
afterAll(() => producer.disconnect());

/**
 * What librdkafka reads and fastavro thinks of it: the places of the messages that hold no alert. Beyond fastavro, the
 * container must begin with its magic bytes, and records in its schema must list their fields, as Avro's specification
 * says. Left open are text in the schema that is no UTF-8 and a record without a name, where fastavro is the stricter one:
 * they hinder nobody from reading the bytes.
 */
const verdicts = `
import sys, json, io, fastavro
from confluent_kafka import Consumer, TopicPartition
bootstrap, topic = sys.argv[1:3]
c = Consumer({"bootstrap.servers": bootstrap, "group.id": "fastavro-oracle", "enable.auto.commit": False})
parts = c.list_topics(topic, timeout=20).topics[topic].partitions
ends = {p: c.get_watermark_offsets(TopicPartition(topic, p), timeout=20) for p in parts}
c.assign([TopicPartition(topic, p, lo) for p, (lo, hi) in ends.items()])
def check(schema):
    if isinstance(schema, list): [check(s) for s in schema]
    if isinstance(schema, dict):
        if schema.get("type") == "record": [check(f["type"]) for f in schema["fields"]]
        else: check(schema.get("type"))
unreadable, open = [], []
for _ in range(sum(hi - lo for lo, hi in ends.values())):
    m = c.poll(40)
    assert m is not None and m.error() is None, m and m.error()
    in_schema = True
    try:
        assert m.value()[:4] == b"Obj\\x01"
        reader = fastavro.reader(io.BytesIO(m.value()))
        in_schema = False
        check(json.loads(reader.metadata["avro.schema"]))
        readable = len(list(reader)) > 0
    except Exception as e:
        readable = False
        if in_schema and isinstance(e, UnicodeDecodeError) or '"name" is a required field' in str(e): open.append(f"{topic}/{m.partition()}/{m.offset()}")
    if not readable: unreadable.append(f"{topic}/{m.partition()}/{m.offset()}")
c.close()
print(json.dumps([unreadable, open]))
`;

const inputPlaceOf = ({ topic, partition, offset }: CommittedRow) => `${topic}/${partition}/${offset}`;

/** Bytes in use once nothing is left to collect. */
function heapBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}

/** As many good alerts as damaged ones, in turn; every tenth pair are whole simulated packets with stamps. */
async function send(topic: string, pairs: number, seed: number): Promise<void> {
  await createTopic(topic, { bootstrap, partitions: 2 });
  const below = randomBelow(seed);
  const night = [...simulateNight({ seed: 1, alerts: 20, visits: 2 }).visits()].flatMap(({ alerts }) => alerts);
  const kinds = Object.keys(mutations);
  const goodBytes = (n: number) =>
    n % 20 < 2 ? night[(n >> 1) % night.length]!.bytes : makeAlert(n, { mag: 15 + (n % 8) }).bytes;
  for (let from = 0; from < 2 * pairs; from += 500) {
    const messages = Array.from({ length: Math.min(500, 2 * pairs - from) }, (_, i) => {
      const n = from + i;
      const mutate = mutations[kinds[below(kinds.length)]!]!;
      const value = n % 2 === 0 ? goodBytes(n) : mutate(goodBytes(n), goodBytes(n + 1), below);
      return { value, headers: { made: n % 2 === 0 ? "good" : "bad" }, partition: n % 4 < 2 ? 0 : 1 };
    });
    await producer.send({ topic, messages });
  }
}

function filterAll(topic: string) {
  const filters = [
    { name: `${topic}-bright`, accepts: (a: { mag: number }) => a.mag < 19 },
    { name: `${topic}-rest`, accepts: (a: { mag: number }) => !(a.mag < 19) },
  ];
  return runFilters(topic, { bootstrap, progress: false, capPerVisit: Number.POSITIVE_INFINITY, filters });
}

describe.skipIf(needs.python())("a stream with damaged messages", () => {
  it("gives every good alert, every bad one a dead letter with its reason, and takes no memory for them", {
    timeout: 1_200_000,
  }, async () => {
    const pairs = 10_000;
    await send("mutated-before", 500, 1);
    await send("mutated", pairs, 20261121);
    await filterAll("mutated-before");
    const before = heapBytes();
    const report = await filterAll("mutated");
    const grown = heapBytes() - before;

    const [unreadable, open] = JSON.parse(runPython(verdicts, [bootstrap, "mutated"])) as [string[], string[]];
    const dead: string[] = [];
    for await (const { filter, code, reason, topic, partition, offset } of listDead("mutated", { bootstrap })) {
      expect([filter, code, reason]).toEqual([null, expect.stringMatching(/^[A-Z_]+$/), expect.stringMatching(/\S/)]);
      dead.push(`${topic}/${partition}/${offset}`);
    }
    const deadOnes = new Set(dead);
    const readAllTheSame = open.filter((place) => !deadOnes.has(place));
    expect(readAllTheSame.length).toBeLessThan(pairs / 100);
    expect(dead.sort()).toEqual(unreadable.filter((place) => !readAllTheSame.includes(place)).sort());
    expect(dead.length).toBeGreaterThan(0.9 * pairs);
    expect(report).toMatchObject({ balanced: true, undecodable: dead.length });

    const chosen = ["bright", "rest"].map((name) => readCommitted(bootstrap, `mutated.mutated-${name}`));
    const isGood = ({ headers }: CommittedRow) => headers["made"] === "good";
    const good = chosen.flat().filter(isGood).map(placeOf);
    expect(good.sort()).toEqual(readCommitted(bootstrap, "mutated").filter(isGood).map(inputPlaceOf).sort());
    for (const [n, { selected, rejected }] of report.filters.entries()) {
      expect([selected, rejected]).toEqual([chosen[n]!.length, chosen[1 - n]!.length]);
    }
    // 256 schemas are kept, also mutated ones; otherwise each message may leave nothing
    expect(grown).toBeLessThan(16e6);
  });
});
