import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { alertView, stamp } from "../../test/plot/sample";
import { altText } from "./alt-text";
import { bandStyles } from "./bands";
import type { Figure } from "./figure";
import { plotGrid } from "./grid";
import { plotHistogram } from "./histogram";
import { saveHtml } from "./html";
import { plotLightCurve } from "./light-curve";
import { saveFigure } from "./save-figure";
import { plotScatter } from "./scatter";
import { sketchSvg } from "./sketch";
import { plotStampWall } from "./stamp-wall";
import { plotStamps } from "./stamps";
import { themed } from "./theme";

const folder = mkdtempSync(join(tmpdir(), "explore-plots-"));
afterAll(() => rmSync(folder, { recursive: true }));

const rows = [
  { name: "a", g: 18, r: 17.5, rb: 0.9, band: "g", flux: 4 },
  { name: "b", g: 19, r: 18.2, rb: Number.NaN, band: "r", flux: 1 },
  { name: "c", g: Number.NaN, r: 18, rb: 0.2, band: "g", flux: -1 },
];
const color = { x: (row: (typeof rows)[0]) => row.g - row.r, xTitle: "g − r (mag)" };
const named = (figure: Figure) => figure.data.map(({ name, x, y }) => [name, x, y]);
const subtitle = (figure: Figure) => String(figure.layout["title"].text).replace(/<[^>]*>/g, "|");

describe("plotScatter", () => {
  it("draws what has both numbers, magnitudes upward, and counts the rest", () => {
    const figure = plotScatter(rows, { ...color, y: "r", yTitle: "r (mag, AB)", yReversed: true });
    expect(figure.data[0]).toMatchObject({ x: [0.5, expect.closeTo(0.8, 9)], y: [17.5, 18.2], text: ["a", "b"] });
    expect(figure.layout["xaxis"].title.text).toBe("g − r (mag)");
    expect(figure.layout["yaxis"].autorange).toBe("reversed");
    expect(subtitle(figure)).toContain("2 points · 1 without a value not drawn");
    expect(plotScatter([alertView()], { x: "mjdUtc", y: "mag" }).layout["yaxis"]).toMatchObject({
      autorange: "reversed",
      title: { text: "difference magnitude (AB)" },
    });
  });

  it("has colours by number with a scale, those without one in grey, by band in the bands' own, by group otherwise", () => {
    const byNumber = plotScatter(rows, { x: "r", y: "r", color: "rb", colorTitle: "real–bogus" });
    expect(named(byNumber)).toEqual([
      ["without a value (1)", [18.2], [18.2]],
      ["points", [17.5, 18], [17.5, 18]],
    ]);
    expect(byNumber.data[1]!["marker"]).toMatchObject({
      color: [0.9, 0.2],
      colorbar: { title: { text: "real–bogus" } },
    });
    const byBand = plotScatter(rows, { x: "r", y: "r", color: "band" });
    expect(byBand.data.map(({ name, marker }) => [name, (marker as { color: string }).color])).toEqual([
      ["g (2)", bandStyles[1]!.color],
      ["r (1)", bandStyles[2]!.color],
    ]);
    const many = Array.from({ length: 20 }, (_, i) => ({ x: i, y: i, of: `<b>${i % 15}` }));
    const byGroup = plotScatter(many, { x: "x", y: "y", color: "of" });
    expect(byGroup.data).toHaveLength(13);
    expect(byGroup.data.at(-1)!.name).toBe("other (3)");
    expect(byGroup.data[0]!.name).toBe("&lt;b&gt;0 (2)");
  });

  it("has areas by number, negative ones and those off a logarithm left out", () => {
    const { marker } = plotScatter(rows, { x: "r", y: "r", size: "flux" }).data[0]! as unknown as {
      marker: { size: number[]; sizeref: number };
    };
    expect(marker.size).toEqual([4, 1]);
    // Plotly: an area of size / sizeref is 2 · diameter² / … : the largest is 24 pixels across
    expect(Math.sqrt((2 * 4) / marker.sizeref)).toBeCloseTo(24, 9);
    expect(named(plotScatter(rows, { x: "flux", y: "r", xLog: true }))[0]![1]).toEqual([4, 1]);
  });

  it("asks for the unit of a function, and names a misspelt field", () => {
    expect(() => plotScatter(rows, { x: (row) => row.g, y: "r" })).toThrow(
      /xTitle, with the unit, beside a function x/,
    );
    expect(() => plotScatter(rows, { x: "rr", y: "r" })).toThrow(/Expected a field of the rows, got "rr"/);
    expect(() => plotScatter(rows, { x: 7 as never, y: "r" })).toThrow(/x as a field or a function/);
    expect(plotScatter([], { x: "mag", y: "mag" }).layout["annotations"][0].text).toBe("no point with both values");
    const mixed = [
      { a: 1, c: 1 },
      { a: 2, c: "x" },
    ];
    expect(() => plotScatter(mixed, { x: "a", y: "a", color: "c" })).toThrow(/all numbers or all names/);
  });
});

