import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { isAlive } from "../../src/broker/process-alive";
import { describeTopic } from "../../src/kafka/admin/topics";
import { subscribe } from "../../src/kafka/read/subscribe";
import { makeAlert } from "../helpers/alerts";
import { dataFolder, needs } from "../helpers/data";
import { Home } from "./home";

const home = new Home();
afterAll(() => home.remove(), 60_000);

/** Everything runs on one Kafka, in the order in which a person would do it. */
describe("launch_alert_system.sh", () => {
  const launch = (...args: string[]) => home.script("launch_alert_system.sh", ...args);
  const held = async () => Number((await describeTopic("ztf-stream", home.state("engine"))).messages);

  it("without data it streams the simulated night, says so, and returns when the first visit is readable", async () => {
    const run = await launch("--port", "0", "--engine", "local", "--every", "60");
    expect(run).toMatchObject({ code: 0, stdout: "" });
    expect(run.stderr).toMatch(/Data: no downloaded night is there, so the simulated (ZTF )?night of seed 7/);
    expect(run.stderr).toMatch(/^visit 1 .* 4 alerts/m);
    expect(run.stderr).toMatch(/^Next: npx alerts print ztf-stream --limit 5$/m);
    const stream = await subscribe("ztf-stream", home.state("engine"));
    const alerts = await stream.toArray();
    expect(alerts.map((a) => a.survey)).toEqual(Array(4).fill("ztf"));
    const { origin } = alerts[0]!;
    expect(origin.kind === "kafka" && String(origin.headers["bootcamp-source"])).toBe("simulated-7");
    expect(existsSync(join(home.folder, "data", "simulated-7", "truth.csv"))).toBe(true);
  });

  it("what is mistyped is refused with exit code 2, and the stream that runs goes on", async () => {
    const { pid } = await home.streamStatus();
    const empty = join(home.folder, "no-alerts");
    mkdirSync(empty);
    for (const [args, words] of [
      [["--data", empty], /Expected .*\bno-alerts\b.*none/],
      [["--topic", "a b"], /a topic name of letters, digits, .* got "a b"/],
      [["--every", "0"], /--every above 0 s, got 0/],
      [["--port", "70000"], /a port between 0 and 65535, got 70000/],
      [["--survey", "wise", "--data", empty], /--survey ztf or lsst, got "wise"/],
      [["--survey", "lsst", "--alerts", "-5"], /alerts to be a whole number from 1 to 100000, got -5/],
      [["--survey", "lsst", "--visits", "1.5"], /visits to be a whole number from 1 to 160, got 1.5/],
      [["--survey", "lsst", "--stamps", "bogus"], /--stamps all, some or none, got "bogus"/],
    ] as const) {
      const run = await launch(...args);
      expect([args, run.code, run.stdout]).toEqual([args, 2, ""]);
      expect(run.stderr).toMatch(words);
      expect(run.stderr).toMatch(/^alerts: .*\n( {2}→ .*\n)?$/); // one sentence, nothing else
    }
    expect(await home.streamStatus()).toMatchObject({ running: true, pid });
  });

  it("--stop ends the stream alone; what was sent was acknowledged", async () => {
    const { pid } = await home.streamStatus();
    expect(isAlive(pid)).toBe(true);
    expect((await launch("--stop")).stderr).toMatch(/^the stream is stopped$/m);
    expect(isAlive(pid)).toBe(false);
    expect(home.log("stream")).toMatch(/^interrupted: 4 alerts acknowledged in 1 visits/m);
    expect(await held()).toBe(4);
    expect(await launch("--stop")).toMatchObject({ code: 0, stderr: expect.stringMatching(/^no stream was running/) });
  });

  it("a stream that cannot begin says why, and is not left behind", async () => {
    const tooLarge = join(home.folder, "too-large.avro");
    writeFileSync(tooLarge, makeAlert(0, { padding: 11e6 }).bytes);
    const run = await launch("--data", tooLarge);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/alerts of at most \S+ MB, got 11\d+.*\n.*\n.*ended before its first visit\n {2}→ mend/);
    expect(run.stderr).not.toMatch(/\n\s+at /);
    expect(await home.streamStatus()).toEqual({ running: false });
  });

  it.skipIf(needs.data())("launched again it begins with an empty topic; with --append it does not", async () => {
    const night = ["--data", dataFolder("ztf"), "--fast"];
    for (const [more, count] of [
      [[], 115],
      [[], 115],
      [["--append"], 230],
    ] as const) {
      expect(await launch(...night, ...more)).toMatchObject({ code: 0 });
      await home.streamEnd();
      expect(await held()).toBe(count);
    }
    const { stdout } = await home.alerts("print", "ztf-stream", "--limit", "5");
    expect(stdout.trim().split("\n")).toHaveLength(5);
  });
});

