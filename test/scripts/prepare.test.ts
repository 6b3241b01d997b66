import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { scratch } from "../files/make";
import { root } from "../helpers/data";

const folder = scratch();
const project = join(folder, "project");
const calls = join(folder, "calls");

/** A project with two packages, one of them optional; npm only writes down what it is asked to do. */
beforeEach(() => {
  rmSync(project, { recursive: true, force: true });
  rmSync(calls, { force: true });
  for (const each of ["src", "dist", "node_modules", "bin"]) mkdirSync(join(project, each), { recursive: true });
  writeFileSync(join(project, "dist/index.js"), "");
  lock("package-lock.json", {
    "": {},
    "node_modules/avsc": { version: "5.7.9" },
    "node_modules/fsevents": { version: "2.3.3", optional: true },
  });
  lock("node_modules/.package-lock.json", { "node_modules/avsc": { version: "5.7.9" } });
  writeFileSync(join(project, "bin/npm"), `#!/bin/sh\necho "$1 $2" >> "${calls}"\n`);
  chmodSync(join(project, "bin/npm"), 0o755);
});
const lock = (file: string, packages: object) => writeFileSync(join(project, file), JSON.stringify({ packages }));

/** What npm was asked for. */
function prepared(): string {
  const script = `. "${root}/docker/prepare.sh"; prepare "${project}"`;
  const env = { ...process.env, PATH: `${join(project, "bin")}${delimiter}${process.env["PATH"]}` };
  const run = spawnSync("bash", ["-euo", "pipefail", "-c", script], { env, encoding: "utf8" });
  expect(run.status, run.stderr).toBe(0);
  return existsSync(calls) ? spawnSync("cat", [calls], { encoding: "utf8" }).stdout : "";
}

describe("prepare", () => {
  it("installs nothing when what is locked is there, whatever the times of the files say", () => {
    utimesSync(join(project, "package-lock.json"), new Date("2099-01-01"), new Date("2099-01-01"));
    expect(prepared()).toBe("");
  });

  it.each([
    [
      "the lock file names another version",
      () => lock("package-lock.json", { "": {}, "node_modules/avsc": { version: "5.7.10" } }),
    ],
    [
      "the lock file names a further package",
      () =>
        lock("package-lock.json", {
          "node_modules/avsc": { version: "5.7.9" },
          "node_modules/tar": { version: "1.0.0" },
        }),
    ],
    ["an installation was cut off", () => rmSync(join(project, "node_modules/.package-lock.json"))],
    ["nothing was installed yet", () => rmSync(join(project, "node_modules"), { recursive: true })],
  ])("installs when %s", (_, change) => {
    change();
    expect(prepared()).toMatch(/^ci --no-audit\n/);
  });

  it("builds when a source is newer than what was built", () => {
    utimesSync(join(project, "dist/index.js"), new Date("2020-01-01"), new Date("2020-01-01"));
    writeFileSync(join(project, "src/new.test.ts"), "");
    expect(prepared()).toBe("");
    writeFileSync(join(project, "src/new.ts"), "");
    expect(prepared()).toBe("run --silent\n");
  });
});
