// @module-tag long
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium as browserType, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Figure } from "../../src/plot/figure";
import { saveHtml } from "../../src/plot/html";
import { sketchSvg } from "../../src/plot/sketch";
import { chromium, needs } from "../helpers/data";

// what runs in the page; the tests have no types of a browser
declare const document: any;
declare const window: any;
declare const Image: any;
declare const getComputedStyle: any;

const layout = { title: "a title as text", height: 420, width: 760 };
const ranges = { xaxis: { range: [0, 10], title: "x as text" }, yaxis: { range: [0, 10] } };
const shapes =
  "circle square diamond cross x triangle-up triangle-down triangle-left triangle-right pentagon hexagon star".split(
    " ",
  );

/** Figures whose marks both programs draw; each is compared mark by mark. */
const cases: Record<string, { figure: Figure; marks: string; sketched: string }> = {
  "a list of numbers as colours, a list of sizes": points({
    marker: { color: [1, 2, 3, 4, 5], colorscale: "Viridis", size: [4, 8, 12, 16, 20], showscale: true },
  }),
  "colours without a named scale, positive": points({ marker: { color: [0, 1, 2, 3, 10], size: 9 } }),
  "colours without a named scale, of both signs": points({ marker: { color: [-5, -1, 0, 3, 10], size: 9 } }),
  "a scale of one's own, reversed, with ends": points({
    marker: {
      color: [1, 2, 3, 4, 5],
      cmin: 0,
      cmax: 4,
      reversescale: true,
      size: 9,
      colorscale: [
        [0, "#ff0000"],
        [1, "rgb(0,0,255)"],
      ],
    },
  }),
  "colours as text, areas as sizes": points({
    marker: {
      color: ["#ff0000", "rgb(0,128,0)", "#0000ff", "#888888", "#123456"],
      size: [10, 40, 90, 160, 250],
      sizemode: "area",
      sizeref: 0.5,
    },
  }),
  "a scale shared by the layout": points(
    { marker: { color: [1, 2, 3, 4, 5], coloraxis: "coloraxis", size: 9 } },
    { coloraxis: { colorscale: "Cividis", cmin: 0, cmax: 6 } },
  ),
  "the default colours of three traces": {
    figure: {
      data: [1, 2, 3].map((y) => ({ type: "scatter", mode: "markers", x: [1, 2], y: [y, y] })),
      layout: { ...layout, ...ranges },
    },
    ...{ marks: ".point", sketched: "circle" },
  },
  "every symbol": points({
    x: shapes.map((_, i) => 0.5 + i * 0.75),
    y: shapes.map((_, i) => 1 + (i % 5)),
    marker: { symbol: shapes, size: 20, color: "#336699" },
  }),
  "bars side by side": bars({ barmode: "group" }),
  "bars stacked": bars({ barmode: "stack" }),
  "bars over one another": bars({ barmode: "overlay" }),
  "bars on a number axis, from a base": {
    figure: {
      data: [
        {
          type: "bar",
          x: [1, 2, 4],
          y: [3, 4, 5],
          base: [1, 0, 2],
          marker: { color: ["#ff0000", "#00ff00", "#0000ff"] },
        },
      ],
      layout: { ...layout, ...ranges, bargap: 0.4 },
    },
    ...{ marks: ".bars .point path", sketched: "svg svg rect" },
  },
};

function points(more: object, layoutMore: object = {}): (typeof cases)[string] {
  const trace = { type: "scatter", mode: "markers", x: [1, 3, 5, 7, 9], y: [2, 4, 1, 8, 5], ...more };
  return {
    figure: { data: [trace], layout: { ...layout, ...ranges, ...layoutMore, showlegend: false } },
    marks: ".point",
    sketched: "svg svg circle, svg svg path",
  };
}
function bars(more: object): (typeof cases)[string] {
  const data = [
    [3, 1, 4],
    [1, 5, 2],
  ].map((y, i) => ({ type: "bar", name: `t${i}`, x: ["a", "b", "c"], y }));
  return {
    figure: { data, layout: { ...layout, yaxis: { range: [0, 10] }, ...more } },
    marks: ".bars .point path",
    sketched: "svg svg rect",
  };
}

interface Mark {
  x: number;
  y: number;
  width: number;
  height: number;
  color: string;
}