describe.skipIf(needs.python())("launch_bootcamp.sh", () => {
  const launch = () =>
    home.script("launch_bootcamp.sh", "--no-browser", "--port", "0", "--data", "simulated", "--every", "60");
  let url: URL;
  const ask = (path: string, method = "GET", token = url.searchParams.get("token")) =>
    fetch(new URL(path, url), {
      method,
      redirect: "manual",
      ...(token && { headers: { authorization: `token ${token}` } }),
    });

  it("prints an address that answers with its token, and nobody without", async () => {
    const run = await launch();
    expect(run.code, run.stderr).toBe(0);
    expect(run.stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/lab\?token=[0-9a-f]{48}\n$/);
    url = new URL(run.stdout);
    expect((await ask("/api/contents")).status).toBe(200);
    expect((await ask("/api/contents", "GET", "")).status).toBe(403);
    expect((await ask("/api/contents", "GET", "0".repeat(48))).status).toBe(403);
    expect((await ask("/lab", "GET", "")).status).toBe(302);
    expect(run.stderr + home.log("lab")).not.toContain(url.searchParams.get("token"));
    expect(home.processes().join("\n")).not.toContain(url.searchParams.get("token"));
  });

  it("serves the notebooks with the TypeScript kernel, and asks no outside server for news", async () => {
    const contents: any = await (await ask("/api/contents")).json();
    expect(contents.content.map((file: any) => file.name)).toContain("1_alerts_and_visits.ipynb");
    const kernels: any = await (await ask("/api/kernelspecs")).json();
    expect(kernels.default).toBe("tslab");
    expect(kernels.kernelspecs.tslab.spec.display_name).toBe("TypeScript");
    expect(kernels.kernelspecs["tslab-own"].spec.display_name).toBe("TypeScript (tslab)");
    expect(await (await ask("/lab/api/news")).json()).toEqual({ news: [] });
    expect(await (await ask("/lab/api/update")).json()).toEqual({ notification: null });
    expect(home.log("lab")).toContain("Extension Manager is 'readonly'");
  });

  it("launched again it prints the same address and leaves the stream as it is", async () => {
    const before = await home.streamStatus();
    const again = await launch();
    expect(again).toMatchObject({ code: 0, stdout: `${url}\n` });
    expect(again.stderr).toMatch(/it is left as it is/);
    expect((await home.streamStatus()).pid).toBe(before.pid);
  });

  it("--stop leaves no process behind, not even the kernel of a JupyterLab that was killed", async () => {
    expect((await ask("/api/kernels", "POST")).status).toBe(201);
    const kernel = () => home.processes().find((line) => line.includes("dist/kernel/main.js"));
    expect(kernel()).toBeDefined();
    process.kill(home.state("lab").pid, "SIGKILL");
    const run = await home.script("launch_bootcamp.sh", "--stop");
    expect(run.code, run.stderr).toBe(0);
    expect(home.processes()).toEqual([]);
    expect(run.stderr).toMatch(/^Next time: \.\/launch_bootcamp\.sh$/m);
  });
});
