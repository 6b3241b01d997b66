import { describe, expect, inject, it } from "vitest";
import type { Alert } from "../../src/alert/alert";
import { createTopic, describeTopic } from "../../src/kafka/admin/topics";
import { publish } from "../../src/kafka/publish/publish";
import { subscribe } from "../../src/kafka/read/subscribe";
import { loadReservoir } from "../../src/kafka/reservoir/load";
import { type PlayedVisit, playReservoir } from "../../src/kafka/reservoir/play";
import { simulateNight } from "../../src/simulate/night";
import { readCommitted } from "../filter/committed";
import { makeAlert, realZtf } from "../helpers/alerts";
import { needs } from "../helpers/data";

const bootstrap = inject("bootstrap");
const quiet = { bootstrap, progress: false };
const second = 1 / 86400;
/** Alerts of the given moments, in seconds. */
const at = (...seconds: number[]) => seconds.map((s, n) => makeAlert(n, { jd: 2460000.5 + s * second }));
const load = (topic: string, alerts: Alert[], options = {}) => loadReservoir(alerts, { bootstrap, topic, ...options });

describe("loadReservoir", () => {
  it.skipIf(needs.data() || needs.python())(
    "stores real alerts in the order of time, with seconds since the first",
    async () => {
      const alerts = realZtf();
      const report = await load("r-real", alerts);
      expect(report).toMatchObject({ alerts: 115, withoutTime: 0, interrupted: false });
      const rows = readCommitted(bootstrap, "r-real");
      const times = alerts.map(({ mjdUtc }) => mjdUtc).sort((a, b) => a - b);
      expect(rows.map(({ headers }) => headers["alertsim-time-offset"])).toEqual(
        times.map((mjd) => ((mjd - times[0]!) * 86400).toFixed(6)),
      );
      const back = await (await subscribe("r-real", quiet)).toArray();
      const byId = new Map(alerts.map((alert) => [alert.alertId, alert]));
      expect(back.every((alert) => byId.get(alert.alertId)!.bytes.equals(alert.bytes))).toBe(true);
      expect(rows.map(({ key }) => key)).toEqual(back.map(({ objectId }) => objectId));
      expect((await describeTopic("r-real", { bootstrap })).partitions.length).toBe(1);
    },
  );

  it("takes visits, and alerts without a time", async () => {
    const night = simulateNight({ alerts: 60, visits: 6 });
    const report = await loadReservoir(night, { bootstrap, topic: "r-night" });
    expect(report).toMatchObject({ alerts: night.alertCount, visits: 6 });
    expect(report.spanSeconds).toBeGreaterThan(60);
    expect(await load("r-timeless", [...at(0, 5), makeAlert(9, { jd: Number.NaN })])).toMatchObject({
      alerts: 3,
      withoutTime: 1,
      spanSeconds: expect.closeTo(5, 3),
    });
  });

  it("does not overwrite unasked, nor empty a topic for an empty night", async () => {
    await load("r-kept", at(0, 1));
    await expect(load("r-kept", at(0))).rejects.toMatchObject({
      code: "USAGE",
      remedy: expect.stringContaining("--force"),
    });
    await expect(load("r-kept", [], { force: true })).rejects.toMatchObject({ code: "USAGE" });
    expect((await describeTopic("r-kept", { bootstrap })).messages).toBe(2n);
    expect(await load("r-kept", at(0, 1, 2), { force: true })).toMatchObject({ alerts: 3 });
    expect((await describeTopic("r-kept", { bootstrap })).messages).toBe(3n);
    const visit = (id: string, mjdUtc: number) => ({ id, mjdUtc, field: 1, alerts: at((mjdUtc - 60000) * 86400) });
    await expect(
      loadReservoir([visit("b", 60000.5), visit("a", 60000.1)], { bootstrap, topic: "r-disorder" }),
    ).rejects.toMatchObject({ code: "USAGE", message: expect.stringContaining("order of time") });
  });
});

