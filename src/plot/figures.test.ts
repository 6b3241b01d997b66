import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { alertView, seeded, stamp } from "../../test/plot/sample";
import { lightCurve } from "../alert/light-curve";
import { countBy } from "../match/count-by";
import { plotClasses } from "./classes";
import type { Figure } from "./figure";
import { plotFunnel } from "./funnel";
import { plotLightCurve } from "./light-curve";
import { plotMonitor } from "./monitor";
import { plotRate } from "./rate";
import { plotChanceRate, plotSeparations } from "./separations";
import { sketchSvg } from "./sketch";
import { plotSky } from "./sky";
import { plotStamps } from "./stamps";

/** What a reader sees, one line per trace: a changed figure is a readable difference. */
function drawing(figure: Figure): string {
  const { title, xaxis, yaxis, shapes, annotations } = figure.layout;
  const words = [title.text, xaxis?.title?.text, yaxis?.title?.text];
  const extras = {
    autorange: [xaxis?.autorange, yaxis?.autorange],
    type: [xaxis?.type, yaxis?.type],
    shapes,
    annotations,
  };
  return ["", ...words, JSON.stringify(extras), ...figure.data.map((trace) => JSON.stringify(trace)), ""].join("\n");
}

describe("plotLightCurve", () => {
  it("draws magnitudes: bright up, one symbol per band, limits as open triangles, days before the alert", () => {
    const figure = plotLightCurve(alertView());
    expect(figure.layout["yaxis"].autorange).toBe("reversed");
    expect(drawing(figure)).toMatchSnapshot();
  });

  it("draws signed flux with forced photometry against MJD", () => {
    expect(drawing(plotLightCurve(alertView(), { unit: "nJy", time: "mjd" }))).toMatchSnapshot();
  });

  it("folds on a period, two cycles, phases worked out by hand", () => {
    const { data } = plotLightCurve(alertView(), { periodDays: 4, epochMjd: 60000, upperLimits: false });
    expect(data.map((trace) => [trace.name, trace["x"]])).toEqual([
      ["g", [0.5, 1.5]],
      ["r", [0.5, 1.5]],
      ["r, fainter than reference", [0, 1]],
      ["this alert", [0.5, 1.5]],
    ]);
  });

  it("takes flux for a survey that measures flux, and leaves out what it is told to", () => {
    const title = (figure: Figure) => figure.layout["yaxis"].title.text;
    expect(title(plotLightCurve(alertView({ survey: "lsst" })))).toBe("difference flux (nJy)");
    const bare = plotLightCurve(alertView(), { unit: "nJy", forced: false });
    expect(bare.data.map((trace) => trace.name)).toEqual(["g", "r", "this alert"]);
  });

  it("takes magnitudes for an alert without a flux, and leaves out what has no value", () => {
    const { NaN: none } = Number;
    const history = [{ ...alertView().history[0]!, fluxNJy: none }];
    const unknown = [{ mjdUtc: 60001, band: "g", fluxNJy: none, fluxErrNJy: none, mag: none }];
    const alert = alertView({ survey: "unknown", fluxNJy: none, history, forced: unknown, upperLimits: unknown });
    const names = (figure: Figure) => figure.data.map((trace) => trace.name);
    // of a system that nobody names: 2MASS, as in WINTER's packets
    expect(plotLightCurve(alert).layout["yaxis"].title.text).toBe("difference magnitude");
    expect(plotLightCurve(alertView()).layout["yaxis"].title.text).toBe("difference magnitude (AB)");
    expect(names(plotLightCurve(alert))).toEqual(["g", "r", "this alert"]);
    const flux = plotLightCurve(alert, { unit: "nJy" });
    expect(names(flux)).toEqual([]);
    expect(flux.layout["title"].text).toContain("0 detections · 2 points without a flux not drawn");
  });

  it("draws what lightCurve returns, and points of one's own under their own name", () => {
    const joined = plotLightCurve(lightCurve([alertView(), alertView({ mjdUtc: 60012 })]));
    expect(joined.layout["title"].text).toContain("Light curve of ZTF23abcdefg");
    expect(joined.data.map((trace) => trace.name)).toContain("r, 5σ upper limit");
    const own = plotLightCurve(
      { detections: [{ mjdUtc: 60000, band: "i", mag: 15, magErr: Number.NaN }] },
      { quantity: "apparent magnitude (AB)" },
    );
    expect(own.layout["yaxis"].title.text).toBe("apparent magnitude (AB)");
    expect(own.data.map((trace) => [trace.name, trace["y"]])).toEqual([["i", [15]]]);
  });

  it("tells surveys apart in one figure: the first filled, the others open and larger, each named", () => {
    const point = (survey: string, band: string) => ({
      ...{ survey, band, mjdUtc: 60000, mag: 18, magErr: 0.1, fluxNJy: 200, fluxErrNJy: 9 },
    });
    const detections = [point("LSST", "g"), point("ZTF", "g"), point("ZTF", "r")];
    const { data } = plotLightCurve({ detections }, { unit: "nJy" });
    const looks = data.map(({ name, marker }) => [name, (marker as any).symbol, (marker as any).size]);
    expect(looks).toEqual([
      ["g, LSST", "circle", 9],
      ["g, ZTF", "circle-open", 12],
      ["r, ZTF", "square-open", 12],
    ]);
    const alone = plotLightCurve({ detections: detections.slice(1) }, { unit: "nJy" });
    expect(alone.data.map(({ name }) => name)).toEqual(["g", "r"]);
  });

  it("says what it cannot draw", () => {
    expect(plotLightCurve(alertView()).layout["title"].text).toContain("1 point without a magnitude not drawn");
    expect(JSON.stringify(plotLightCurve({ detections: [] }).layout)).toContain("no point with a magnitude");
    expect(() => plotLightCurve(alertView(), { periodDays: 0 })).toThrow(/periodDays above 0/);
    expect(() => plotLightCurve(alertView(), { unit: "Jy" as "nJy" })).toThrow(/unit "mag" or "nJy"/);
  });

  it("keeps a hostile name from becoming markup", () => {
    const figure = plotLightCurve(alertView({ objectId: '<a href="http://x">y</a>' }));
    expect(figure.layout["title"].text).toContain("&lt;a href=");
    expect(figure.layout["title"].text).not.toContain("<a ");
  });
});

