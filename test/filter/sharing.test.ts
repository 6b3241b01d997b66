// @module-tag long
import { Kafka, logLevel } from "kafkajs";
import { describe, expect, inject, it } from "vitest";
import type { Alert } from "../../src/alert/alert";
import { describeGroup } from "../../src/kafka/admin/groups";
import { createTopic, describeTopic } from "../../src/kafka/admin/topics";
import { runFilters } from "../../src/kafka/filter/filter";
import { publish } from "../../src/kafka/publish/publish";
import { subscribe } from "../../src/kafka/read/subscribe";
import { makeAlert } from "../helpers/alerts";

const bootstrap = inject("bootstrap");
const quiet = { bootstrap, progress: false, onWarning: () => {}, capPerVisit: Number.POSITIVE_INFINITY };
const many = (count: number, first = 0) =>
  Array.from({ length: count }, (_, n) => makeAlert(first + n, { mag: 15 + (n % 8) }));
const send = (topic: string, alerts: Alert[]) => publish(alerts, { bootstrap, topic, fast: true });
const half = (name: string) => [{ name, accepts: (a: Alert) => a.mag < 19 }];
const count = async (topic: string) => (await subscribe(topic, { bootstrap, progress: false })).count();

describe("a filter job", () => {
  it("shares the partitions among the members of its group, and all end when the group is done", async () => {
    await send("s-shared", many(400));
    const job = () => runFilters("s-shared", { ...quiet, filters: half("s-half"), group: "s-team" });
    const reports = await Promise.all([job(), job()]);
    expect(reports.map(({ balanced }) => balanced)).toEqual([true, true]);
    expect(reports[0]!.read + reports[1]!.read).toBe(400);
    const places = (await (await subscribe("s-shared.s-half", { bootstrap, progress: false })).toArray()).map(
      ({ origin }) =>
        origin.kind === "kafka"
          ? ["partition", "offset"].map((part) => origin.headers[`bootcamp-${part}`]!.toString()).join("/")
          : "",
    );
    expect(places.length).toBe(200);
    expect(new Set(places).size).toBe(200);
    const { partitions, members } = await describeGroup("s-team", { bootstrap });
    expect([members, ...partitions.map(({ lag }) => lag)]).toEqual([0, 0n, 0n, 0n, 0n]);
  });

  it("reads what was committed in a transactional input, and ends at its markers", async () => {
    const topic = "s-transactions";
    await createTopic(topic, { bootstrap, partitions: 1 });
    const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
    const producer = kafka.producer({ transactionalId: "s-tx", maxInFlightRequests: 1, idempotent: true });
    await producer.connect();
    for (const [n, commit] of [
      [8, true],
      [4, false],
      [16, true],
      [6, false],
    ] as const) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: many(n).map(({ bytes }) => ({ value: bytes })) });
      await (commit ? transaction.commit() : transaction.abort());
    }
    await producer.disconnect();
    const job = () => runFilters(topic, { ...quiet, filters: half("s-from-tx") });
    expect(await job()).toMatchObject({ read: 24, balanced: true });
    expect((await job()).read).toBe(0);
    expect(await count(`${topic}.s-from-tx`)).toBe(12);
  });

  it("stops at its limit or signal with balanced books, and the next run has the rest", async () => {
    await send("s-limit", many(100));
    const first = await runFilters("s-limit", { ...quiet, filters: half("s-limited"), limit: 30 });
    expect(first).toMatchObject({ read: 30, balanced: true, interrupted: false });
    const stopped = new AbortController();
    stopped.abort();
    const none = await runFilters("s-limit", { ...quiet, filters: half("s-limited"), signal: stopped.signal });
    expect(none).toMatchObject({ read: 0, interrupted: true });
    const controller = new AbortController();
    const accepts = (a: Alert) => {
      controller.abort(); // while it decides: what is in hand is finished
      return a.mag < 19;
    };
    const filters = [{ name: "s-limited", accepts }];
    const second = await runFilters("s-limit", { ...quiet, filters, until: "forever", signal: controller.signal });
    expect(second).toMatchObject({ balanced: true, interrupted: true });
    expect(second.read).toBeGreaterThan(0);
    const rest = await runFilters("s-limit", { ...quiet, filters: half("s-limited"), until: "idle", idleSeconds: 1 });
    expect(first.read + second.read + rest.read).toBe(100);
    expect(await count("s-limit.s-limited")).toBe(52); // magnitudes 15 … 22: four of eight, thirteen times
  });

  it("decides and counts in a dry run, and leaves nothing behind", async () => {
    await send("s-dry", many(80));
    const report = await runFilters("s-dry", { ...quiet, filters: half("s-dried"), dryRun: true });
    expect(report.filters[0]).toMatchObject({ read: 80, selected: 40, rejected: 40 });
    await expect(describeGroup(report.group, { bootstrap })).rejects.toMatchObject({ code: "USAGE" });
    await expect(describeTopic("s-dry.s-dried", { bootstrap })).rejects.toMatchObject({ code: "TOPIC_ABSENT" });
  });

  it("says which topic is missing, and refuses senseless numbers", async () => {
    await expect(runFilters("s-absent", { ...quiet, filters: half("x") })).rejects.toMatchObject({
      code: "TOPIC_ABSENT",
    });
    for (const wrong of [
      { capPerVisit: 0 },
      { limit: 0 },
      { idleSeconds: 0 },
      { slowMs: 0 },
      { until: "noon" as never },
    ]) {
      await expect(runFilters("s-limit", { ...quiet, filters: half("x"), ...wrong })).rejects.toMatchObject({
        code: "USAGE",
      });
    }
    const nobody = { ...quiet, bootstrap: "127.0.0.1:1", filters: half("x") };
    await expect(runFilters("s-limit", nobody)).rejects.toMatchObject({ code: "KAFKA_UNREACHABLE" });
  });
});