describe("playReservoir", () => {
  it("keeps the gaps, key, headers, bytes and timestamp of every message", async () => {
    const alerts = at(0, 0, 0, 2, 2, 6);
    await load("p-from", alerts, { headers: { "bootcamp-source": "six" } });
    const visits: PlayedVisit[] = [];
    const began = performance.now();
    const starts: number[] = [];
    const report = await playReservoir("p-from", "p-to", {
      bootstrap,
      speed: 5,
      onVisit: (visit) => {
        visits.push(visit);
        starts.push((performance.now() - began) / 1000);
      },
    });
    expect(visits.map(({ number, alerts, offsetSeconds }) => [number, alerts, Math.round(offsetSeconds)])).toEqual([
      [1, 3, 0],
      [2, 2, 2],
      [3, 1, 6],
    ]);
    expect(report).toMatchObject({ alerts: 6, visits: 3, passes: 1, interrupted: false });
    expect(report.seconds).toBeGreaterThanOrEqual(1.2); // 6 s of the night at 5 times
    const before = await (await subscribe("p-from", quiet)).toArray();
    const after = await (await subscribe("p-to", quiet)).toArray();
    const shown = (list: Alert[]) =>
      list
        .map(({ bytes, origin }) => {
          if (origin.kind !== "kafka") throw new Error("not from Kafka");
          const { producer_timestamp: _, ...headers } = origin.headers;
          return [bytes.toString("hex"), origin.key, origin.timestampMs, headers];
        })
        .sort();
    expect(shown(after)).toEqual(shown(before));
    expect((await describeTopic("p-to", { bootstrap })).partitions.length).toBe(4);
  });

  it("plays at an interval, as fast as possible, and again and again", async () => {
    await load("p-night", at(0, 3600, 7200));
    const every = await playReservoir("p-night", "p-every", { bootstrap, everySeconds: 0.2 });
    expect(every).toMatchObject({ visits: 3, alerts: 3 });
    expect(every.seconds).toBeGreaterThanOrEqual(0.4);
    const passes: number[] = [];
    const fast = await playReservoir("p-night", "p-fast", {
      bootstrap,
      fast: true,
      repeatSeconds: 0.001,
      passes: 3,
      onPass: ({ number }) => passes.push(number),
    });
    expect(fast).toMatchObject({ visits: 9, alerts: 9, passes: 3, latePasses: 3, lateVisits: 0 });
    expect(passes).toEqual([1, 2, 3]);
    expect(await (await subscribe("p-fast", quiet)).count()).toBe(9);
    const controller = new AbortController();
    const stopped = await playReservoir("p-night", "p-stopped", {
      bootstrap,
      signal: controller.signal,
      onVisit: () => controller.abort(), // the next visit is an hour away
    });
    expect(stopped).toMatchObject({ visits: 1, alerts: 1, interrupted: true });
  });

  it("refuses what cannot be played, and sends nothing", async () => {
    await load("p-good", at(0, 1));
    const wrong = (from: string, to = "p-never", options = {}) =>
      playReservoir(from, to, { bootstrap, fast: true, ...options });
    await publish(at(0, 1), { bootstrap, topic: "p-plain", fast: true, partitions: 1 });
    await publish(at(0, 1), { bootstrap, topic: "p-several", fast: true });
    await createTopic("p-empty", { bootstrap, partitions: 1 });
    for (const [from, part] of [
      ["p-plain", "alertsim-time-offset"],
      ["p-several", "one partition"],
      ["p-empty", "which is empty"],
    ] as const) {
      await expect(wrong(from)).rejects.toMatchObject({ code: "USAGE", message: expect.stringContaining(part) });
    }
    for (const options of [
      { fast: false, everySeconds: 0 },
      { fast: false, everySeconds: -1 },
      { fast: false, speed: 0 },
      { speed: 2 },
      { passes: 0 },
      { force: true, append: true },
    ]) {
      await expect(wrong("p-good", "p-never", options)).rejects.toMatchObject({ code: "USAGE" });
    }
    await expect(wrong("p-good", "p-good")).rejects.toMatchObject({ code: "USAGE" });
    await expect(wrong("p-absent")).rejects.toMatchObject({ code: "TOPIC_ABSENT" });
    await expect(describeTopic("p-never", { bootstrap })).rejects.toMatchObject({ code: "TOPIC_ABSENT" });
    await expect(wrong("p-good", "p-plain")).rejects.toMatchObject({
      code: "USAGE",
      remedy: expect.stringContaining("--append"),
    });
    expect(await wrong("p-good", "p-plain", { append: true })).toMatchObject({ alerts: 2 });
    expect((await describeTopic("p-plain", { bootstrap })).messages).toBe(4n);
    expect(await wrong("p-good", "p-plain", { force: true })).toMatchObject({ alerts: 2 });
    expect((await describeTopic("p-plain", { bootstrap })).messages).toBe(2n);
  });
});
