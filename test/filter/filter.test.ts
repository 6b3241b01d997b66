import { createHash } from "node:crypto";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Alert } from "../../src/alert/alert";
import { createTopic } from "../../src/kafka/admin/topics";
import { runFilters } from "../../src/kafka/filter/filter";
import { publish } from "../../src/kafka/publish/publish";
import { subscribe } from "../../src/kafka/read/subscribe";
import { readyCut } from "../../src/select/ready/registry";
import { makeAlert, realZtf } from "../helpers/alerts";
import { needs } from "../helpers/data";
import { placeOf, readCommitted } from "./committed";

const bootstrap = inject("bootstrap");
const quiet = { bootstrap, progress: false, onWarning: () => {} };
const many = (count: number, visitsOf = 10) =>
  Array.from({ length: count }, (_, n) =>
    makeAlert(n, { jd: 2460000.5 + Math.floor(n / visitsOf), mag: 15 + (n % 8) }),
  );
const send = (topic: string, alerts: Alert[], partitions = 4) =>
  publish(alerts, { bootstrap, topic, fast: true, partitions });
const bright = (name: string, below = 18) => ({ name, accepts: (a: Alert) => a.mag < below });

const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
const producer = kafka.producer();
beforeAll(() => producer.connect());
afterAll(() => producer.disconnect());

