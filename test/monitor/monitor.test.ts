import { Kafka, logLevel, type Producer } from "kafkajs";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createTopic, deleteTopic } from "../../src/kafka/admin/topics";
import { type MonitorOptions, monitorTopics } from "../../src/kafka/monitor/monitor";
import type { MonitorSnapshot } from "../../src/kafka/monitor/types";
import { makeAlert } from "../helpers/alerts";
import { needs } from "../helpers/data";
import { offsetsOf, readAndLeave } from "./oracle";

const bootstrap = inject("bootstrap");
const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
let producer: Producer;
beforeAll(async () => {
  producer = kafka.producer();
  await producer.connect();
});
afterAll(() => producer.disconnect());

/** Takes snapshots until one is as expected; the test's own time limit ends a wait in vain. */
async function until(
  options: MonitorOptions,
  isDone: (now: MonitorSnapshot) => boolean,
  afterFirst: () => Promise<unknown> = async () => undefined,
): Promise<MonitorSnapshot> {
  let count = 0;
  for await (const now of monitorTopics({ bootstrap, everySeconds: 0.2, ...options })) {
    if (count++ === 0) await afterFirst();
    if (isDone(now)) return now;
  }
  throw new Error("the monitor ended by itself");
}

const bytes = makeAlert(1).bytes;
const alerts = (count: number, partition: number, headers?: Record<string, string>) =>
  Array.from({ length: count }, () => ({ value: bytes, partition, ...(headers && { headers }) }));
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

describe.skipIf(needs.python())("counts and lag equal librdkafka's", () => {
  it("of a reader that left while the stream went on", async () => {
    const [topic, group] = ["mon-lag", "mon-lag-reader"];
    await createTopic(topic, { bootstrap, partitions: 3 });
    await producer.send({ topic, messages: [...alerts(7, 0), ...alerts(4, 1)] });
    readAndLeave(bootstrap, topic, group, 9);
    await producer.send({ topic, messages: [...alerts(5, 0), ...alerts(2, 2)] });
    const oracle = offsetsOf(bootstrap, topic, group);
    const now = await until({ topics: [topic], groups: [group, "mon-nobody"] }, () => true);
    expect(now.topics[0]).toMatchObject({ topic, partitions: 3, held: 18n, produced: 18n, dead: null });
    expect(Number(now.topics[0]!.held)).toBe(sum(oracle.next) - sum(oracle.first));
    const [reader, nobody] = now.groups;
    expect(reader).toMatchObject({ group, state: "Empty", members: 0, lag: 9n });
    for (const { partition: p, lag, committed } of reader!.partitions) {
      const at = oracle.committed[p]! < 0 ? oracle.first[p]! : oracle.committed[p]!;
      expect([lag, Number(committed ?? -1001)]).toEqual([BigInt(oracle.next[p]! - at), oracle.committed[p]]);
    }
    expect(nobody).toMatchObject({ group: "mon-nobody", state: "Absent", members: 0, lag: 0n, partitions: [] });
  });

  it("of a topic written by transactions, where each end takes a place and no alert is read from it", async () => {
    const topic = "mon-transactions";
    await createTopic(topic, { bootstrap, partitions: 1 });
    const writer = kafka.producer({ transactionalId: "mon-writer", maxInFlightRequests: 1, idempotent: true });
    await writer.connect();
    const write = async (count: number, end: "commit" | "abort") => {
      const transaction = await writer.transaction();
      await transaction.send({ topic, messages: alerts(count, 0) });
      await transaction[end]();
    };
    const now = await until(
      { topics: [topic] },
      ({ topics }) => topics[0]!.readAlerts >= 8,
      async () => {
        await write(5, "commit");
        await write(2, "abort");
        await write(3, "commit");
        await writer.disconnect();
      },
    );
    expect(now.topics[0]).toMatchObject({ readAlerts: 8, held: 13n });
    expect(sum(offsetsOf(bootstrap, topic, "mon-any").next)).toBe(13);
  });
});

