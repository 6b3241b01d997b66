import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeFolder } from "./folders";
import { projectRoot } from "./version";

let home: string;
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), "bootcamp-folders-"))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe("making a folder", () => {
  it("makes those above it too, with the mode asked for, and leaves what is there", () => {
    const before = process.umask(0);
    try {
      makeFolder(join(home, "a", "b"), 0o700);
    } finally {
      process.umask(before);
    }
    expect([statSync(join(home, "a")).mode & 0o777, statSync(join(home, "a", "b")).mode & 0o777]).toEqual([
      0o700, 0o700,
    ]);
    makeFolder(join(home, "a", "b"));
    expect(readdirSync(home)).toEqual(["a"]);
  });

  it("says what stands in the way", () => {
    writeFileSync(join(home, "file"), "");
    expect(() => makeFolder(join(home, "file"))).toThrow(/EEXIST/);
    expect(() => makeFolder(join(home, "file", "below"))).toThrow(/ENOTDIR|EEXIST/);
  });

  it.skipIf(!existsSync("/proc/self"))("ends where nothing can be made", () => {
    expect(() => makeFolder("/proc/bootcamp/x")).toThrow(/ENOENT/);
  });

  it("is how every folder of the library is made: mkdir with recursive may never end", () => {
    const files = readdirSync(join(projectRoot, "src"), { recursive: true, encoding: "utf8" });
    const sources = files.filter((name) => /(?<!\.test)\.ts$/.test(name));
    expect(sources).toContain("folders.ts");
    const mkdir = sources.filter((name) =>
      /mkdir(Sync)?\([^;]*recursive/.test(readFileSync(join(projectRoot, "src", name), "utf8")),
    );
    expect(mkdir).toEqual([]);
  });
});
