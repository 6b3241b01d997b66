import { describe, expect, it } from "vitest";
import { type MonitorPoint, plotMonitor } from "./monitor";
import { sketchSvg } from "./sketch";

const point = (i: number, more: Partial<MonitorPoint> = {}): MonitorPoint => ({
  timeMs: 1000 * i,
  topics: [{ topic: "ztf-stream", alertsPerSecond: i, latency: { p50: 0.1, p99: 0.5 } }],
  groups: [{ group: "<b>reader", lag: BigInt(10 * i) }],
  ...more,
});

describe("plotMonitor", () => {
  it("draws rate, two latencies and lag, each in its panel, with a gap where nothing was known", () => {
    const figure = plotMonitor([point(0), point(1, { topics: [], groups: [] }), point(2)]);
    expect(figure.data.map(({ name, y, yaxis }) => [name, yaxis, y])).toEqual([
      ["ztf-stream", "y", [0, null, 2]],
      ["ztf-stream, median", "y2", [0.1, null, 0.1]],
      ["ztf-stream, 99 %", "y2", [0.5, null, 0.5]],
      ["lag of &lt;b&gt;reader", "y3", [0, null, 20]],
    ]);
    const still = sketchSvg(figure);
    expect(still).toContain("latency (s)");
    // four lines, each broken in two
    expect(still.match(/<polyline/g)!.length).toBe(8);
    expect(still.match(/stroke-dasharray="3"/g)!.length).toBe(2);
  });

  it("keeps the last of a long watch, and draws without any", () => {
    const long = plotMonitor(Array.from({ length: 5001 }, (_, i) => point(i)));
    const rate = long.data[0]!["y"] as number[];
    expect(rate.length).toBeLessThanOrEqual(500);
    expect(rate.at(-1)).toBe(5000);
    expect(sketchSvg(plotMonitor([]))).toContain("not measured yet");
  });
});