describe("plotStamps", () => {
  it("puts each image in its own panel, north up, with its range and the stretch named", () => {
    expect(drawing(plotStamps(alertView(), { stretch: "linear", limits: [1, 6] }))).toMatchSnapshot();
  });

  it("draws pixels where the scale is not known, a missing stamp and a missing variance as such", () => {
    const stamps = { science: stamp("science"), template: null, difference: stamp("difference") };
    const figure = plotStamps({ ...alertView(), survey: "unknown", stamps }, { signalToNoise: true });
    const words = JSON.stringify(figure.layout);
    expect(words).toContain("column (px)");
    expect(words).toContain("none sent");
    expect(words).toContain("no variance sent");
    expect(figure.data.map((trace) => trace.type)).toEqual(["heatmap", "scatter", "heatmap", "scatter"]);
  });

  it("draws the signal-to-noise of a difference with a variance", () => {
    const difference = stamp("difference", {
      pixels: Float32Array.of(2, -2, 20, 0, 1, 1),
      variance: new Float32Array(6).fill(4),
    });
    const stamps = { ...alertView().stamps, difference };
    const last = plotStamps({ ...alertView(), stamps }, { signalToNoise: true, northUp: false }).data.at(-1)!;
    expect(last["customdata"]).toEqual([
      [1, -1, 10],
      [0, 0.5, 0.5],
    ]);
    expect(last["z"]).toEqual([
      [0.55, 0.45, 1],
      [0.5, 0.525, 0.525],
    ]);
  });

  it("says which way round ZTF subtracted", () => {
    const stamps = {
      ...alertView().stamps,
      difference: stamp("difference", { fileName: "candid1_targ_refmsci.fits.gz" }),
    };
    expect(plotStamps({ ...alertView(), stamps }).data[2]!.name).toBe("template − science");
  });
});

describe("plotSky", () => {
  const points = [
    { ra: 359.9, dec: 1, kind: "a" },
    { ra: 0.1, dec: -1, kind: "b" },
    { ra: 0.3, dec: 0, kind: "b" },
    { ra: Number.NaN, dec: 0, kind: "c" },
  ];

  it("keeps a field across RA 0 in one piece, RA to the left", () => {
    expect(drawing(plotSky(points, { group: (point) => point.kind }))).toMatchSnapshot();
  });

  it("projects a whole sky, largest group first, and thins what is too much, saying so", () => {
    const random = seeded(1);
    const many = Array.from({ length: 3000 }, () => ({ ra: 360 * random(), dec: 180 * random() - 90 }));
    const figure = plotSky(many, { maxPoints: 1000 });
    expect(figure.layout["title"].text).toContain("1,000 of 3,000 positions drawn");
    expect(figure.layout["title"].text).toContain("Mollweide");
    const drawn = figure.data.at(-1)!["x"] as number[];
    expect(drawn).toHaveLength(1000);
    expect(Math.max(...drawn.map(Math.abs))).toBeLessThanOrEqual(2 * Math.SQRT2);
  });

  it("draws some of every group when it thins, and counts them all in the legend", () => {
    const many = Array.from({ length: 3001 }, (_, i) => ({
      ra: i / 100,
      dec: 0,
      kind: i < 3000 ? (i % 2 === 0 ? "g" : "r") : "one",
    }));
    const { data } = plotSky(many, { group: (point) => point.kind, maxPoints: 1000 });
    expect(data.map(({ name, x }) => [name, (x as number[]).length])).toEqual([
      ["g (1,500)", 375],
      ["r (1,500)", 375],
      ["one (1)", 1],
    ]);
  });

  it("gathers the smallest groups as other", () => {
    const many = Array.from({ length: 60 }, (_, i) => ({ ra: i, dec: 0, kind: `class ${i % 15}` }));
    const names = plotSky(many, { group: (point) => point.kind })
      .data.map((trace) => trace.name)
      .filter(Boolean);
    expect(names).toHaveLength(13);
    expect(names.at(-1)).toBe("other (12)");
  });

  it("refuses an unknown projection", () => {
    expect(() => plotSky(points, { projection: "mercator" as "aitoff" })).toThrow(/mollweide/);
  });
});

