import type { ChildProcess } from "node:child_process";
import { get, request } from "node:http";
import { chromium as browserType } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createTopic } from "../../src/kafka/admin/topics";
import { publish } from "../../src/kafka/publish/publish";
import { makeAlert } from "../helpers/alerts";
import { alerts, ended, type Run, start } from "../helpers/alerts-command";
import { chromium, needs } from "../helpers/data";

const bootstrap = inject("bootstrap");
const env = { KAFKA_BOOTSTRAP: bootstrap };
const hostile = '<img src=x onerror="window.attacked=1">';
let child: ChildProcess;
let end: Promise<Run>;
let url: string;

beforeAll(async () => {
  await createTopic("web", { bootstrap, partitions: 1 });
  child = start(["web", "--topic", "web"], { env });
  end = ended(child);
  url = await new Promise((resolve, reject) => {
    child.stdout!.on("data", (text) => resolve(String(text).trim()));
    void end.then(({ stderr }) => reject(new Error(stderr)));
  });
});
afterAll(() => child.kill("SIGKILL"));

const send = (from: number, to: number) =>
  publish(
    Array.from({ length: to - from }, (_, i) => makeAlert(from + i, from + i === 2 ? { objectId: hostile } : {})),
    { bootstrap, topic: "web", secondsPerVisit: 0.01 },
  );

/** Status and headers of a request that fetch would not make. */
function ask(address: string, options: { method?: string; headers?: Record<string, string> } = {}) {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]> }>((resolve, reject) => {
    const call = request(address, options, (response) => {
      response.resume().on("end", () => resolve({ status: response.statusCode!, headers: response.headers }));
    });
    call.on("error", reject).end();
  });
}

describe("alerts web", () => {
  it("answers on the loopback address, with the token, by GET, and nothing else", async () => {
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{48}\/$/);
    const { status, headers } = await ask(url);
    expect(status).toBe(200);
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe|https?:/);
    const origin = new URL(url).origin;
    const others = [
      origin,
      `${origin}/`,
      `${origin}/${"0".repeat(48)}/`,
      url.slice(0, -2),
      `${url}..%2f..`,
      `${url}web.js`,
      `${url}curve/1e9`,
    ];
    for (const address of others) expect([address, (await ask(address)).status]).toEqual([address, 404]);
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) expect((await ask(url, { method })).status).toBe(405);
    // a name of the attacker's that leads to 127.0.0.1
    expect((await ask(url, { headers: { host: "example.org" } })).status).toBe(404);
    expect((await ask(url, { headers: { host: `localhost:${new URL(url).port}` } })).status).toBe(200);
  });

  it("bounds the pages that are open", async () => {
    const open = await Promise.all(
      Array.from(
        { length: 20 },
        () =>
          new Promise<ReturnType<typeof get>>((resolve) => {
            const call = get(`${url}events`, () => resolve(call));
          }),
      ),
    );
    expect((await ask(`${url}events`)).status).toBe(503);
    const closed = open.map((call) => new Promise((resolve) => call.on("close", resolve)));
    for (const call of open) call.destroy();
    await Promise.all(closed);
  });

  it.skipIf(needs.chromium())(
    "shows counts, the latest alerts and a light curve as they come, and asks nobody else",
    async () => {
      const quiet = [
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ];
      const browser = await browserType.launch({
        executablePath: chromium!,
        args: ["--no-sandbox", "--disable-gpu", ...quiet],
      });
      try {
        const page = await browser.newPage();
        const asked = new Set<string>();
        const errors: string[] = [];
        page.on("request", (each) => asked.add(new URL(each.url()).origin));
        page.on("pageerror", (error) => errors.push(error.message));
        page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
        await page.goto(url);
        await page.locator("#rate .plot-container").waitFor();
        expect(await page.textContent("#counts")).toBe("0 alerts read, 0.0 a second");
        await send(1, 4);
        await page.locator("#rows tr").nth(2).waitFor();
        expect(await page.textContent("#counts")).toMatch(/^3 alerts read, \d+\.\d a second$/);
        const cells = await page.$$eval("#rows tr", (rows) => rows.map((row) => (row as any).cells[1].textContent));
        expect(cells).toEqual([makeAlert(3).objectId, hostile.slice(0, 40), makeAlert(1).objectId]);
        await page.locator("#curve", { hasText: String(makeAlert(3).objectId) }).waitFor();
        await page.locator("#rows tr").nth(2).dispatchEvent("pointerdown");
        await page.locator("#curve", { hasText: String(makeAlert(1).objectId) }).waitFor();
        await page.locator("#rows tr").nth(1).press("Enter");
        await page.locator("#curve", { hasText: "onerror" }).waitFor();
        await send(4, 70);
        await page.locator("#counts", { hasText: /^69 alerts/ }).waitFor();
        expect(await page.locator("#rows tr").count()).toBe(50);
        expect(await page.locator("img[src=x]").count()).toBe(0);
        if (process.env["BOOTCAMP_SHOTS"])
          await page.screenshot({ path: `${process.env["BOOTCAMP_SHOTS"]}/web.png`, fullPage: true });
        child.kill("SIGINT");
        await page.locator("#counts.ended").waitFor();
        expect(await page.textContent("#counts")).toContain("69 alerts read");
        expect(await page.textContent("#counts")).toContain("Ended by Ctrl-C.");
        expect([...asked]).toEqual([new URL(url).origin]);
        expect(errors).toEqual([]);
        expect(await end).toMatchObject({
          code: 0,
          stdout: `${url}\n`,
          stderr: expect.stringContaining("read 69, failed 0"),
        });
      } finally {
        await browser.close();
      }
    },
  );

  it("says what is wrong before a page is opened", async () => {
    expect(await alerts(["web", "--topic", "web-absent"], { env })).toMatchObject({ code: 1, stdout: "" });
    expect((await alerts(["web", "--port", "x"], { env })).code).toBe(2);
    expect((await alerts(["web", "--port", "70000"], { env })).code).toBe(2);
  });
});
