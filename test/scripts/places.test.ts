import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, realpathSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ScriptProject } from "./script-project";

let project: ScriptProject;
beforeEach(() => {
  project = new ScriptProject();
});
afterEach(() => project.remove());

const run = (script: string, args: string[] = [], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) =>
  spawnSync("bash", [script, ...args], {
    cwd: options.cwd ?? project.folder,
    env: { ...project.env, ...options.env },
    encoding: "utf8",
    timeout: 30_000,
  });

describe.each(["download_ztf_alert_data.sh", "launch_alert_system.sh", "launch_bootcamp.sh"])("%s", (name) => {
  it("finds its project through links, relative and absolute", () => {
    const links = project.beside("links");
    symlinkSync(join("..", basename(project.folder), name), join(links, "near"));
    symlinkSync(join(links, "near"), join(links, "far"));
    const { status, stderr } = run("far", [], { cwd: links });
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining("No such file") });
    expect(project.calls().length).toBeGreaterThan(0);
  });

  it("finds it with CDPATH exported, which makes cd print where it went", () => {
    const env = { CDPATH: `.:${join(project.folder, "..")}` };
    const cwd = join(project.folder, "..");
    const { status, stderr } = run(join(basename(project.folder), name), [], { cwd, env });
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining("No such file") });
    expect(project.calls().length).toBeGreaterThan(0);
  });
});

describe("setup_docker.sh", () => {
  it("finds its project through a link and with CDPATH, and leaves its name to Compose, as its header does", () => {
    const links = project.beside("links");
    symlinkSync(join(project.folder, "setup_docker.sh"), join(links, "set-up"));
    const { status, stderr } = run("set-up", [], { cwd: links, env: { CDPATH: `.:${links}` } });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const calls = project
      .dockerCalls()
      .split("\n")
      .filter((line) => line.includes(": compose "));
    expect(calls.length).toBeGreaterThan(2);
    for (const call of calls) expect(call).toMatch(/: compose (?!-)/);
    // where docker-compose.yml lies, and .env with COMPOSE_PROJECT_NAME if somebody sets it
    expect([...new Set(calls.map((call) => call.split(": ")[0]))]).toEqual([realpathSync(project.folder)]);
  });
});

describe("download_ztf_alert_data.sh", () => {
  it("leaves the folder to the command, unless one is named", () => {
    run("download_ztf_alert_data.sh", ["20181129"]);
    run("download_ztf_alert_data.sh", ["20181129", "--folder", "my data"]);
    expect(project.calls().map(({ args }) => args.slice(1))).toEqual([
      ["20181129"],
      ["--catalog"],
      ["20181129", "--folder", "my data"],
      ["--catalog", "--folder", "my data"],
    ]);
  });

  it("ends when it is interrupted, and does not go on to the catalogue", async () => {
    const child = spawn("bash", [join(project.folder, "download_ztf_alert_data.sh")], {
      env: { ...project.env, LONG_DOWNLOAD: "1" },
      detached: true, // a group of its own, as a terminal has
      stdio: ["ignore", "pipe", "ignore"],
    });
    const ended = once(child, "close");
    // so that nothing is left running if it goes on to the next download
    child.stdout!.on("data", () => process.kill(-child.pid!, "SIGINT"));
    expect(await ended).toEqual([130, null]);
    expect(project.calls().map(({ args }) => args[1])).toEqual(["20181129"]);
  });
});

describe("launch_bootcamp.sh", () => {
  it("--engine local takes away the broker that the environment names, and what .env would name in its place", () => {
    expect(run("launch_bootcamp.sh", ["--engine", "local"], { env: { KAFKA_BOOTSTRAP: "far:9092" } }).status).toBe(0);
    expect(project.calls().map(({ args, bootstrap }) => [args.slice(0, 2).join(" "), bootstrap])).toEqual([
      ["setup --no-kafka", ""],
      ["stream start", ""],
      ["lab start", ""],
    ]);
  });

  it.each([["--notebooks", "nowhere"], ...["70000", "-1", "1.5", "x", ""].map((port) => ["--port", port])])(
    "refuses %s %j before anything is started",
    (option, value) => {
      const { status, stderr } = run("launch_bootcamp.sh", [option, value]);
      expect({ status, stderr }).toEqual({
        status: 2,
        stderr: expect.stringMatching(new RegExp(`^launch_bootcamp\\.sh: ${option} needs a .*, got ${value}; --help`)),
      });
      expect(existsSync(join(project.folder, "calls"))).toBe(false);
    },
  );
});
