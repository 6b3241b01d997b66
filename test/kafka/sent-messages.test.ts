import { Kafka, logLevel } from "kafkajs";
import { describe, expect, inject, it } from "vitest";
import { createTopic } from "../../src/kafka/admin/topics";
import { replayDead } from "../../src/kafka/dead-letters/dead-letters";
import { runFilters } from "../../src/kafka/filter/filter";
import { consume } from "../../src/kafka/read/consume";
import { loadReservoir } from "../../src/kafka/reservoir/load";
import { playReservoir } from "../../src/kafka/reservoir/play";
import { makeAlert } from "../helpers/alerts";

const bootstrap = inject("bootstrap");
const four = [0, 1, 2, 3];

/** What a topic of four partitions holds so far. */
async function held(topic: string) {
  const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const ends = new Map((await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [partition, BigInt(high)]));
  await admin.disconnect();
  const found = [];
  const starts = new Map(four.map((partition) => [partition, 0n]));
  for await (const one of consume(topic, { bootstrap, starts, ends })) found.push(one);
  return found;
}

/** Where kafkajs sends messages of these keys: what everybody else does as well. */
async function partitionsOf(keys: readonly string[]): Promise<Map<string, number>> {
  const topic = "sent-oracle";
  await createTopic(topic, { bootstrap, partitions: 4 });
  const producer = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  await producer.send({ topic, messages: keys.map((key) => ({ key, value: "" })) });
  await producer.disconnect();
  return new Map((await held(topic)).map(({ partition, message }) => [String(message.key), partition]));
}

describe("messages that are sent on", () => {
  it("go to the partitions of their keys when a reservoir is played", async () => {
    const night = Array.from({ length: 60 }, (_, n) => makeAlert(n, { jd: 2460000.5 + Math.floor(n / 30) / 86400 }));
    await loadReservoir(night, { bootstrap, topic: "sent-reservoir" });
    const report = await playReservoir("sent-reservoir", "sent-played", { bootstrap, fast: true });
    expect(report.alerts).toBe(60);
    const played = await held("sent-played");
    expect(played.length).toBe(60);
    const expected = await partitionsOf([...new Set(night.map(({ objectId }) => String(objectId)))]);
    for (const { partition, message } of played) expect(partition).toBe(expected.get(String(message.key)));
    expect(new Set(played.map(({ partition }) => partition)).size).toBe(4);
  });

  it("keep keys and headers when dead letters are sent back", async () => {
    const topic = "sent-dead";
    await createTopic(topic, { bootstrap, partitions: 4 });
    const producer = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).producer();
    await producer.connect();
    const messages = Array.from({ length: 40 }, (_, n) => ({
      key: `key${n}`,
      value: `garbage ${n}`,
      headers: { n: `${n}` },
    }));
    await producer.send({ topic, messages });
    await producer.disconnect();
    const filters = [{ name: "sent-dead-all", accepts: () => true }];
    await runFilters(topic, { bootstrap, progress: false, onWarning: () => {}, filters });
    await createTopic("sent-again", { bootstrap, partitions: 4 });
    const report = await replayDead(topic, { bootstrap, to: "sent-again", again: true });
    expect(report).toEqual({ read: 40, replayed: 40, skipped: 0 });
    const again = (await held("sent-again")).map(({ message: { key, value, headers } }) => ({
      key: `${key}`,
      value: `${value}`,
      headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, content]) => [name, `${content}`])),
    }));
    expect(again.sort((a, b) => Number(a.headers.n) - Number(b.headers.n))).toEqual(messages);
  });
});
