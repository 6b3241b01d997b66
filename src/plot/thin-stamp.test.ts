import { describe, expect, it } from "vitest";
import { alertView, stamp } from "../../test/plot/sample";
import { saveHtml } from "./html";
import { plotLightCurve } from "./light-curve";
import { sketchSvg } from "./sketch";
import { plotStamps } from "./stamps";
import { thinStamp } from "./thin-stamp";

describe("a stamp of sixteen million pixels", () => {
  const side = 4000;
  const pixels = new Float32Array(side * side).fill(1);
  // one bright source, not in the first pixel of its block
  pixels[2005 * side + 1007] = 10_001;
  pixels[5] = Number.NaN;
  const large = stamp("science", {
    width: side,
    height: side,
    pixels,
    variance: new Float32Array(side * side).fill(4),
  });

  it("becomes the means of its blocks, with the variance of a mean", () => {
    const { stamp: thin, step } = thinStamp(large);
    expect([thin.width, thin.height, step]).toEqual([400, 400, 10]);
    expect(thin.pixels[200 * 400 + 100]).toBe(101);
    expect(thin.pixels[0]).toBe(1);
    expect(thin.variance![7]).toBeCloseTo(4 / 100);
    const small = stamp("science");
    expect(thinStamp(small)).toEqual({ stamp: small, step: 1 });
    const strip = thinStamp(stamp("science", { width: 1, height: 1000, pixels: new Float32Array(1000) })).stamp;
    expect([strip.width, strip.height]).toEqual([1, 334]);
  });

  it("is drawn small, at its true size on the sky, and the title says so", () => {
    const figure = plotStamps(
      alertView({ survey: "ztf", stamps: { science: large, template: large, difference: null } }),
    );
    const x = figure.data[0]!["x"] as number[];
    expect(x).toHaveLength(400);
    expect(Math.abs(x[0]! - x[1]!)).toBeCloseTo(10.1, 2);
    expect(figure.layout["title"].text).toContain("1.01″ per pixel · mean of 10 × 10 pixels");
    expect(sketchSvg(figure).length).toBeLessThan(1_000_000);
  });
});

describe("what a figure leaves out", () => {
  it("is said: forced fluxes in magnitudes, limits in fluxes, unless they are not wanted", () => {
    const subtitle = (options: object) => String(plotLightCurve(alertView(), options).layout["title"].text);
    expect(subtitle({ unit: "mag" })).toContain("1 forced measurement (fluxes) not drawn");
    expect(subtitle({ unit: "nJy" })).toContain("1 upper limit (magnitudes) not drawn");
    expect(subtitle({ unit: "mag", forced: false })).not.toContain("forced");
  });

  it("is refused in a page when it is no figure", () => {
    for (const content of [7, null, [7], [plotLightCurve(alertView()), 5], {}])
      expect(() => saveHtml(content as never, "/nowhere/x.html")).toThrow("Expected figures, tables and text");
    expect(() => saveHtml([], undefined as never)).toThrow("the path of a page");
  });
});
