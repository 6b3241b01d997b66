import type { Browser, Page } from "playwright-core";
import { chromium as browserType } from "playwright-core";
import { chromium } from "../helpers/data";

/** A browser that does nothing of its own accord; a test notices every request. */
export function launchBrowser(): Promise<Browser> {
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
  const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];
  return browserType.launch({ executablePath: chromium!, args: [...args, ...quiet] });
}

/** A page that reaches this machine alone; what it asks of others is refused and listed. */
export async function closedPage(browser: Browser): Promise<{ page: Page; outside: string[] }> {
  const outside: string[] = [];
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.route("**/*", (route) => {
    const { hostname, protocol } = new URL(route.request().url());
    if (hostname === "127.0.0.1" || protocol === "data:" || protocol === "blob:") return route.continue();
    outside.push(route.request().url());
    return route.abort();
  });
  return { page, outside };
}

/**
 * Opens a notebook in a workspace of its own, so that no other one is restored beside it, and waits for its kernel.
 *
 * @param state of the kernel: "Busy" where it still runs a cell
 */
export async function openNotebook(page: Page, url: string, name: string, state = "Idle"): Promise<void> {
  await page.goto(url.replace("/lab?", `/lab/workspaces/${name.split(".")[0]}/tree/${name}?`));
  await page.locator(".jp-NotebookPanel .jp-CodeCell").first().waitFor();
  // the indicator beside the notebook says "idle" before there is a kernel; the status bar does not
  await page.getByText(`TypeScript | ${state}`).waitFor({ timeout: 60_000 });
}

/** Runs all cells through the menu and waits until the last one is done, or one has failed. */
export async function runAllCells(page: Page): Promise<void> {
  await page.getByRole("menuitem", { name: "Run", exact: true }).click();
  await page.getByRole("menuitem", { name: "Run All Cells", exact: true }).click();
  await page.waitForFunction(
    `(() => {
      const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")].map((one) => one.textContent.trim());
      return prompts.some((one) => /^\\[\\d+\\]:$/.test(one)) && !prompts.includes("[*]:");
    })()`,
    undefined,
    { timeout: 120_000 },
  );
}

export interface SeenCell {
  /** "[3]:" once it has run. */
  prompt: string;
  /** Heights of the figures that have something drawn in them, pixels. */
  figures: number[];
}

/** The code cells in their order. */
export function codeCells(page: Page): Promise<SeenCell[]> {
  return page.$$eval(".jp-NotebookPanel .jp-CodeCell", (cells: any[]) =>
    cells.map((cell) => ({
      prompt: cell.querySelector(".jp-InputPrompt").textContent.trim(),
      figures: [...cell.querySelectorAll(".js-plotly-plot")]
        .filter((plot) => plot.querySelector(".main-svg"))
        .map((plot) => plot.getBoundingClientRect().height),
    })),
  );
}

/** Waits until so many figures are drawn: the renderer is fetched with the first, and draws after its cell is done. */
export const figuresDrawn = (page: Page, count: number) =>
  page.waitForFunction(`document.querySelectorAll(".js-plotly-plot .plot-container").length >= ${count}`);

const tallest = 16_000;

/**
 * Saves the whole notebook as one picture. JupyterLab guesses the height of cells that it has not shown yet, so the end is
 * looked up once more when nearly all of it is in view.
 */
export async function photograph(page: Page, path: string): Promise<void> {
  const guess = await page.$eval(".jp-NotebookPanel .jp-WindowedPanel-outer", (panel: any) => {
    panel.scrollTop = 0;
    return panel.scrollHeight as number;
  });
  const show = (height: number) => page.setViewportSize({ width: 1280, height: Math.min(tallest, height + 120) });
  await show(guess);
  const end = await page.$$eval(".jp-NotebookPanel .jp-Cell", (cells: any[]) =>
    Math.ceil(Math.max(...cells.map((cell) => cell.getBoundingClientRect().bottom))),
  );
  if (end > guess) await show(end);
  await page.screenshot({ path });
}