describe("what is read", () => {
  it("has latencies from the producer's time, bytes, and what is no alert", async () => {
    const topic = "mon-latency";
    await createTopic(topic, { bootstrap, partitions: 1 });
    const seen: number[] = [];
    const onLatency = (_: string, seconds: number) => void seen.push(seconds);
    const monitor = monitorTopics({ bootstrap, topics: [topic], everySeconds: 0.2, windowSeconds: 60, onLatency });
    const next = async () => (await monitor.next()).value!;
    let now = await next();
    // what was sent before the reader waits is not measured: send until one is
    let probes = 0;
    for (; now.topics[0]!.latency.count === 0; now = await next(), probes++) {
      await producer.send({ topic, messages: alerts(1, 0) });
    }
    const before = seen.length;
    const sentMs = Date.now();
    const delayed = Array.from({ length: 1000 }, (_, i) => ({
      value: bytes,
      headers: { producer_timestamp: String(sentMs - 100 * (i + 1)) },
    }));
    const odd = [{ value: Buffer.from("no alert") }, { value: null }, { value: bytes.subarray(0, 300) }];
    const badTimes = ["", "yesterday", "-5", "1e99", String(sentMs + 2 * 86_400_000)];
    const unsure = badTimes.map((text) => ({ value: bytes, headers: { producer_timestamp: text } }));
    await producer.send({ topic, messages: [...delayed, ...odd, ...unsure] });
    while (now.topics[0]!.readAlerts < probes + 1008) now = await next();
    const found = now.topics[0]!;
    await monitor.return();
    const wayS = (now.timeMs - sentMs) / 1000;
    expect(found.unreadable).toEqual({ NOT_AVRO: 2, AVRO_TRUNCATED: 1 });
    expect(found.readBytes).toBe((probes + 1005) * bytes.length + 8 + 300);
    const mine = seen.slice(before);
    expect(mine.length).toBe(1008);
    // 0.1 s to 100 s in steps of 0.1 s, and on top the way that the test itself has measured
    const late = mine.slice(0, 1000);
    late.forEach((seconds, i) => {
      expect(seconds).toBeGreaterThanOrEqual((i + 1) / 10);
      expect(seconds).toBeLessThanOrEqual((i + 1) / 10 + wayS);
    });
    // those whose header can be no time count from Kafka's own
    for (const seconds of mine.slice(1000)) expect(seconds).toBeLessThanOrEqual(wayS);
    expect(found.latency).toMatchObject({ from: "mixed", count: seen.length, max: Math.max(...seen) });
    const sorted = [...seen].sort((a, b) => a - b);
    for (const [name, q] of [
      ["p50", 0.5],
      ["p90", 0.9],
      ["p99", 0.99],
    ] as const) {
      const exact = sorted[Math.ceil(q * sorted.length) - 1]!;
      expect(Math.abs(found.latency[name] / exact - 1)).toBeLessThan(0.01);
    }
  });

  it("is nothing with read: false", async () => {
    const topic = "mon-offsets";
    await createTopic(topic, { bootstrap, partitions: 1 });
    const now = await until(
      { topics: [topic], read: false },
      ({ topics }) => topics[0]!.alertsPerSecond > 0,
      () => producer.send({ topic, messages: alerts(3, 0) }),
    );
    expect(now.topics[0]).toMatchObject({ held: 3n, readAlerts: 0, bytesPerSecond: NaN, latency: { from: "none" } });
  });
});

