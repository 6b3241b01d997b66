// @module-tag long
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { plotHistogram } from "../../src/plot/histogram";
import { plotLightCurve } from "../../src/plot/light-curve";
import { saveFigure } from "../../src/plot/save-figure";
import { needs } from "../helpers/data";
import { runPython } from "../helpers/python";
import { alertView, seeded } from "./sample";

const folder = mkdtempSync(join(tmpdir(), "save-figure-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(needs.chromium())("a figure saved by a browser", () => {
  const options = { width: 333, height: 260, font: "serif", fontSize: 11, title: false, scale: 3 };
  const save = async (name: string) =>
    readFileSync(await saveFigure(plotLightCurve(alertView()), join(folder, "deep", name), options));

  it("is an SVG with its marks, font and description, a PNG of so many dots, a PDF of one page in inches", async () => {
    const svg = String(await save("curve.svg"));
    expect(svg).toMatch(/<svg role="img" [^>]*width="333"[^>]*height="260"/);
    expect(svg).toContain("<desc>ZTF ZTF23abcdefg");
    expect(svg.match(/class="point"/g)!.length).toBeGreaterThanOrEqual(3);
    expect(svg).toMatch(/font-family: serif, Helvetica/);
    expect(svg).not.toContain("ZTF23abcdefg</tspan>");

    const png = await save("curve.png");
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([999, 780]);

    const pdf = (await save("curve.pdf")).toString("latin1");
    expect(pdf.slice(0, 5)).toBe("%PDF-");
    expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
    const [, width, height] = /\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf)!.map(Number);
    expect(Math.abs(width! - 333 * 0.75)).toBeLessThan(1);
    expect(Math.abs(height! - 261 * 0.75)).toBeLessThan(1);
  }, 180_000); // three starts of a browser
});

describe.skipIf(needs.python())("histograms", () => {
  it("have the counts of numpy, on edges too", () => {
    const random = seeded(3);
    const cases = [
      { values: Array.from({ length: 5000 }, () => 20 * random() ** 2), bins: 37 },
      { values: Array.from({ length: 1000 }, (_, i) => (i % 101) / 10), bins: 101 },
      { values: Array.from({ length: 1000 }, () => Math.round(30 * random()) / 10), bins: 30, range: [0, 3] },
      { values: [2, 2, 2], bins: 5 },
    ] as { values: number[]; bins: number; range?: [number, number] }[];
    const script = `
import json, sys, numpy
print(json.dumps([numpy.histogram(c["values"], c["bins"], c.get("range"))[0].tolist() for c in json.load(sys.stdin)]))`;
    const expected = JSON.parse(runPython(script, [], JSON.stringify(cases)));
    const found = cases.map(({ values, ...options }) =>
      plotHistogram(
        values.map((value) => ({ value })),
        { x: "value", ...options },
      ),
    );
    expect(found.map((figure) => figure.data[0]!["y"])).toEqual(expected);
  });
});
