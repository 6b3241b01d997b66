import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { createTopic } from "../../src/kafka/admin/topics";
import { monitorTopics } from "../../src/kafka/monitor/monitor";
import type { MonitorSnapshot } from "../../src/kafka/monitor/types";
import type { PublishReport } from "../../src/kafka/publish/publish";
import { readCommitted } from "../filter/committed";
import { needs } from "../helpers/data";
import { Child } from "./child";
import { faketime, noFaketime } from "./form";

const bootstrap = inject("bootstrap");
const [topic, group] = ["clock-step", "clock-step-group"];
const visits = 400;
const secondsPerVisit = 0.1;

/** Publishes at an interval, filters at the same time, and prints what both report. */
const work = `
  const stopping = new AbortController();
  const filters = [{ name: "clock-stepped", accepts: () => true }];
  const job = { bootstrap: "${bootstrap}", group: "${group}", until: "forever", progress: false, signal: stopping.signal };
  const filtering = bootcamp.kafka.runFilters("${topic}", { ...job, capPerVisit: Infinity, filters });
  const source = bootcamp.simulateNight({ seed: 3, alerts: ${visits * 2}, visits: ${visits} });
  const onVisit = ({ number }) => say(number);
  const sent = await bootcamp.publish(source, { bootstrap: "${bootstrap}", topic: "${topic}", secondsPerVisit: ${secondsPerVisit}, onVisit });
  const isBehind = async () => {
    const info = await bootcamp.kafka.describeGroup("${group}", { bootstrap: "${bootstrap}" }).catch(() => undefined);
    return !info || info.partitions.length === 0 || info.partitions.some(({ lag }) => lag > 0n);
  };
  while (await isBehind()) await new Promise((resolve) => setTimeout(resolve, 50));
  stopping.abort();
  const { read, balanced, restarts } = await filtering;
  say(JSON.stringify({ sent, filter: { read, balanced, restarts } }));`;

describe.skipIf(needs.python() || noFaketime())("a clock that is set forward by an hour, and back", () => {
  it("moves no visit, loses no alert, and makes no latency negative or an hour long", {
    timeout: 600_000,
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "bootcamp-clock-"));
    const clock = join(folder, "clock");
    writeFileSync(clock, "+0");
    await createTopic(topic, { bootstrap });
    const stopping = new AbortController();
    const seen: MonitorSnapshot[] = [];
    const watching = (async () => {
      const options = { bootstrap, topics: [topic], everySeconds: 0.5, signal: stopping.signal };
      for await (const snapshot of monitorTopics(options)) seen.push(snapshot);
    })();
    try {
      const child = new Child(work, { env: faketime(clock) });
      for (let at = 10; at < visits; at += 20) {
        await child.said(at);
        writeFileSync(clock, at % 40 === 10 ? "+1h" : "+0");
      }
      expect([await child.end, child.stderr]).toEqual([0, ""]);
      stopping.abort();
      await watching;
      const { sent, filter } = JSON.parse(child.lines.at(-1)!) as { sent: PublishReport; filter: object };
      const alerts = visits * 2;
      expect(sent).toMatchObject({ visits, alerts, interrupted: false });
      // an hour would show in each of them
      expect(sent.maxLateSeconds).toBeLessThan(600);
      expect(sent.seconds).toBeLessThan(visits * secondsPerVisit + 600);
      expect(sent.seconds).toBeGreaterThan((visits - 1) * secondsPerVisit);
      expect(filter).toMatchObject({ read: alerts, balanced: true });
      expect(readCommitted(bootstrap, `${topic}.clock-stepped`).length).toBe(alerts);
      const latencies = seen
        .flatMap(({ topics }) => topics.map(({ latency }) => latency))
        .filter(({ count }) => count > 0);
      expect(latencies.length).toBeGreaterThan(0);
      for (const { p50, p90, p99, max } of latencies) {
        for (const seconds of [p50, p90, p99, max]) {
          expect(seconds).toBeGreaterThanOrEqual(0);
          expect(seconds).toBeLessThan(600);
        }
      }
    } finally {
      stopping.abort();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
