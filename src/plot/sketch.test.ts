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
