import { describe, expect, it } from "vitest";
import { alertView } from "../../test/plot/sample";
import { plotClasses } from "./classes";
import { plotLightCurve } from "./light-curve";
import { sketchSvg } from "./sketch";
import { plotSky } from "./sky";
import { plotStamps } from "./stamps";

describe("sketchSvg", () => {
  it("draws bars at the height of their values, on a logarithmic axis", () => {
    const svg = sketchSvg(plotClasses({ Many: 100, Ten: 10, One: 1 }));
    const heights = [...svg.matchAll(/<rect x="[\d.]+" y="[\d.]+" width="[\d.]+" height="([\d.]+)"/g)].map((m) =>
      Number(m[1]),
    );
    expect(heights).toHaveLength(3);
    // Equal steps for equal factors; the axis begins at 0.5.
    expect(heights[0]! - heights[1]!).toBeCloseTo(heights[1]! - heights[2]!, 0);
    expect(heights[2]! / (heights[1]! - heights[2]!)).toBeCloseTo(Math.log10(2), 1);
  });

  it("draws bright above faint and a symbol for every point", () => {
    const svg = sketchSvg(plotLightCurve(alertView()));
    const circles = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map((m) => [Number(m[1]), Number(m[2])]);
    // g at 19.5 mag on day -8; the ring around r at 18 mag on day 0; one of each in the legend.
    expect(circles).toHaveLength(4);
    expect(circles[0]![0]).toBeLessThan(circles[1]![0]!);
    expect(circles[0]![1]).toBeGreaterThan(circles[1]![1]!);
  });

  it("puts the first column of a turned stamp to the left and its last row on top", () => {
    const svg = sketchSvg(plotStamps(alertView(), { stretch: "linear", limits: [1, 6] }));
    const images = [...svg.matchAll(/base64,([\w+/=]+)"/g)].map((m) => Buffer.from(m[1]!, "base64"));
    expect(images).toHaveLength(3);
    // Bitmap rows run from the bottom up in steps of 4 bytes; pixels 4 5 6 over 1 2 3 become 1 2 3 over 4 5 6.
    const rows = [0, 4].map((at) => [...images[0]!.subarray(54 + 1024 + at, 54 + 1024 + at + 3)]);
    expect(rows).toEqual([
      [152, 203, 254],
      [0, 51, 102],
    ]);
    // The blank pixel of the difference has a shade of its own.
    expect(images[2]![54 + 1024 + 2]).toBe(255);
  });

  it("keeps hostile words as words", () => {
    const svg = sketchSvg(plotClasses({ "<script>alert(1)</script>": 1 }, { title: '"><image href="http://x"/>&' }));
    expect(svg).not.toMatch(/<script|<image|http:\/\/x"\/>/);
    expect(svg).toContain("&lt;script&gt;");
  });

  it("draws something for nothing", () => {
    expect(sketchSvg(plotSky([]))).toContain("no position");
    expect(sketchSvg(plotLightCurve({ detections: [] }))).toContain("no point with a magnitude");
    expect(sketchSvg({ data: [], layout: {} })).toContain("<svg");
  });
});

describe("a figure made by hand", () => {
  const many = 10_000;
  const range = Array.from({ length: many }, (_, i) => i);
  const fixed = { xaxis: { range: [0, 10] }, yaxis: { range: [0, 10] }, height: 420 };
  /** Numbers of the first match of a pattern. */
  const numbers = (svg: string, pattern: RegExp): number[] => (pattern.exec(svg) ?? []).slice(1).map(Number);

  it("stays small, whatever its markers carry, and says what was left out", () => {
    const marker = {
      color: range,
      colorscale: "Jet",
      size: range.map(() => 9),
      symbol: "star",
      line: { color: range.map(() => "#123456"), width: 1 },
    };
    const error = { type: "data", array: range.map(() => 3) };
    const trace = { type: "scatter", mode: "markers", x: range, y: range, marker, error_x: error, error_y: error };
    const svg = sketchSvg({ data: [trace], layout: {} });
    expect(svg.length).toBeLessThan(2_000_000);
    expect(svg.match(/<path d="M[\d.,]+m/g)!.length).toBe(many);
    const more = sketchSvg({ data: [trace, trace, trace, trace], layout: {} });
    expect(more.length).toBeLessThan(2_100_000);
    expect(more).toContain("one in 4 of 40,000 points drawn");
    const names = { data: [{ type: "scatter", mode: "markers", x: range.map((i) => `n${i}`), y: range }], layout: {} };
    expect(sketchSvg(names).length).toBeLessThan(1_500_000);
    const image = {
      data: [{ type: "heatmap", z: Array.from({ length: 2000 }, () => new Float64Array(2000)) }],
      layout: {},
    };
    expect(sketchSvg(image).length).toBeLessThan(1_200_000);
  });

  it("draws error bars across and along, constant, in percent, and unlike above and below", () => {
    const bar = (name: string, error: object) =>
      sketchSvg({ data: [{ type: "scatter", mode: "markers", x: [5], y: [5], [name]: error }], layout: fixed });
    const unit = (() => {
      const [y0, y1] = numbers(bar("error_y", { type: "constant", value: 5 }), /<path d="M[\d.]+ ([\d.]+)V([\d.]+)"/);
      return (y0! - y1!) / 10;
    })();
    expect(unit).toBeGreaterThan(20);
    const length = (error: object) => {
      const [y0, y1] = numbers(bar("error_y", error), /<path d="M[\d.]+ ([\d.]+)V([\d.]+)"/);
      return (y0! - y1!) / unit;
    };
    expect(length({ type: "constant", value: 2 })).toBeCloseTo(4, 1);
    expect(length({ type: "percent", value: 20 })).toBeCloseTo(2, 1);
    expect(length({ type: "data", array: [1], arrayminus: [2], symmetric: false })).toBeCloseTo(3, 1);
    expect(length({ array: new Float64Array([1.5]) })).toBeCloseTo(3, 1);
    expect(bar("error_x", { array: [1], color: "#ff0000" })).toMatch(
      /<path d="M[\d.]+ [\d.]+H[\d.]+" fill="none" stroke="#ff0000"/,
    );
    expect(bar("error_y", { array: [null], visible: false })).not.toMatch(/V[\d.]+"/);
  });

  it("draws lines and rectangles on the axes or the paper", () => {
    const shapes = [
      { type: "line", x0: 5, x1: 5, y0: 0, y1: 1, yref: "paper", line: { color: "#00aa00", dash: "dot" } },
      { type: "rect", x0: 2, x1: 4, y0: 1, y1: 5, fillcolor: "#ffeeee", opacity: 0.5 },
      { type: "circle", x0: 6, x1: 8, y0: 6, y1: 8 },
      { type: "path", path: "M0 0" },
    ];
    const svg = sketchSvg({ data: [], layout: { ...fixed, shapes } });
    const [x, top, , bottom] = numbers(
      svg,
      /<path d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)" fill="none" stroke="#00aa00"/,
    );
    const [left, , width, height] = numbers(
      svg,
      /<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" fill="#ffeeee"/,
    );
    const unit = width! / 2;
    expect(left! - (x! - 5 * unit)).toBeCloseTo(2 * unit, 0);
    expect(height!).toBeCloseTo((4 / 10) * Math.abs(bottom! - top!), 0);
    expect(svg).toContain("<ellipse");
    expect(svg).toContain("some shapes not drawn");
  });

  it("says what it cannot draw, and draws the rest", () => {
    const data = [
      { type: "histogram", x: [1, 2, 2], name: "counts" },
      { type: "box", y: [1, 2, 3] },
      {
        type: "contour",
        z: [
          [1, 2],
          [3, 4],
        ],
      },
      {
        type: "heatmap",
        x: [0, 1, 5],
        y: [0, 1],
        z: [
          [1, 2, 3],
          [4, 5, 6],
        ],
      },
      { type: "scatter", y: [1, 2, 3], fill: "tozeroy", name: "area" },
    ];
    const svg = sketchSvg({ data, layout: { title: "by hand" } });
    expect(svg).toContain("by hand</text>");
    for (const words of [
      "histogram not drawn: counts",
      "box not drawn",
      "contour not drawn",
      "cells of unequal size not drawn",
      "filled area of area not drawn",
    ])
      expect(svg).toContain(words);
    expect(svg).toContain("<polyline");
  });

  it("is well-formed whatever stands in its names, colours and numbers", () => {
    const odd = '"/><script>x</script>\u0000\u001b&<';
    const data = [
      {
        type: "scatter",
        mode: "markers+text",
        x: [1, Number.NaN, 3],
        y: [1, 2, Number.POSITIVE_INFINITY],
        text: [odd, odd, odd],
        name: odd,
        marker: { color: odd, size: odd, symbol: odd },
      },
      { type: "bar", x: [odd, odd], y: [1, 1e300], text: odd, name: odd, marker: { color: [odd, odd] } },
      { type: "scatter", x: ["2026-01-01", "not a date"], y: [1, 2], xaxis: "x2", yaxis: "y2" },
    ];
    const layout = {
      title: odd,
      xaxis: { title: odd, range: [1, 1] },
      annotations: [{ x: 1, y: 1, text: odd, font: { color: odd, size: odd } }],
      shapes: [{ x0: 1, x1: 2, y0: 0, y1: 1, line: { color: odd } }],
    };
    const svg = sketchSvg({ data, layout });
    expect(svg).not.toMatch(/<script|NaN|Infinity|undefined|<[^>]*<|&(?!amp;|lt;|gt;|quot;|#39;)/);
    for (const control of ["\u0000", "\u001b"]) expect(svg).not.toContain(control);
    expect(() => sketchSvg(undefined as never)).toThrow("Expected a figure");
  });
});