describe.skipIf(needs.chromium())("the still picture beside Plotly's own", () => {
  const folder = mkdtempSync(join(tmpdir(), "still-"));
  let browser: Browser;
  let page: Page;
  const names = Object.keys(cases);
  beforeAll(async () => {
    const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
    browser = await browserType.launch({ executablePath: chromium!, args });
    page = await browser.newPage({ viewport: { width: 1000, height: 600 } });
    await page.goto(
      pathToFileURL(
        saveHtml(
          names.map((name) => cases[name]!.figure),
          join(folder, "all.html"),
        ),
      ).href,
    );
    await page.waitForFunction(`document.querySelectorAll(".js-plotly-plot .main-svg").length >= ${names.length}`);
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Place, size and colour of the marks in one element of the page. */
  const measure = (element: string, marks: string): Promise<Mark[]> =>
    page.evaluate(
      ([within, selector]) =>
        [...document.querySelector(within!)!.querySelectorAll(selector!)]
          .filter((mark: any) => getComputedStyle(mark).fill !== "none")
          .map((mark: any) => {
            // the outline without its stroke
            const box = mark.getBBox();
            const matrix = mark.getScreenCTM();
            const x = (box.x + box.width / 2) * matrix.a + matrix.e;
            const y = (box.y + box.height / 2) * matrix.d + matrix.f;
            return {
              x,
              y,
              width: box.width * matrix.a,
              height: box.height * matrix.d,
              color: getComputedStyle(mark).fill,
            };
          }),
      [element, marks],
    );

  it("has every mark at the same place of the axes, as large, and in the same colour", async () => {
    const report: string[] = [];
    for (const [i, name] of names.entries()) {
      const { figure, marks, sketched } = cases[name]!;
      const theirs = await measure(`#figure-${i}`, marks);
      await page.evaluate((svg) => {
        document.querySelector("#still")?.remove();
        document.body.insertAdjacentHTML("beforeend", `<div id="still">${svg}</div>`);
      }, sketchSvg(figure));
      const ours = await measure("#still", sketched);
      report.push(...difference(theirs, ours, marks.includes("bars")).map((words) => `${name}: ${words}`));
    }
    expect(report).toEqual([]);
  });

  it("has a heat map's colours, cell by cell", async () => {
    const z = [
      [0, 50, 100],
      [150, null, 250],
    ];
    for (const more of [
      {},
      { colorscale: "Hot" },
      { colorscale: "Greys", zmin: 100, zmax: 200 },
      { colorscale: "Jet", reversescale: true },
    ]) {
      const figure = { data: [{ type: "heatmap", z, ...more }], layout };
      const colors = await page.evaluate(
        async ([svg, json]) => {
          const shot = async (source: string, places: [number, number][]) => {
            const image = new Image();
            image.src = source;
            await image.decode();
            const canvas = document.createElement("canvas");
            [canvas.width, canvas.height] = [image.width, image.height];
            const context = canvas.getContext("2d")!;
            context.drawImage(image, 0, 0);
            return places.map(([x, y]) => [
              ...context.getImageData(x * image.width, y * image.height, 1, 1).data.slice(0, 3),
            ]);
          };
          const cells: [number, number][] = [
            [1 / 6, 0.75],
            [0.5, 0.75],
            [5 / 6, 0.75],
            [1 / 6, 0.25],
            [5 / 6, 0.25],
          ];
          const { data, layout } = JSON.parse(json!);
          const host = document.body.appendChild(document.createElement("div"));
          await window.Plotly.newPlot(host, data, { ...layout, width: 400, height: 400 });
          const theirs = await shot(host.querySelector(".hm image")!.getAttribute("href")!, cells);
          host.remove();
          const still = /<image [^>]*href="([^"]*)"/.exec(svg!)![1]!;
          return { theirs, ours: await shot(still, cells) };
        },
        [sketchSvg(figure), JSON.stringify(figure)] as const,
      );
      const worst = Math.max(
        ...colors.theirs.flatMap((rgb, i) => rgb.map((part, k) => Math.abs(part - colors.ours[i]![k]!))),
      );
      expect(worst, `${JSON.stringify(more)} ${JSON.stringify(colors)}`).toBeLessThanOrEqual(3);
    }
  });
});

/** What differs between two drawings of the same marks, whose axes may lie elsewhere and be longer. */
function difference(theirs: readonly Mark[], ours: readonly Mark[], areBars: boolean): string[] {
  if (theirs.length !== ours.length || theirs.length < 2) return [`${ours.length} marks instead of ${theirs.length}`];
  const words: string[] = [];
  const xScale = scale(
    theirs.map(({ x }) => x),
    ours.map(({ x }) => x),
  );
  const yScale = scale(
    theirs.map(({ y }) => y),
    ours.map(({ y }) => y),
  );
  theirs.forEach((mark, i) => {
    const own = ours[i]!;
    const [x, y] = [xScale.at(mark.x), yScale.at(mark.y)];
    if (Math.hypot(x - own.x, y - own.y) > 1) words.push(`mark ${i} lies at ${own.x}, ${own.y} and not ${x}, ${y}`);
    const [width, height] = areBars
      ? [mark.width * xScale.ratio, mark.height * yScale.ratio]
      : [mark.width, mark.height];
    if (Math.abs(own.width - width) > 1 || Math.abs(own.height - height) > 1)
      words.push(`mark ${i} measures ${own.width} × ${own.height} and not ${width} × ${height}`);
    const rgb = (color: string) => (color.match(/\d+/g) ?? []).slice(0, 3).map(Number);
    if (rgb(mark.color).some((part, k) => Math.abs(part - rgb(own.color)[k]!) > 3))
      words.push(`mark ${i} is ${own.color} and not ${mark.color}`);
  });
  if (xScale.ratio <= 0 || yScale.ratio <= 0) words.push("an axis runs the other way");
  return words;
}

/** The straight line from one drawing's pixels to the other's, by the two marks farthest apart. */
function scale(from: number[], to: number[]): { ratio: number; at(value: number): number } {
  const low = from.indexOf(Math.min(...from));
  const high = from.indexOf(Math.max(...from));
  const ratio = from[high] === from[low] ? 1 : (to[high]! - to[low]!) / (from[high]! - from[low]!);
  return { ratio, at: (value) => to[low]! + (value - from[low]!) * ratio };
}
