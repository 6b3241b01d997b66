import { type Admin, ConfigResourceTypes, Kafka, logLevel, type Producer } from "kafkajs";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createTopic, describeTopic, resetTopic } from "../../src/kafka/admin/topics";
import { playReservoir } from "../../src/kafka/reservoir/play";
import { alerts as run } from "../helpers/alerts-command";

const bootstrap = inject("bootstrap");
const reservoir = "out-reservoir";
const day = 86_400_000;
const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
let admin: Admin;
let producer: Producer;

beforeAll(async () => {
  admin = kafka.admin();
  producer = kafka.producer();
  await Promise.all([admin.connect(), producer.connect()]);
  // loaded ten days ago
  await createTopic(reservoir, { bootstrap, partitions: 1, retentionHours: -1 });
  const timestamp = String(Date.now() - 10 * day);
  const messages = Array.from({ length: 20 }, (_, n) => ({
    key: `o${n}`,
    value: `alert ${n}`,
    timestamp,
    headers: { "alertsim-time-offset": String(Math.floor(n / 10)) },
  }));
  await producer.send({ topic: reservoir, messages });
});
afterAll(() => Promise.all([admin.disconnect(), producer.disconnect()]));

const play = (to: string, options = {}) => playReservoir(reservoir, to, { bootstrap, fast: true, ...options });
const heldBy = async (topic: string) => (await describeTopic(topic, { bootstrap })).messages;
const partitionsOf = async (topic: string) => (await describeTopic(topic, { bootstrap })).partitions.length;
async function retentionOf(topic: string): Promise<string | undefined> {
  const resources = [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames: ["retention.ms"] }];
  const answer = await admin.describeConfigs({ resources, includeSynonyms: false });
  return answer.resources[0]!.configEntries[0]?.configValue;
}

/** A topic of seven days whose messages have all expired. */
async function expired(topic: string): Promise<void> {
  await createTopic(topic, { bootstrap, partitions: 2, retentionHours: 168 });
  const sent = await producer.send({ topic, messages: [0, 1].map((partition) => ({ partition, value: "old" })) });
  const partitions = sent.map(({ partition }) => ({ partition, offset: "1" }));
  await admin.fetchTopicOffsets(topic); // kafkajs looks up the leaders of what it deletes only then
  await admin.deleteTopicRecords({ topic, partitions });
}

describe("an output that is there and empty", () => {
  it.each([
    ["as it is", {}, 2],
    ["with --force", { force: true }, 2],
    ["with other partitions", { partitions: 5 }, 5],
  ])("is recreated, to keep for ever: %s", async (name, options, partitions) => {
    const topic = `out-empty-${name.replace(/\W+/g, "-")}`;
    await expired(topic);
    expect([await heldBy(topic), await retentionOf(topic)]).toEqual([0n, String(7 * day)]);
    expect(await play(topic, options)).toMatchObject({ alerts: 20 });
    expect(await retentionOf(topic)).toBe("-1");
    expect([await heldBy(topic), await partitionsOf(topic)]).toEqual([20n, partitions]);
    const offsets = await admin.fetchTopicOffsets(topic);
    expect(offsets.reduce((sum, { high }) => sum + Number(high), 0)).toBe(20); // nothing from before
  });

  it("is not touched when it is added to", async () => {
    const topic = "out-empty-append";
    await createTopic(topic, { bootstrap, partitions: 3, retentionHours: 24 * 30 });
    expect(await play(topic, { append: true })).toMatchObject({ alerts: 20 });
    expect([await retentionOf(topic), await partitionsOf(topic)]).toEqual([String(30 * day), 3]);
  });
});

describe("an output that is added to", () => {
  it("is refused when it would not keep messages as old as the reservoir's, and nothing is sent", async () => {
    const topic = "out-short";
    await createTopic(topic, { bootstrap, partitions: 1, retentionHours: 168 });
    await producer.send({ topic, messages: [{ value: "there before" }] });
    const { code, stdout, stderr } = await run(["play", reservoir, topic, "--fast", "--append"], {
      env: { KAFKA_BOOTSTRAP: bootstrap },
    });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/Expected an output that keeps messages of 10 days ago.*retention\.ms 604800000/);
    expect(stderr).toMatch(/→ .*--force/);
    expect(await heldBy(topic)).toBe(1n);
    expect(await play(topic, { force: true })).toMatchObject({ alerts: 20 });
    expect([await retentionOf(topic), await heldBy(topic)]).toEqual(["-1", 20n]);
    expect(await play(topic, { append: true })).toMatchObject({ alerts: 20 });
    expect(await heldBy(topic)).toBe(40n);
  });

  it("is taken when it keeps messages by the time they came", async () => {
    const topic = "out-by-arrival";
    await resetTopic(topic, { bootstrap, partitions: 1, retentionHours: 168 });
    const configEntries = [
      { name: "message.timestamp.type", value: "LogAppendTime" },
      { name: "retention.ms", value: String(7 * day) },
    ];
    const resources = [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }];
    await admin.alterConfigs({ validateOnly: false, resources });
    expect(await play(topic, { append: true })).toMatchObject({ alerts: 20 });
  });
});
