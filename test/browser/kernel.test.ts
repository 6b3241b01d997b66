import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page, WebSocketRoute } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { KERNEL_NAME } from "../../src/engine/lab/kernelspec";
import { type Lab, startLab, stopLab } from "../../src/engine/lab/lab";
import { needs, root } from "../helpers/data";
import { atHome } from "../helpers/kafka";
import { closedPage, launchBrowser, openNotebook, runAllCells } from "./jupyterlab";

function notebook(folder: string, name: string, sources: readonly string[]): void {
  const cells = sources.map((source, n) => ({
    cell_type: "code",
    id: `cell-${n}`,
    metadata: {},
    execution_count: null,
    outputs: [],
    source,
  }));
  const kernelspec = { name: KERNEL_NAME, display_name: "TypeScript", language: "typescript" };
  writeFileSync(
    join(folder, name),
    JSON.stringify({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }),
  );
}

const cell = (page: Page, n: number) => page.locator(".jp-NotebookPanel .jp-CodeCell").nth(n);
const output = (page: Page, n: number) => cell(page, n).locator(".jp-OutputArea-output");

/** Starts a cell; what it does is waited for by its prompt. */
async function start(page: Page, n: number): Promise<void> {
  await cell(page, n).locator(".cm-content").click();
  await page.keyboard.press("Control+Enter");
}
const promptIs = (page: Page, n: number, pattern: RegExp) =>
  page.waitForFunction(
    `${pattern}.test(document.querySelectorAll(".jp-NotebookPanel .jp-CodeCell .jp-InputPrompt")[${n}].textContent.trim())`,
    undefined,
    { timeout: 60_000 },
  );
const done = /^\[\d+\]:$/;

/** A cell that goes on when a file is there, and makes one: so that a test knows what it does, whoever is listening. */
const waiting = (name: string) => [
  `import { existsSync, writeFileSync } from "node:fs";
const there = async (file: string) => { while (!existsSync(file)) await new Promise((done) => setTimeout(done, 10)) };
let lines = 0;`,
  `console.log("begins");
await there("${name}-lost");
for (; lines < 1000; lines++) console.log(\`line \${lines}\`);
writeFileSync("${name}-printed", "");
await there("${name}-back");
console.log("goes on");
"value"`,
  "lines",
];

const press = (page: Page, button: "interrupt" | "restart") =>
  page.locator(`.jp-NotebookPanel-toolbar [data-jp-item-name="${button}"]`).click();