describe("plotHistogram", () => {
  const values = [0, 0.1, 0.2, 0.3, 0.30000000000000004, 1, Number.NaN].map((v, i) => ({
    v,
    k: i % 2 ? "odd" : "even",
  }));

  it("counts an edge to its right, the largest in the last bin, and says what is missing", () => {
    const figure = plotHistogram(values, { x: "v", bins: 10, xTitle: "v (mag)" });
    expect(figure.data[0]!["y"]).toEqual([1, 1, 2, 1, 0, 0, 0, 0, 0, 1]); // the edge is 3 × 0.1, a hair above 0.3
    expect(subtitle(figure)).toContain("6 values · 1 missing");
    expect(figure.layout["yaxis"].title.text).toBe("rows per bin of 0.1");
  });

  it("keeps to a range, stacks groups, and takes one value alone", () => {
    const figure = plotHistogram(values, { x: "v", bins: 2, range: [0, 0.4], color: "k" });
    expect(named(figure).map(([name, , y]) => [name, y])).toEqual([
      ["even (3)", [1, 2]],
      ["odd (2)", [1, 1]],
    ]);
    expect(subtitle(figure)).toContain("1 outside the range");
    expect(plotHistogram([{ v: 3 }], { x: "v", bins: 2 }).layout["xaxis"].range).toEqual([2.5, 3.5]);
    expect(plotHistogram([], { x: "mag" }).layout["annotations"][0].text).toBe("no value");
    expect(() => plotHistogram(values, { x: "v", bins: 0 })).toThrow(/bins from 1/);
    expect(() => plotHistogram(values, { x: "v", range: [2, 1] })).toThrow(/range as \[low, high\], got "\[2,1\]"/);
  });
});

describe("plotGrid", () => {
  const curve = plotLightCurve(alertView());

  it("gives each figure axes of its own in its own cell, and a name one place in the legend", () => {
    const figure = plotGrid([curve, curve, plotStamps(alertView())], { columns: 2 });
    const used = figure.data.map((trace) => `${trace["xaxis"]} ${trace["yaxis"]}`);
    expect(new Set(used)).toEqual(new Set(["x y", "x101 y101", "x201 y201", "x202 y202", "x203 y203"]));
    const { xaxis, xaxis101, yaxis, yaxis201, yaxis202 } = figure.layout;
    expect(xaxis.domain[1]).toBeLessThan(xaxis101.domain[0]);
    expect(yaxis201.domain[1]).toBeLessThan(yaxis.domain[0]);
    expect([yaxis202.scaleanchor, yaxis202.anchor, yaxis.autorange]).toEqual(["x202", "x202", "reversed"]);
    const legend = figure.data.filter((trace) => trace["showlegend"]).map(({ name }) => name);
    expect(new Set(legend).size).toBe(legend.length);
    expect(legend).toEqual(curve.data.map(({ name }) => name));
    expect(figure.layout["meta"].caption).toMatch(/^1: ZTF ZTF23abcdefg – .*; 3: ZTF/);
    expect(sketchSvg(figure)).toMatch(/^<svg/);
  });

  it("moves shapes and notes along, and refuses what it cannot hold", () => {
    const layout = { ...curve.layout, shapes: [{ x0: 1, x1: 1, y0: 0, y1: 1, yref: "paper" }] };
    const { shapes } = plotGrid([curve, { ...curve, layout }], { columns: 1 }).layout;
    expect(shapes).toEqual([
      { x0: 1, x1: 1, y0: expect.closeTo(0, 9), y1: expect.closeTo(0.41, 2), xref: "x101", yref: "paper" },
    ]);
    expect(() => plotGrid([])).toThrow(/1 to 60 figures, got 0/);
    expect(() => plotGrid([curve], { columns: 0 })).toThrow(/columns of 1 or more/);
    expect(() => plotGrid([{} as never])).toThrow(/figures \{ data, layout \}/);
  });
});

