// @module-tag long
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium as browserType, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeAlert } from "../../src/alert/decode";
import type { AlertView } from "../../src/alert/types";
import { plotClasses } from "../../src/plot/classes";
import type { Figure } from "../../src/plot/figure";
import { plotFunnel } from "../../src/plot/funnel";
import { saveHtml } from "../../src/plot/html";
import { plotLightCurve } from "../../src/plot/light-curve";
import { plotRate } from "../../src/plot/rate";
import { plotChanceRate, plotSeparations } from "../../src/plot/separations";
import { sketchSvg } from "../../src/plot/sketch";
import { plotSky } from "../../src/plot/sky";
import { plotStamps } from "../../src/plot/stamps";
import { alertTable } from "../../src/plot/table";
import { chromium, dataFolder, needs } from "../helpers/data";
import { alertView, seeded } from "./sample";

const hostile =
  '</script><script>window.attacked = true</script><img src="http://example.org/x.png" onerror="attacked=1">';

/** Real alerts where they are at hand, made ones elsewhere. */
function someAlerts(): AlertView[] {
  const folder = dataFolder("ztf");
  if (!process.env["BOOTCAMP_TEST_DATA"]) return Array.from({ length: 30 }, () => alertView());
  return readdirSync(folder)
    .slice(0, 40)
    .map((name) => decodeAlert(readFileSync(join(folder, name))));
}

function figures(alerts: AlertView[]): Record<string, Figure> {
  const random = seeded(11);
  const separations = Array.from({ length: 200 }, () => 3 * random() ** 2);
  const longest = [...alerts].sort((a, b) => b.history.length - a.history.length)[0]!;
  return {
    magnitudes: plotLightCurve(longest),
    flux: plotLightCurve(longest, { unit: "nJy", time: "mjd" }),
    folded: plotLightCurve(longest, { periodDays: 0.6 }),
    stamps: plotStamps(longest, { signalToNoise: true }),
    sky: plotSky(alerts, { group: (alert) => alert.band, projection: "mollweide" }),
    aitoff: plotSky(alerts, { projection: "aitoff" }),
    field: plotSky(alerts, { projection: "radec" }),
    funnel: plotFunnel([{ name: "real", threshold: "≥ 0.65", passed: 60, rejected: 40 }]),
    rate: plotRate([
      { timeMs: 0, count: 3 },
      { timeMs: 1000, count: 5 },
    ]),
    "rate before the first alert": plotRate([]),
    classes: plotClasses({ RRLyr: 51, Star: 26, [hostile]: 1 }),
    separations: plotSeparations(separations, { radiusArcsec: 1, chance: { alerts: 200, perSquareArcsec: 0.01 } }),
    chance: plotChanceRate([
      { radiusArcsec: 1, matched: 0.45, chance: 0.05 },
      { radiusArcsec: 2, matched: 0.6, chance: 0.2 },
    ]),
    hostile: plotLightCurve(longest, { title: hostile }),
  };
}

