import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { needs, root, shellcheck } from "../helpers/data";

const scripts = readdirSync(root).filter((name) => name.endsWith(".sh"));
const run = (name: string, args: string[], env: NodeJS.ProcessEnv = process.env, cwd = tmpdir()) =>
  spawnSync("bash", [join(root, name), ...args], { cwd, env, encoding: "utf8", timeout: 20_000 });

describe.skipIf(needs.shellcheck())("shellcheck", () => {
  it("has nothing to say about any script", () => {
    expect(scripts.length).toBeGreaterThanOrEqual(3);
    const files = [...scripts, join("docker", "prepare.sh")];
    const checked = spawnSync(shellcheck!, ["-x", ...files], { cwd: root, encoding: "utf8" });
    expect(checked.stdout).toBe("");
    expect(checked.status).toBe(0);
  });
});

describe.each(scripts)("%s", (name) => {
  it("explains itself from any folder", () => {
    const { status, stdout, stderr } = run(name, ["--help"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(new RegExp(`^Usage: \\./${name}`));
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
  });

  it("answers an unknown option with exit code 2, and starts nothing", () => {
    const home = mkdtempSync(join(tmpdir(), "script-"));
    const { status, stderr } = run(name, ["--no-such-option"], { ...process.env, BOOTCAMP_HOME: home });
    expect(readdirSync(home)).toEqual([]);
    rmSync(home, { recursive: true });
    expect(status).toBe(2);
    expect(stderr).toMatch(/--no-such-option|Usage/);
  });
});

describe("a program that is missing", () => {
  /** A PATH with the usual tools and without some programs. */
  function without(...missing: string[]): { path: string; remove: () => void } {
    const folder = mkdtempSync(join(tmpdir(), "path-"));
    for (const from of (process.env["PATH"] ?? "").split(delimiter)) {
      for (const name of listOr(from)) {
        if (missing.some((one) => name === one || (one === "python3" && /^python[\d.]*$/.test(name)))) continue;
        try {
          symlinkSync(join(from, name), join(folder, name));
        } catch {
          // an earlier folder of PATH has one of that name
        }
      }
    }
    return { path: folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
  }
  const listOr = (folder: string) => {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  };

  it.each([
    { script: "launch_alert_system.sh", program: "node", words: /^Node\.js is missing\n {2}→ install .*\n$/ },
    { script: "launch_bootcamp.sh", program: "node", words: /^Node\.js is missing\n {2}→ install .*\n$/ },
    { script: "launch_bootcamp.sh", program: "python3", words: /^Python is missing\n {2}→ sudo apt-get install .*\n$/ },
  ])("$program for $script: one sentence with the command, exit code 1", ({ script, program, words }) => {
    const { path, remove } = without(program);
    const home = mkdtempSync(join(tmpdir(), "script-"));
    const env = { ...process.env, PATH: path, BOOTCAMP_HOME: home, BOOTCAMP_PYTHON: undefined };
    const { status, stdout, stderr } = run(script, [], env);
    expect(readdirSync(home)).toEqual([]);
    remove();
    rmSync(home, { recursive: true });
    expect(stderr).toMatch(words);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  });

  it("Java for Kafka: the same, and nothing is left running", () => {
    const { path, remove } = without("java", "docker", "podman");
    const home = mkdtempSync(join(tmpdir(), "script-"));
    const env = { ...process.env, PATH: path, JAVA_HOME: undefined, KAFKA_BOOTSTRAP: undefined, BOOTCAMP_HOME: home };
    const { status, stderr } = run("launch_alert_system.sh", ["--data", "simulated", "--engine", "local"], env);
    remove();
    rmSync(home, { recursive: true });
    expect(stderr).toMatch(/Kafka needs Java 17 or newer; found none\n {2}→ sudo apt-get install openjdk/);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(status).toBe(1);
  });

  it("a folder that is not there is named before anything is started", () => {
    const { status, stderr } = run("launch_alert_system.sh", ["--data", join(tmpdir(), "no-such-night")]);
    expect(stderr).toContain(join(tmpdir(), "no-such-night"));
    expect(stderr).toContain("download_ztf_alert_data.sh");
    expect(stderr).not.toMatch(/Starting Kafka/);
    expect(status).toBe(1);
  });
});
