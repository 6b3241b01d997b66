import { Kafka, logLevel, type Producer } from "kafkajs";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { createTopic, resetTopic } from "../../src/kafka/admin/topics";
import { connectionOf } from "../../src/kafka/client/connection-settings";
import { TopicCluster } from "../../src/kafka/client/topic-cluster";
import { monitorTopics } from "../../src/kafka/monitor/monitor";
import { subscribe } from "../../src/kafka/read/subscribe";
import { makeAlert } from "../helpers/alerts";

const bootstrap = inject("bootstrap");
let producer: Producer;
beforeAll(async () => {
  producer = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
});
afterAll(() => producer.disconnect());
afterEach(() => vi.restoreAllMocks());

const partitions = 2;
/** Alerts with running numbers, as many in each partition. */
const send = (topic: string, first: number, perPartition: number) =>
  producer.send({
    topic,
    messages: Array.from({ length: perPartition * partitions }, (_, i) => ({
      partition: i % partitions,
      value: makeAlert(first + i).bytes,
    })),
  });
const numbersOf = (first: number, count: number) =>
  Array.from({ length: count }, (_, i) => String(makeAlert(first + i).alertId)).sort();

/** Follows a topic with 25 alerts per partition, has it recreated with others, and gives what was read of those. */
async function followed(topic: string, perPartition: number, options: object): Promise<string[]> {
  await createTopic(topic, { bootstrap, partitions });
  await send(topic, 0, 25);
  const controller = new AbortController();
  const settings = { bootstrap, progress: false, until: "forever" as const, signal: controller.signal, ...options };
  const seen: string[] = [];
  let change: Promise<unknown> = Promise.resolve();
  for await (const { alertId } of await subscribe(topic, settings)) {
    seen.push(String(alertId));
    if (seen.length === 50) {
      change = (async () => {
        await resetTopic(topic, { bootstrap, partitions });
        await send(topic, 1000, perPartition);
      })();
    }
    if (seen.length === 50 + partitions * perPartition) controller.abort();
  }
  await change;
  expect(seen.slice(0, 50).sort()).toEqual(numbersOf(0, 50));
  return seen.slice(50).sort();
}

describe("a topic that is deleted and recreated while it is read", () => {
  it.each([
    ["shorter", 10],
    ["longer", 40],
  ])("is read from its beginning when it is %s than before, and that is said once", async (name, perPartition) => {
    const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    expect(await followed(`recreated-${name}`, perPartition, {})).toEqual(numbersOf(1000, perPartition * partitions));
    const lines = said.mock.calls.map(([line]) => String(line)).filter((line) => line.includes("recreated"));
    expect(lines).toEqual([expect.stringContaining(`recreated-${name}: `)]);
  });

  it("is read from its beginning by a group, which commits for the new one", async () => {
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const options = { group: "recreated-readers" };
    expect(await followed("recreated-group", 10, options)).toEqual(numbersOf(1000, 20));
    await send("recreated-group", 2000, 3);
    const rest = await (await subscribe("recreated-group", { bootstrap, progress: false, ...options })).toArray();
    expect(rest.map(({ alertId }) => String(alertId)).sort()).toEqual(numbersOf(2000, 6));
  });

  it("is read from its beginning by a reader that began at the newest", async () => {
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const topic = "recreated-latest";
    await createTopic(topic, { bootstrap, partitions });
    await send(topic, 0, 25);
    const news = await subscribe(topic, { bootstrap, progress: false, until: "forever", from: "latest" });
    await send(topic, 500, 1);
    const seen: string[] = [];
    let change: Promise<unknown> = Promise.resolve();
    for await (const { alertId } of news) {
      seen.push(String(alertId));
      if (seen.length === 2) {
        change = (async () => {
          await resetTopic(topic, { bootstrap, partitions });
          await send(topic, 1000, 40);
        })();
      }
      if (seen.length === 82) break;
    }
    await change;
    expect(seen.slice(2).sort()).toEqual(numbersOf(1000, 80));
  });

  it("has another id", async () => {
    const idNow = async () => {
      const cluster = new TopicCluster("recreated-id", connectionOf({ bootstrap }), () => {});
      try {
        return (await cluster.refresh()).id?.toString("hex");
      } finally {
        cluster.close();
      }
    };
    await createTopic("recreated-id", { bootstrap });
    const before = await idNow();
    expect([before, await idNow()]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), before]);
    await resetTopic("recreated-id", { bootstrap });
    const after = await idNow();
    expect(after).toMatch(/^[0-9a-f]{32}$/);
    expect(after).not.toBe(before);
  });

  it("is read on by the monitor, although it never saw it away", async () => {
    const topic = "recreated-monitored";
    await createTopic(topic, { bootstrap, partitions });
    const monitor = monitorTopics({ bootstrap, topics: [topic], everySeconds: 0.2 });
    const until = async (readAlerts: number) => {
      for (;;) {
        const { value } = await monitor.next();
        if (value?.topics[0]?.readAlerts === readAlerts) return value;
      }
    };
    await until(0);
    await send(topic, 0, 25);
    await until(50);
    await resetTopic(topic, { bootstrap, partitions }); // no snapshot is taken while it is away
    await send(topic, 1000, 10);
    await until(70);
    await send(topic, 2000, 5);
    await until(80);
    await monitor.return();
  });
});