describe.skipIf(needs.chromium())("saved pages in a browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "alert-pages-"));
  let browser: Browser;
  beforeAll(async () => {
    const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
    const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];
    browser = await browserType.launch({ executablePath: chromium!, args: [...args, ...quiet] });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens a page; `trouble` collects errors and every request that leaves the file. */
  async function open(path: string): Promise<{ page: Page; trouble: string[] }> {
    const trouble: string[] = [];
    const page = await browser.newPage({ viewport: { width: 1000, height: 600 } });
    page.on("console", (message) => message.type() === "error" && trouble.push(message.text()));
    page.on("pageerror", (error) => trouble.push(error.message));
    page.on("request", (request) => /^(file|data|blob):/.test(request.url()) || trouble.push(request.url()));
    await page.goto(pathToFileURL(path).href);
    return { page, trouble };
  }

  it("every kind of figure is drawn whole: all traces, no error, nothing asked of the network", async () => {
    const all = figures(someAlerts());
    const path = saveHtml(Object.values(all), join(folder, "deep/er", "all.html"));
    const { page, trouble } = await open(path);
    const count = Object.keys(all).length;
    await page.waitForFunction(`document.querySelectorAll(".js-plotly-plot .main-svg").length >= ${count}`);
    const drawn = await page.$$eval(".js-plotly-plot", (plots) =>
      plots.map((plot: any) => ({
        traces: plot._fullData.filter((trace: any) => trace.visible === true).length,
        marks: plot.querySelectorAll(".point, .hm image, .js-line").length,
        titles: [plot._fullLayout.xaxis, plot._fullLayout.yaxis]
          .filter((axis: any) => axis.visible)
          .map((axis: any) => axis.title.text),
      })),
    );
    const report = Object.entries(all).map(([name, figure], i) => {
      const { traces, marks, titles } = drawn[i]!;
      const expected = figure.data.length === 0 ? 0 : figure.data.length;
      const isEmpty = name === "rate before the first alert";
      // Plotly drops a trace without points from what it draws, so only those with points count.
      const withPoints = figure.data.filter((trace) => ((trace["z"] ?? trace["y"]) as unknown[]).length > 0).length;
      const ok = traces >= (isEmpty ? 0 : withPoints) && traces <= expected && (isEmpty || marks > 0);
      return ok && titles.every((title) => !/^Click to enter/.test(title))
        ? "drawn"
        : `${name}: ${JSON.stringify(drawn[i])}`;
    });
    expect(report).toEqual(Object.keys(all).map(() => "drawn"));
    expect(trouble).toEqual([]);
    await page.close();
  });

  it("hostile names stay text", async () => {
    const { page, trouble } = await open(
      saveHtml(plotLightCurve(alertView(), { title: hostile }), join(folder, "hostile.html")),
    );
    await page.waitForSelector(".js-plotly-plot .gtitle");
    expect(await page.evaluate("window.attacked")).toBeUndefined();
    expect(await page.title()).toContain("</script><script>");
    expect(await page.$$eval("img, .js-plotly-plot a[href]", (found) => found.length)).toBe(0);
    expect(await page.textContent(".gtitle")).toContain("<script>window.attacked");
    expect(trouble).toEqual([]);
    await page.close();
  });

  it("bright is up, east is left, north is up", async () => {
    const { page } = await open(
      saveHtml([plotLightCurve(alertView()), plotStamps(alertView())], join(folder, "axes.html")),
    );
    await page.waitForFunction(`document.querySelectorAll(".js-plotly-plot .main-svg").length >= 2`);
    const ranges = await page.$$eval(".js-plotly-plot", (plots) =>
      plots.map((plot: any) => [plot._fullLayout.xaxis.range, plot._fullLayout.yaxis.range]),
    );
    const [curve, stamps] = ranges as [[number, number], [number, number]][];
    expect(curve![1][0]).toBeGreaterThan(curve![1][1]);
    expect(stamps![0][0]).toBeGreaterThan(stamps![0][1]);
    expect(stamps![1][0]).toBeLessThan(stamps![1][1]);
    await page.close();
  });

  it("the still pictures are well-formed and load as images", async () => {
    const all = figures(someAlerts());
    const images = Object.values(all).map(
      (figure) => `<img src="data:image/svg+xml;base64,${Buffer.from(sketchSvg(figure)).toString("base64")}">`,
    );
    const page = await browser.newPage();
    await page.setContent(images.join(""), { waitUntil: "load" });
    const widths = await page.$$eval("img", (found) =>
      found.map((image: any) => (image.complete ? image.naturalWidth : 0)),
    );
    expect(widths).toEqual(images.map(() => 760));
    await page.close();
  });

  it("a table alone is a small page without plotly.js", () => {
    const page = readFileSync(saveHtml(alertTable([alertView()]), join(folder, "table.html")), "utf8");
    expect(page.length).toBeLessThan(5000);
    expect(page).toContain("ZTF23abcdefg");
  });
});
