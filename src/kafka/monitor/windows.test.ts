import { describe, expect, it } from "vitest";
import { nextDue } from "./monitor";
import { LatencyWindow, RateWindow } from "./windows";

describe("quantiles of latency", () => {
  it("are within 1 % of those of the sorted list, whatever its shape", () => {
    const window = new LatencyWindow(5);
    let state = 1;
    const random = () => {
      state = (state * 48271) % 2147483647;
      return state / 2147483647;
    };
    const values = Array.from({ length: 5000 }, () => 0.002 * (1 - random()) ** -1.5); // a heavy tail
    for (const value of values) window.add(value, true);
    const sorted = [...values].sort((a, b) => a - b);
    const { p50, p90, p99, max, count, from } = window.summary();
    for (const [got, q] of [
      [p50, 0.5],
      [p90, 0.9],
      [p99, 0.99],
    ] as const) {
      expect(Math.abs(got / sorted[Math.ceil(q * 5000) - 1]! - 1)).toBeLessThan(0.01);
    }
    expect({ max, count, from }).toEqual({ max: sorted.at(-1), count: 5000, from: "producer_timestamp" });
  });

  it("hold for the last intervals only, and are NaN without any", () => {
    const window = new LatencyWindow(2);
    expect(window.summary()).toEqual({ count: 0, p50: NaN, p90: NaN, p99: NaN, max: NaN, from: "none" });
    window.add(100, false);
    expect(window.summary()).toMatchObject({ count: 1, max: 100, from: "kafka timestamp" });
    window.turn();
    window.add(0, true);
    expect(window.summary()).toMatchObject({ count: 2, p50: 0, max: 100, from: "mixed" });
    window.turn();
    expect(window.summary().count).toBe(2);
    window.turn();
    expect(window.summary()).toMatchObject({ count: 1, p50: 0, p99: 0, max: 0 });
    window.turn();
    expect(window.summary().from).toBe("none");
  });
});

describe("rates", () => {
  it("are growth over the window, and begin anew when a topic was made again", () => {
    const rate = new RateWindow(10);
    rate.add(0, 100n, 0);
    expect(rate.alertsPerSecond).toBeNaN();
    for (let s = 1; s <= 30; s++) rate.add(s * 1000, 100n + BigInt(s <= 15 ? 5 * s : 75), s <= 15 ? 50 * s : 750);
    expect([rate.alertsPerSecond, rate.bytesPerSecond]).toEqual([0, 0]);
    rate.add(31_000, 195n, 950);
    expect([rate.alertsPerSecond, rate.bytesPerSecond]).toEqual([2, 20]);
    rate.add(32_000, 3n, 980);
    expect(rate.alertsPerSecond).toBeNaN();
    rate.add(34_000, 9n, 1000);
    expect([rate.alertsPerSecond, rate.bytesPerSecond]).toEqual([3, 10]);
  });
});

describe("when the next snapshot is due", () => {
  it("is the next whole multiple, without drift", () => {
    let due = 2000;
    for (let i = 0; i < 1000; i++) due = nextDue(due, due + 137, 2000).due;
    expect(due).toBe(2_002_000);
  });

  it("is not the same one twice when a timer ends early", () => {
    expect(nextDue(4000, 3999, 2000)).toEqual({ due: 6000, missed: 0 });
  });

  it("leaves out and counts what went by", () => {
    expect(nextDue(4000, 10_500, 2000)).toEqual({ due: 12_000, missed: 3 });
  });

  it("does not wait for a clock that was set back", () => {
    expect(nextDue(1_000_000, 5100, 2000)).toEqual({ due: 6000, missed: 0 });
  });
});
