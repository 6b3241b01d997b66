// @module-tag long
import { spawnSync } from "node:child_process";
import { expect, inject, it, vi } from "vitest";
import { subscribe } from "../../src/kafka/read/subscribe";
import { readCommitted } from "../filter/committed";
import { dataFolder, needs, python, reportFile } from "../helpers/data";

const bootstrap = inject("bootstrap");

it.skipIf(needs.python() || needs.data())(
  "a compacted topic with batches that the cleaner has emptied is read to its end, as librdkafka reads it",
  async () => {
    const topic = "odd-compacted";
    const made = spawnSync(
      python,
      [reportFile("..", "produce_odd.py"), bootstrap, "compacted", topic, dataFolder("ztf")],
      {
        encoding: "utf8",
      },
    );
    expect(made.status, made.stderr).toBe(0);
    // six keys were written ten times; Kafka's cleaner comes by within its pause of 15 s, and again
    const kept = await vi.waitFor(
      () => {
        const rows = readCommitted(bootstrap, topic);
        expect(rows.length).toBeLessThan(30);
        return rows;
      },
      { timeout: 150_000, interval: 1000 },
    );
    expect(kept[0]!.offset).toBeGreaterThan(0);
    for (const group of [undefined, "odd-compacted-readers"]) {
      const stream = subscribe(topic, { bootstrap, progress: false, group });
      const places = await stream.map(({ origin }) => (origin.kind === "kafka" ? Number(origin.offset) : -1)).toArray();
      const failed = (await stream).ledger.failed;
      expect([places, places.length + failed]).toEqual([
        kept.filter(({ size }) => size > 0).map(({ offset }) => offset),
        kept.length,
      ]);
    }
  },
);