describe("plotStampWall", () => {
  it("has a cutout for each kind and alert, with words, and leaves what is not there empty", () => {
    const bare = alertView({ stamps: { science: stamp("science"), template: null, difference: null } });
    const figure = plotStampWall([alertView(), bare, alertView()], { limit: 2, kinds: ["science", "difference"] });
    expect(figure.data.map(({ type }) => type)).toEqual(["heatmap", "heatmap", "heatmap", "scatter"]);
    expect(subtitle(figure)).toMatch(/2 alerts · of 3 · each science, difference .* · 1 cutout not there/);
    const words = figure.layout["annotations"].map(({ text }: { text: string }) => text);
    expect(words).toEqual(["ZTF23abcdefg r 18.00", "ZTF23abcdefg r 18.00", "none sent"]);
    expect(figure.data[0]!["z"]).toHaveLength(2);
    expect(() => plotStampWall([bare], { kinds: ["sky" as never] })).toThrow(/kinds of "science"/);
  });
});

describe("every figure", () => {
  it("says in words what it shows", () => {
    const figure = plotScatter(rows, { ...color, y: "r", yTitle: "r (mag)", title: "<CMD>", caption: "Two of three." });
    expect(altText(figure)).toBe(
      "<CMD> – 2 points · 1 without a value not drawn. Two of three. Across: g − r (mag). Up: r (mag). points: 2 points, 17.5 to 18.2.",
    );
    expect(altText(plotLightCurve(alertView()))).toMatch(/small values at the top\. .*r: 1 point, 18 to 18/);
  });

  it("has a dark theme with the bands' colours for it, drawn so in the still picture too", () => {
    const figure = themed(plotLightCurve(alertView()), "dark");
    expect(figure.layout["paper_bgcolor"]).toBe("#111418");
    expect(JSON.stringify(figure)).not.toMatch(/#(fff|222|555|49be61)"/);
    expect(JSON.stringify(figure.data)).toContain("#30c39f");
    expect(sketchSvg(figure)).toMatch(/<rect[^>]*fill="#111418"/);
    expect(sketchSvg(figure)).not.toMatch(/"#(fff|222|555)"/);
    expect(themed(figure, "dark")).toBe(figure);
    expect(() => themed(figure, "light")).toThrow(/a light figure to begin with/);
    expect(() => themed(figure, "blue" as never)).toThrow(/theme "light" or "dark"/);
  });

  it("stands on a page beside Markdown, with its caption and what it shows; HTML in the text stays text", () => {
    const figure = plotScatter(rows, { x: "r", y: "r", caption: "All & some." });
    const text = "# Tonight\n\n| a | b |\n|---|---|\n| **1** | 2 |\n\n<script>x</script> [bad](javascript:alert(1))";
    const path = saveHtml([text, figure], join(folder, "report.html"), { theme: "dark", title: "A <night>" });
    const page = readFileSync(path, "utf8");
    const body = page.slice(page.indexOf("</head>"));
    expect(page).toContain("<title>A &lt;night&gt;</title>");
    expect(body).toContain("<h1>Tonight</h1>");
    expect(body).toMatch(/<td><strong>1<\/strong><\/td>/);
    expect(body).toContain("&lt;script&gt;x&lt;/script&gt; [bad](javascript:alert(1))");
    expect(body).toContain("<figcaption>All &amp; some.</figcaption>");
    expect(body).toMatch(/role="img" aria-label="r against r – 3 points\. All &amp; some\. Across/);
    expect(() => saveHtml(7 as never, path)).toThrow(/figures, tables and text/);
  });

  it("is not saved under an ending or in a size that is none", async () => {
    const figure = plotScatter(rows, { x: "r", y: "r" });
    await expect(saveFigure(figure, "figure.gif")).rejects.toThrow(/a path that ends in .svg, .png, .pdf, .html/);
    await expect(saveFigure(figure, "figure.png", { width: 1 })).rejects.toThrow(/width from 100 to 10,000 pixels/);
    await expect(saveFigure(figure, "figure.png", { scale: 0 })).rejects.toThrow(/scale above 0/);
    await expect(saveFigure({} as never, "figure.png")).rejects.toThrow(/a figure/);
  });
});
