import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { createTopic } from "../../src";
import { forgetGroup } from "../../src/kafka/forget-group";

const bootstrap = inject("bootstrap");
const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
const admin = kafka.admin();
beforeAll(() => admin.connect());
afterAll(() => admin.disconnect());

const isThere = async (group: string) => (await admin.listGroups()).groups.some(({ groupId }) => groupId === group);

it("a made-up group is removed although its last member is still leaving", async () => {
  const [topic, group] = ["forget-in", "forget-group"];
  await createTopic(topic, { bootstrap, partitions: 1 });
  const consumer = kafka.consumer({ groupId: group, maxWaitTimeInMs: 100 });
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  await consumer.connect();
  await consumer.subscribe({ topic });
  await consumer.run({ eachMessage: async () => {} });
  await joined;
  expect(await isThere(group)).toBe(true);
  const forgotten = forgetGroup(group, { bootstrap });
  await expect(admin.deleteGroups([group])).rejects.toMatchObject({ groups: [{ errorCode: 68 }] }); // not empty
  await consumer.disconnect();
  await forgotten;
  expect(await isThere(group)).toBe(false);
});
