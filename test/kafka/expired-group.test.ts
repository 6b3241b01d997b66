// @module-tag long
import { type Admin, Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createTopic } from "../../src/kafka/admin/topics";
import { withAdmin } from "../../src/kafka/client/connection";
import { publish } from "../../src/kafka/publish/publish";
import { extentOf, groupPositions } from "../../src/kafka/read/positions";
import { subscribe } from "../../src/kafka/read/subscribe";
import { makeAlert } from "../helpers/alerts";

const bootstrap = inject("bootstrap");
let admin: Admin;
beforeAll(async () => {
  admin = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  // side by side: for each offset kafkajs joins a group, which takes Kafka seconds
  await Promise.all([
    expired("expired-all", 10, 3),
    expired("expired-some", 6, 3),
    expired("expired-noted", 6, -2),
    expired("expired-none", 6, -1),
    expired("expired-beyond", 6, 500),
  ]);
});
afterAll(() => admin.disconnect());

/** A topic of one partition that held ten alerts, of which those before `first` have expired, and a group of that offset. */
async function expired(topic: string, first: number, committed: number): Promise<void> {
  await createTopic(topic, { bootstrap, partitions: 1 });
  const alerts = Array.from({ length: 10 }, (_, n) => makeAlert(n));
  await publish(alerts, { bootstrap, topic, fast: true });
  await admin.fetchTopicOffsets(topic); // kafkajs looks up the leader of what it deletes only then
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(first) }] });
  await admin.setOffsets({ groupId: topic, topic, partitions: [{ partition: 0, offset: String(committed) }] });
}

const read = async (topic: string) => (await subscribe(topic, { bootstrap, progress: false, group: topic })).count();
const startOf = async (topic: string, from: "earliest" | "latest") => {
  const extent = (await withAdmin({ bootstrap }, (asked) => extentOf(asked, topic)))!;
  return (
    await groupPositions(topic, topic, extent, from === "latest" ? extent.next : extent.first, { bootstrap })
  ).get(0);
};

describe("a group whose place has expired", () => {
  it("is caught up when nothing is left, and ends at once", async () => {
    expect(await startOf("expired-all", "earliest")).toBe(10n);
    expect(await read("expired-all")).toBe(0);
  });

  it("goes on at the oldest that is left", async () => {
    expect(await startOf("expired-some", "latest")).toBe(6n);
    expect(await read("expired-some")).toBe(4);
  });

  it("goes on at the oldest where kafkajs has noted that, and where nothing is noted as it was asked to", async () => {
    expect([await startOf("expired-noted", "latest"), await startOf("expired-noted", "earliest")]).toEqual([6n, 6n]);
    expect(await read("expired-noted")).toBe(4);
    expect([await startOf("expired-none", "latest"), await startOf("expired-none", "earliest")]).toEqual([10n, 6n]);
  });

  it("begins at the oldest where it is beyond the end: the topic was recreated, and nobody has read it", async () => {
    expect(await startOf("expired-beyond", "earliest")).toBe(6n);
    expect(await read("expired-beyond")).toBe(4);
  });
});