describe("runFilters", () => {
  it.skipIf(needs.data() || needs.python())("passes real alerts on byte for byte, with key and place", async () => {
    const alerts = realZtf();
    await send("f-real", alerts);
    const cuts = ["ztf-purity", "ztf-star", "template"].map((name) => ({ name: `f-${name}`, accepts: readyCut(name) }));
    const report = await runFilters("f-real", { ...quiet, filters: cuts, capPerVisit: Number.POSITIVE_INFINITY });
    expect(report).toMatchObject({ read: 115, undecodable: 0, balanced: true, interrupted: false });
    const input = new Map<string, Alert>();
    for (const alert of await (await subscribe("f-real", quiet)).toArray()) {
      if (alert.origin.kind === "kafka") input.set(`f-real/${alert.origin.partition}/${alert.origin.offset}`, alert);
    }
    for (const { name, accepts } of cuts) {
      const expected = [...input].filter(([, alert]) => accepts(alert)).map(([place]) => place);
      const rows = readCommitted(bootstrap, `f-real.${name}`);
      expect(rows.map(placeOf).sort()).toEqual(expected.sort());
      expect(rows.length).toBe(report.filters.find(({ filter }) => filter === name)!.selected);
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) {
        const alert = input.get(placeOf(row))!;
        expect(row.sha1).toBe(createHash("sha1").update(alert.bytes).digest("hex"));
        expect(row.key).toBe(alert.objectId);
        expect(row.headers["producer_timestamp"]).toMatch(/^\d{13}$/);
        expect(Number(row.headers["bootcamp-timestamp"])).toBe((alert.origin as { timestampMs: number }).timestampMs);
        expect(row.partition).toBe(Number(row.headers["bootcamp-partition"]));
      }
    }
  });

  it("balances per partition and filter, and goes on where it stopped", async () => {
    await send("f-books", many(200));
    const filters = [bright("f-books-16", 16), bright("f-books-19", 19), { name: "none", accepts: () => false }];
    const first = await runFilters("f-books", { ...quiet, filters, capPerVisit: 1000 });
    expect(first.filters.map(({ read, selected, rejected }) => [read, selected, rejected])).toEqual([
      [200, 25, 175],
      [200, 100, 100],
      [200, 0, 200],
    ]);
    expect(first.partitions.length).toBe(12);
    for (const p of first.partitions) expect(p.read).toBe(p.selected + p.rejected + p.capped + p.dead + p.pending);
    expect(first.partitions.filter((p) => p.filter === "none").reduce((sum, p) => sum + p.read, 0)).toBe(200);
    await send("f-books", many(16));
    const second = await runFilters("f-books", { ...quiet, filters, capPerVisit: 1000 });
    expect(second).toMatchObject({ read: 16, balanced: true });
    expect((await runFilters("f-books", { ...quiet, filters })).read).toBe(0);
    expect(await (await subscribe("f-books.f-books-16", quiet)).count()).toBe(27);
  });

  it("caps each visit, also when visits come interleaved, and counts what it left out", async () => {
    // 6 visits of 30 alerts, alternating; one partition, so that the order is the order sent
    const alerts = Array.from({ length: 180 }, (_, n) => makeAlert(n, { jd: 2460000.5 + (n % 6), mag: 15 }));
    await createTopic("f-cap", { bootstrap, partitions: 1 });
    await producer.send({ topic: "f-cap", messages: alerts.map(({ bytes }) => ({ value: bytes })) });
    const filters = [bright("f-capped"), bright("f-capped-too")];
    const said: string[] = [];
    const report = await runFilters("f-cap", { ...quiet, filters, onWarning: (line) => void said.push(line) });
    expect(said).toEqual([
      expect.stringMatching(/let 360 alerts pass, and the cap of 20 per visit left out 120 of them/),
    ]);
    for (const books of report.filters) expect(books).toMatchObject({ read: 180, selected: 120, capped: 60 });
    const passed = await (await subscribe("f-cap.f-capped", quiet)).toArray();
    const perVisit = new Map<string, number>();
    for (const { visitId } of passed) perVisit.set(visitId, (perVisit.get(visitId) ?? 0) + 1);
    expect([...perVisit.values()]).toEqual([20, 20, 20, 20, 20, 20]);
    expect(report.balanced).toBe(true);
  });

  it("names a slow filter, once, and the time of each, also when quick answers come between", async () => {
    await send("f-slow", many(60));
    const warnings: string[] = [];
    let turn = 0;
    const wait = () => {
      const end = performance.now() + (turn++ % 2) * 60;
      while (performance.now() < end); // 30 ms in the mean
      return true;
    };
    const report = await runFilters("f-slow", {
      ...quiet,
      filters: [bright("f-quick"), { name: "f-sluggish", accepts: wait }],
      slowMs: 15,
      onWarning: (line) => warnings.push(line),
    });
    expect(warnings).toEqual([expect.stringMatching(/^filter "f-sluggish" is left behind, .*: \d+\.\d ms per alert/)]);
    expect(report.filters.map(({ isSlow }) => isSlow)).toEqual([false, true]);
    expect(report.filters[1]!.msPerAlert).toBeGreaterThan(29);
    expect(report.filters[0]!.selected).toBe(24);
  });

  it("runs a hundred filters in one process, each to its own topic", async () => {
    await send("f-hundred", many(160), 1);
    const filters = Array.from({ length: 100 }, (_, n) => ({
      name: `f-100-${n}`,
      accepts: (a: Alert) => a.mag < 15 + n / 10,
    }));
    const report = await runFilters("f-hundred", { ...quiet, filters, capPerVisit: Number.POSITIVE_INFINITY });
    expect(report.balanced).toBe(true);
    for (const n of [0, 1, 35, 99]) {
      // magnitudes 15 … 22, twenty of each
      const expected = 20 * Math.min(8, Math.ceil(n / 10));
      expect(report.filters[n]!.selected).toBe(expected);
    }
    expect(await (await subscribe("f-hundred.f-100-35", quiet)).count()).toBe(80);
  });

  it("decides the alerts of a message with several, and tells them apart", async () => {
    const { writeContainer } = await import("../../src/avro/container-write");
    await createTopic("f-several", { bootstrap, partitions: 1 });
    const alerts = many(8);
    const value = writeContainer(
      alerts[0]!.schema,
      alerts.map(({ record }) => record),
    );
    await producer.send({ topic: "f-several", messages: [{ value }, { value: alerts[0]!.bytes }] });
    const report = await runFilters("f-several", { ...quiet, filters: [bright("f-of-several")] });
    expect(report.filters[0]).toMatchObject({ read: 9, selected: 4, rejected: 5 });
    const out = await (await subscribe("f-several.f-of-several", quiet)).toArray();
    const records = out.map(({ origin }) => (origin.kind === "kafka" ? origin.headers["bootcamp-record"] : null));
    expect(records.map((record) => record?.toString())).toEqual(["0", "1", "2", undefined]);
    expect(out.map(({ alertId }) => alertId)).toEqual([0, 1, 2, 0].map((n) => alerts[n]!.alertId));
  });
});