describe.skipIf(needs.chromium() || needs.python())("the kernel under JupyterLab", () => {
  const home = mkdtempSync(join(tmpdir(), "lab-home-"));
  const folder = join(home, "notebooks");
  let lab: Lab;
  let browser: Browser;

  beforeAll(async () => {
    mkdirSync(folder);
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    notebook(folder, "busy.ipynb", [
      "let n = 0;",
      "for (let i = 0; i < 20_000; i++) console.log(`line ${i}`);",
      'console.log("counts"); for (;;) n++;',
      "n > 0",
      'console.log("waits"); await new Promise(() => {});',
    ]);
    for (const name of ["network", "tab"]) notebook(folder, `${name}.ipynb`, waiting(name));
    notebook(folder, "wrong.ipynb", ["1 + 1", 'throw new RangeError("in the middle");', '"never"']);
    const env = { KAFKA_BOOTSTRAP: inject("bootstrap") };
    lab = await atHome(home, () => startLab({ port: 0, notebooks: folder, env }));
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await atHome(home, stopLab);
    rmSync(home, { recursive: true, force: true });
  });

  it("shows 20,000 lines, is interrupted in a loop and in a wait with its variables kept, and forgets them by a restart", async () => {
    const { page, outside } = await closedPage(browser);
    await openNotebook(page, lab.url, "busy.ipynb");
    await start(page, 0);
    await promptIs(page, 0, done);
    await start(page, 1);
    await promptIs(page, 1, done);
    const text = await output(page, 1).first().textContent();
    expect([text!.includes("line 0\n"), text!.includes("line 19999\n")]).toEqual([true, true]);
    for (const endless of [2, 4]) {
      await start(page, endless);
      // before this it may be on its way, and would end without having begun
      await output(page, endless)
        .getByText(/counts|waits/)
        .waitFor({ timeout: 60_000 });
      await press(page, "interrupt");
      await promptIs(page, endless, done);
      await start(page, 3);
      await promptIs(page, 3, done);
      expect((await output(page, 3).last().textContent())!.trim()).toBe("true");
    }
    await press(page, "restart");
    await page.locator(".jp-Dialog .jp-mod-accept").click();
    await page.getByText("TypeScript | Idle").waitFor({ timeout: 60_000 });
    await start(page, 3);
    await promptIs(page, 3, done);
    expect(await output(page, 3).last().textContent()).toMatch(/n/);
    expect((await output(page, 3).last().textContent())!.trim()).not.toBe("true");
    expect(outside).toEqual([]);
    await page.close();
  }, 180_000);

  it("ends Run All at the cell that fails, beside another notebook that computes", async () => {
    const { page: other } = await closedPage(browser);
    await openNotebook(other, lab.url, "busy.ipynb");
    await start(other, 0);
    await start(other, 2);
    await promptIs(other, 2, /^\[\*\]:$/);
    const { page } = await closedPage(browser);
    await openNotebook(page, lab.url, "wrong.ipynb");
    await runAllCells(page);
    // the front end shows for a moment that the next cell does not run yet
    for (const ran of [0, 1]) await promptIs(page, ran, done);
    await promptIs(page, 2, /^\[ \]:$/);
    expect(await output(page, 1).last().textContent()).toContain("in the middle");
    expect(
      await cell(page, 1)
        .locator('[data-mime-type="application/vnd.jupyter.stderr"], [data-mime-type="application/vnd.jupyter.error"]')
        .count(),
    ).toBeGreaterThan(0);
    await press(other, "interrupt");
    await promptIs(other, 2, done);
    await other.close();
    await page.close();
  }, 180_000);

  const say = (file: string) => writeFileSync(join(folder, file), "");
  const said = (file: string) => vi.waitUntil(() => existsSync(join(folder, file)), { timeout: 60_000, interval: 10 });

  it("loses nothing that a cell prints while the connection is lost", async () => {
    const { page } = await closedPage(browser);
    const connections: WebSocketRoute[] = [];
    await page.routeWebSocket(/\/channels\?/, async (socket) => {
      // the new one comes when the cell has printed to nobody
      if (connections.length > 0) await said("network-printed");
      connections.push(socket);
      socket.connectToServer();
    });
    await openNotebook(page, lab.url, "network.ipynb");
    await start(page, 0);
    await promptIs(page, 0, done);
    await start(page, 1);
    await output(page, 1).getByText("begins").waitFor();
    const before = connections.length;
    await Promise.all(connections.map((socket) => socket.close()));
    say("network-lost");
    await output(page, 1).getByText("line 999").waitFor({ timeout: 60_000 });
    expect(connections.length).toBeGreaterThan(before);
    say("network-back");
    await promptIs(page, 1, done);
    const texts = await output(page, 1).allTextContents();
    const lines = Array.from({ length: 1000 }, (_, i) => `line ${i}\n`).join("");
    expect(texts.join("")).toBe(`begins\n${lines}goes on\n'value'`);
    await page.close();
  }, 180_000);

  it("goes on when its tab is closed, and is found busy, then with its variables, by the next", async () => {
    const { page } = await closedPage(browser);
    await openNotebook(page, lab.url, "tab.ipynb");
    await start(page, 0);
    await promptIs(page, 0, done);
    await start(page, 1);
    await output(page, 1).getByText("begins").waitFor();
    await page.close();
    say("tab-lost");
    await said("tab-printed");
    const { page: next } = await closedPage(browser);
    await openNotebook(next, lab.url, "tab.ipynb", "Busy");
    say("tab-back");
    await next.getByText("TypeScript | Idle").waitFor({ timeout: 60_000 });
    await start(next, 2);
    await promptIs(next, 2, done);
    expect((await output(next, 2).last().textContent())!.trim()).toBe("1000");
    await next.close();
  }, 180_000);
});
