import { CompressionTypes, Kafka, logLevel } from "kafkajs";
import { expect, inject, it } from "vitest";
import { createTopic } from "../../src/kafka/admin/topics";
import { runFilters } from "../../src/kafka/filter/filter";
import { subscribe } from "../../src/kafka/read/subscribe";
import { makeAlert } from "../helpers/alerts";

const bootstrap = inject("bootstrap");

it("alerts whose keys are a hundred times as large as they are pass in requests that Kafka takes", async () => {
  const topic = "k-large";
  await createTopic(topic, { bootstrap, partitions: 1 });
  const producer = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  const key = Buffer.alloc(25_000, "k");
  // compressed as one batch, they come in one fetch, and what is written is not compressed
  const messages = Array.from({ length: 1000 }, (_, n) => ({ partition: 0, key, value: makeAlert(n).bytes }));
  await producer.send({ topic, compression: CompressionTypes.GZIP, messages });
  await producer.disconnect();
  const quiet = { bootstrap, progress: false };
  const filters = [{ name: "k-large-out", accepts: () => true }];
  const report = await runFilters(topic, { ...quiet, filters, capPerVisit: Number.POSITIVE_INFINITY });
  expect(report).toMatchObject({ read: 1000, balanced: true, restarts: 0 });
  expect(report.transactions).toBeGreaterThan(2);
  expect(await (await subscribe("k-large.k-large-out", quiet)).count()).toBe(1000);
});
