import { randomUUID } from "node:crypto";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";

// What the rest of the project relies on, asked of the pinned Kafka release through kafkajs alone.
describe("the pinned Kafka with kafkajs", () => {
  const kafka = new Kafka({ brokers: [inject("bootstrap")], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  const topic = `round-trip-${randomUUID()}`;
  const output = `${topic}-out`;
  const group = `${topic}-group`;

  beforeAll(async () => {
    await admin.connect();
    const topics = [topic, output].map((name) => ({ topic: name, numPartitions: 1 }));
    await admin.createTopics({ topics, waitForLeaders: false });
    // kafkajs's own wait gives up on a busy broker
    for (const name of [topic, output]) await vi.waitFor(() => admin.fetchTopicOffsets(name), 20_000);
  });
  afterAll(async () => {
    await admin.deleteTopics({ topics: [topic, output] });
    await admin.disconnect();
  });

  it("carries a message of 9.5 MB there and back, and refuses 11 MB by name", async () => {
    const value = Buffer.alloc(9_500_000, "alert");
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({ topic, messages: [{ key: "big", value }] });
    const tooBig = producer.send({ topic, messages: [{ value: Buffer.alloc(11_000_000) }] });
    await expect(tooBig).rejects.toMatchObject({ type: "MESSAGE_TOO_LARGE" });
    await producer.disconnect();

    const consumer = kafka.consumer({ groupId: group, maxBytesPerPartition: 11_000_000 });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const read = await new Promise<Buffer | null>((done) => {
      void consumer.run({ eachMessage: async ({ message }) => done(message.value) });
    });
    await consumer.disconnect();
    expect(read?.equals(value)).toBe(true);
  });

  it("commits offsets together with the output of a transaction, or neither", async () => {
    const producer = kafka.producer({ transactionalId: `${topic}-tx`, idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const offsets = async () => (await admin.fetchOffsets({ groupId: `${group}-tx`, topics: [topic] }))[0]?.partitions;
    const step = async (offset: string) => {
      const transaction = await producer.transaction();
      await transaction.send({ topic: output, messages: [{ value: offset }] });
      const topics = [{ topic, partitions: [{ partition: 0, offset }] }];
      await transaction.sendOffsets({ consumerGroupId: `${group}-tx`, topics });
      return transaction;
    };
    await (await step("1")).commit();
    await (await step("2")).abort();
    expect(await offsets()).toMatchObject([{ partition: 0, offset: "1" }]);
    await (await step("3")).commit();
    await producer.disconnect();

    const consumer = kafka.consumer({ groupId: `${group}-out`, readUncommitted: false });
    await consumer.connect();
    await consumer.subscribe({ topic: output, fromBeginning: true });
    const values: string[] = [];
    await new Promise<void>((done) => {
      void consumer.run({
        eachMessage: async ({ message }) => {
          values.push(String(message.value));
          if (values.at(-1) === "3") done();
        },
      });
    });
    await consumer.disconnect();
    expect(values).toEqual(["1", "3"]);
  });

  it("does not make a topic out of a mistyped name", async () => {
    const producer = kafka.producer({ retry: { retries: 0 } });
    await producer.connect();
    await expect(producer.send({ topic: `${topic}-typo`, messages: [{ value: "x" }] })).rejects.toMatchObject({
      cause: { type: "UNKNOWN_TOPIC_OR_PARTITION" },
    });
    await producer.disconnect();
    expect(await admin.listTopics()).not.toContain(`${topic}-typo`);
  });
});