describe("counts", () => {
  it("plotFunnel", () => {
    const rows = [
      { name: "real", threshold: "≥ 0.65", passed: 60, rejected: 40 },
      { name: "round", threshold: "≤ 1.2", passed: 15, rejected: 44, failed: 1 },
    ];
    expect(drawing(plotFunnel(rows))).toMatchSnapshot();
    expect(JSON.stringify(plotFunnel([]).layout)).toContain("no cut");
  });

  it("plotRate", () => {
    const rows = [
      { timeMs: 3000, count: 4 },
      { timeMs: 0, count: 2 },
      { timeMs: 1000, count: 3 },
    ];
    expect(drawing(plotRate(rows, { earlier: 10 }))).toMatchSnapshot();
    expect(JSON.stringify(plotRate([]).layout)).toContain("no alert yet");
  });

  it("plotClasses", () => {
    const figure = plotClasses({ Star: 2, RRLyr: 51, "<b>": 1, AGN: 0 });
    expect(drawing(figure)).toMatchSnapshot();
    expect(plotClasses(countBy(["b", "a", "b"], (name) => name)).data[0]!["x"]).toEqual(["b", "a"]);
    const many = plotClasses(
      Array.from({ length: 40 }, (_, i) => [`c${i}`, i + 1] as const),
      { maxClasses: 5 },
    );
    expect(many.data[0]!["x"]).toEqual(["c39", "c38", "c37", "c36", "c35", "other (35 classes)"]);
    expect((many.data[0]!["y"] as number[]).reduce((a, b) => a + b)).toBe((40 * 41) / 2);
  });

  it("plotSeparations and its level of chance", () => {
    const options = { bins: 3, maxArcsec: 3, radiusArcsec: 1.5, chance: { alerts: 100, perSquareArcsec: 0.001 } };
    expect(drawing(plotSeparations([0.1, 0.2, 3, 5, Number.NaN, 1], options))).toMatchSnapshot();
    expect(() => plotSeparations([1], { bins: 0 })).toThrow(/bins of 1 or more/);
    // the largest is in the last bar, wherever the floats put the edge
    for (let i = 1; i <= 3000; i++) {
      const [bars] = plotSeparations([i / 3000, i / 1000]).data;
      expect((bars!["y"] as number[]).reduce((a, b) => a + b)).toBe(2);
    }
  });

  it("plotChanceRate", () => {
    const rows = [
      { radiusArcsec: 2, matched: 0.6, chance: 0.15 },
      { radiusArcsec: 1, matched: 0.5, chance: 0.05 },
    ];
    expect(drawing(plotChanceRate(rows, { radiusArcsec: 1 }))).toMatchSnapshot();
  });
});

it("every figure is plain data and prints as one line", () => {
  const figure = plotLightCurve(alertView());
  expect(JSON.parse(JSON.stringify(figure)).data).toHaveLength(figure.data.length);
  expect(inspect(figure)).toMatch(/^Figure "ZTF ZTF23abcdefg": 5 traces; draw it with show\(figure\)$/);
});

describe("rows of another kind", () => {
  it.each([
    ["plotRate", () => plotRate([{ mjdUtc: 60000 }] as any)],
    ["plotMonitor", () => plotMonitor([{}] as any)],
    ["plotFunnel", () => plotFunnel([{ name: "a" }] as any)],
    ["plotClasses", () => plotClasses([{ name: "a" }] as any)],
    ["sketchSvg", () => sketchSvg({ data: [null], layout: {} } as any)],
  ])("are refused by %s in words", (_name, draw) => {
    expect(draw).toThrow(expect.objectContaining({ code: "USAGE" }));
  });
});
