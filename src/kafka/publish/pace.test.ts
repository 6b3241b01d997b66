import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pause } from "../../pause";
import { Pacer } from "./pace";

/** Runs `visits` through a pacer on a clock of its own; each takes `workMs`. Gives the start of each, ms, and its lateness. */
async function run(options: ConstructorParameters<typeof Pacer>[0], visits: number[], workMs: number[] = []) {
  const pacer = new Pacer(options);
  const started: number[] = [];
  const late: (number | undefined)[] = [];
  const all = (async () => {
    for (const [i, mjd] of visits.entries()) {
      late.push(await pacer.next(mjd));
      started.push(performance.now());
      if (workMs[i]) await pause(workMs[i]);
    }
  })();
  await vi.runAllTimersAsync();
  await all;
  return { started, late };
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000_007_500 });
});
afterEach(() => {
  vi.useRealTimers();
});

const fiveVisits = [60000, 60000.001, 60000.002, 60000.003, 60000.004];

describe("Pacer", () => {
  it("starts visit n at start + n × interval, whatever the work takes", async () => {
    const zero = performance.now();
    const { started, late } = await run({ secondsPerVisit: 10 }, fiveVisits, [9000, 100, 9999, 5000, 0]);
    expect(started.map((time) => Math.round(time - zero))).toEqual([0, 10_000, 20_000, 30_000, 40_000]);
    expect(late.every((ms) => Math.round(ms!) === 0)).toBe(true);
  });

  it("reports an overrun and does not let it delay the visits after", async () => {
    const zero = performance.now();
    const { started, late } = await run({ secondsPerVisit: 10 }, fiveVisits, [13_000, 100, 100, 100, 0]);
    expect(started.map((time) => Math.round(time - zero))).toEqual([0, 13_000, 20_000, 30_000, 40_000]);
    expect(late.map((ms) => Math.round(ms!))).toEqual([0, 3000, 0, 0, 0]);
  });

  it("aligns the first visit to whole intervals since 1970", async () => {
    const pacer = new Pacer({ secondsPerVisit: 39, align: true });
    const first = pacer.next(60000);
    await vi.runAllTimersAsync();
    await first;
    expect(Math.round(Date.now()) % 39_000).toBe(0);
  });

  it("keeps the true gaps, divided by the speed", async () => {
    const zero = performance.now();
    const { started } = await run({ speed: 10 }, [60000, 60000 + 39 / 86400, 60000 + 100 / 86400]);
    expect(started.map((time) => Math.round((time - zero) / 10) * 10)).toEqual([0, 3900, 10_000]);
  });

  it("waits for nothing when it is to be as fast as possible, and is never late then", async () => {
    const zero = performance.now();
    const { started, late } = await run({ fast: true, align: true }, fiveVisits, [500, 0, 0, 0, 0]);
    expect(started.map((time) => Math.round(time - zero))).toEqual([0, 500, 500, 500, 500]);
    expect(late).toEqual([0, 0, 0, 0, 0]);
  });

  it.each([
    { secondsPerVisit: 0 },
    { secondsPerVisit: -1 },
    { secondsPerVisit: Number.POSITIVE_INFINITY },
    { speed: 0 },
    { speed: 2, fast: true },
    { secondsPerVisit: 1, fast: true },
  ])("refuses %o", (options) => {
    expect(() => new Pacer(options)).toThrow(expect.objectContaining({ code: "USAGE" }));
  });

  it("stops waiting when the signal comes", async () => {
    const controller = new AbortController();
    const pacer = new Pacer({ secondsPerVisit: 1000 });
    await pacer.next(0);
    const second = pacer.next(1, controller.signal);
    controller.abort();
    expect(await second).toBeUndefined();
  });
});
