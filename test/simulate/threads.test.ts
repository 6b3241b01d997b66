// @module-tag long
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { root } from "../helpers/data";

// as it is built: a thread runs JavaScript
const require = createRequire(import.meta.url);
const { simulateNight, simulate } = require(join(root, "dist/index.js")) as typeof import("../../src/index");
const { Threads } = require(join(root, "dist/simulate/threads.js")) as typeof import("../../src/simulate/threads");
const asked = vi.spyOn(Threads.prototype, "ask");
const ended = vi.spyOn(Threads.prototype, "end");
afterEach(() => {
  asked.mockClear();
  ended.mockClear();
});

const joined = (parts: readonly Buffer[]) => Buffer.concat(parts);

/** Asks until a thread has planned the night. */
async function recordsOf(threads: InstanceType<typeof Threads>, request: { night: number; from: number; to: number }) {
  for (;;) {
    const records = threads.ask(request);
    if (records) return records;
    await new Promise(setImmediate);
  }
}

describe.skipIf(availableParallelism() < 2)("threads", () => {
  it.each([
    { survey: "ztf" as const, alerts: 200, visits: 20 },
    { survey: "lsst" as const, alerts: 200, visits: 4 },
  ])("make the records of a night of $survey that are made here, and of later and earlier nights", async (options) => {
    const threads = new Threads(options);
    for (const n of [1, 3, 2]) {
      const night = simulateNight({ ...options, night: n });
      for (const [from, to] of [
        [190, 200],
        [0, 32],
      ] as const) {
        const records = await recordsOf(threads, { night: n, from, to });
        expect(records?.length).toBe(to - from);
        for (const [i, record] of records!.entries())
          expect(joined(record).equals(joined(night.record(from + i)))).toBe(true);
      }
    }
    const last = threads.ask({ night: 2, from: 100, to: 132 });
    await threads.end();
    expect(await last).toBeUndefined();
  });

  it("are asked for part of a large night, and end with its loop, also when that stops early", async () => {
    const night = simulateNight({ alerts: 1000, visits: 10 });
    const first = night.visits().next().value!;
    const bytesOf = (alerts: typeof first.alerts) => Buffer.concat(alerts.map((alert) => alert.bytes));
    for await (const visit of night) {
      expect(bytesOf(visit.alerts).equals(bytesOf(first.alerts))).toBe(true);
      break;
    }
    expect(asked).toHaveBeenCalled();
    expect(ended).toHaveBeenCalledTimes(1);
  });

  it("serve all nights of a sky, and end with the last", async () => {
    for (const night of simulate.nights({ nights: 2, alerts: 1000, visits: 10 })) {
      for await (const alert of night.alerts().take(70)) expect(alert.bytes.length).toBeGreaterThan(30_000);
      expect(ended).not.toHaveBeenCalled();
    }
    expect(new Set(asked.mock.instances).size).toBe(1);
    expect(ended).toHaveBeenCalledTimes(1);
  });
});