describe("topics while it runs", () => {
  it("appear, gather dead letters, are made again and disappear", async () => {
    const topic = "mon-changing";
    const monitor = monitorTopics({ bootstrap, topics: [topic], everySeconds: 0.2 });
    const next = async (isDone: (now: MonitorSnapshot) => boolean): Promise<MonitorSnapshot> => {
      for (;;) {
        const { value } = await monitor.next();
        if (value && isDone(value)) return value;
      }
    };
    expect((await next(() => true)).problems).toEqual([`topic "${topic}" is not there`]);
    await createTopic(topic, { bootstrap, partitions: 2 });
    await createTopic(`${topic}.dead`, { bootstrap, partitions: 1 });
    await producer.send({ topic, messages: [...alerts(3, 0), ...alerts(3, 1)] });
    await producer.send({ topic: `${topic}.dead`, messages: alerts(2, 0) });
    const full = await next(({ topics }) => topics[0]?.readAlerts === 6 && topics[0].dead === 2n);
    expect(full).toMatchObject({ problems: [], topics: [{ held: 6n, deadProduced: 2n }] });
    await deleteTopic(topic, { bootstrap });
    await next(({ topics }) => topics.length === 0);
    await createTopic(topic, { bootstrap, partitions: 2 });
    await producer.send({ topic, messages: alerts(1, 0) });
    expect(await next(({ topics }) => topics[0]?.readAlerts === 1)).toMatchObject({ topics: [{ held: 1n }] });
    await monitor.return();
  });

  it("come and go without an alert of the others being read twice or left out", async () => {
    const topic = "mon-steady";
    await createTopic(topic, { bootstrap, partitions: 3 });
    const monitor = monitorTopics({ bootstrap, maxTopics: 1000, everySeconds: 0.1 });
    const read = async () => (await monitor.next()).value!.topics.find((t) => t.topic === topic)!.readAlerts;
    await read();
    let sent = 0;
    const sending = (async () => {
      for (let i = 0; i < 4; i++) {
        await createTopic(`mon-passing-${i}`, { bootstrap, partitions: 1 });
        for (let k = 0; k < 10; k++, sent += 6) {
          await producer.send({ topic, messages: [...alerts(2, 0), ...alerts(2, 1), ...alerts(2, 2)] });
        }
        await deleteTopic(`mon-passing-${i}`, { bootstrap });
      }
      return sent;
    })();
    while ((await read()) < 240);
    for (let i = 0; i < 5; i++) expect(await read()).toBe(240);
    expect(await sending).toBe(240);
    await monitor.return();
  });

  it("are bounded in number, and the rest is counted; the monitor's own group is not among the groups", async () => {
    await createTopic("mon-one", { bootstrap, partitions: 1 });
    await createTopic("mon-two", { bootstrap, partitions: 1 });
    const now = await until({ maxTopics: 1 }, ({ topics }) => topics[0]!.alertsPerSecond === 0);
    expect(now.topics.length).toBe(1);
    expect(now.leftOut.topics).toBeGreaterThan(0);
    expect(now.groups.filter(({ group }) => group.includes("alert-bootcamp-"))).toEqual([]);
  });
});

describe("a monitor", () => {
  it("leaves no group behind, ends on the signal, and refuses settings that make no sense", async () => {
    const admin = kafka.admin();
    await admin.connect();
    const own = async () =>
      (await admin.listGroups()).groups.filter(({ groupId }) => groupId.startsWith(`alert-bootcamp-${process.pid}-`));
    // of a reader whose topic was deleted while it joined: such a group expires by itself
    const before = await own();
    const controller = new AbortController();
    for await (const _ of monitorTopics({ bootstrap, everySeconds: 0.2, signal: controller.signal })) {
      setTimeout(() => controller.abort(), 500);
    }
    const left = await own();
    await admin.disconnect();
    expect(before).toEqual(expect.arrayContaining(left)); // none is new
    const start = (options: MonitorOptions) => monitorTopics({ bootstrap, ...options }).next();
    for (const options of [{ everySeconds: 0 }, { windowSeconds: 1 }, { topics: ["a b"] }, { maxTopics: 0 }]) {
      await expect(start(options)).rejects.toMatchObject({ code: "USAGE" });
    }
  });

  it("says that no broker answers, and goes on asking", async () => {
    const monitor = monitorTopics({ bootstrap: "127.0.0.1:1", everySeconds: 0.2 });
    for (let i = 0; i < 2; i++) {
      const { value } = await monitor.next();
      expect(value).toMatchObject({ reachable: false, topics: [], groups: [] });
      expect(value!.problems[0]).toContain("127.0.0.1:1");
    }
    await monitor.return();
  });
});
