import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Lab, startLab, stopLab } from "../../src/engine/lab/lab";
import { deleteTopic } from "../../src/kafka/admin/topics";
import { publish } from "../../src/kafka/publish/publish";
import { SOURCE_HEADER } from "../../src/lesson/data-set";
import { simulateNight } from "../../src/simulate/night";
import { needs, root } from "../helpers/data";
import { atHome } from "../helpers/kafka";
import { readCells } from "../notebooks/run-notebook";
import { stopPractice } from "../notebooks/stop-practice";
import {
  closedPage,
  codeCells,
  figuresDrawn,
  launchBrowser,
  openNotebook,
  photograph,
  runAllCells,
} from "./jupyterlab";

/** In the short form one notebook; `npm run test:full` has them all. */
const isFull = process.env["BOOTCAMP_BROWSER"] === "full";
const all = readdirSync(join(root, "notebooks")).filter((name) => /^\d_\w+\.ipynb$/.test(name));
const names = isFull ? all : all.filter((name) => /^2_/.test(name));

/** Copies, because JupyterLab saves what it runs; they find the library as the originals do. */
function copyNotebooks(folder: string, topics: { ztf: string; lsst: string }): void {
  mkdirSync(folder);
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  for (const name of all) {
    const text = readFileSync(join(root, "notebooks", name), "utf8");
    writeFileSync(
      join(folder, name),
      text
        .replace(/\\"(ztf|lsst)-stream\\"/g, (_, survey: "ztf" | "lsst") => `\\"${topics[survey]}\\"`)
        .replace("secondsPerVisit: 4 ", "secondsPerVisit: 0.2 "), // the night that Part 2 watches
    );
  }
}

describe.skipIf(needs.chromium() || needs.python())("the notebooks in JupyterLab", () => {
  const bootstrap = inject("bootstrap");
  const home = mkdtempSync(join(tmpdir(), "lab-home-"));
  const topics = { ztf: `browser-${process.pid}`, lsst: `browser-lsst-${process.pid}` };
  /** Where the pictures go: BOOTCAMP_SCREENSHOTS keeps them. */
  const pictures = process.env["BOOTCAMP_SCREENSHOTS"] ?? join(home, "pictures");
  let lab: Lab;
  let browser: Browser;

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    copyNotebooks(join(home, "notebooks"), topics);
    const night = simulateNight({ seed: 7 });
    await night.write(join(home, "data", "simulated-7"));
    const asFast = { bootstrap, fast: true };
    await publish(night, { ...asFast, topic: topics.ztf, headers: { [SOURCE_HEADER]: "simulated-7" } });
    const lsst = simulateNight({ survey: "lsst", seed: 7 });
    const source = { [SOURCE_HEADER]: "simulated-lsst-7-400" };
    await publish(lsst, { ...asFast, topic: topics.lsst, form: "confluent", headers: source });
    const env = { KAFKA_BOOTSTRAP: bootstrap, BOOTCAMP_DATA: join(home, "data"), BOOTCAMP_STRICT: "" };
    lab = await atHome(home, () => startLab({ port: 0, notebooks: join(home, "notebooks"), env }));
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await atHome(home, stopLab);
    await stopPractice(home);
    for (const topic of Object.values(topics)) await deleteTopic(topic, { bootstrap });
    rmSync(home, { recursive: true, force: true });
  });

  it.each(names)(
    "%s runs from top to bottom, draws every figure, and stays on this machine",
    async (name) => {
      const { page, outside } = await closedPage(browser);
      await openNotebook(page, lab.url, name);
      await runAllCells(page).catch(async (error) => {
        await page.screenshot({ path: join(pictures, `${name}.failed.png`) });
        throw error;
      });
      const sources = readCells(name.replace(".ipynb", "")).filter(({ kind }) => kind === "code");
      const cells = await codeCells(page);
      expect(cells).toHaveLength(sources.length);
      expect(sources.filter((_, i) => !/^\[\d+\]:$/.test(cells[i]!.prompt))).toEqual([]);
      const draws = sources.map(({ source }) => /\bshow\(|\bwatch\(/.test(source) && !source.includes("useNetwork"));
      expect(draws.filter(Boolean).length).toBeGreaterThan(2);
      await figuresDrawn(page, draws.filter(Boolean).length);
      // a window of another size: every figure is still there afterwards
      await photograph(page, join(pictures, name.replace(".ipynb", ".png")));
      const heights = (await codeCells(page)).map(({ figures }) => figures);
      expect(heights.map((figures) => figures.length > 0 && figures.every((height) => height > 200))).toEqual(draws);
      expect(await page.locator(".jp-Notification, .Toastify__toast").count()).toBe(0);
      expect(outside).toEqual([]);
      await page.close();
    },
    180_000,
  );
});
