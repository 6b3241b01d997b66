import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { projectRoot } from "./version";
import { draftOf, writeWhole } from "./write-whole";

let home: string;
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), "bootcamp-whole-"))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe("writing a file whole", () => {
  it("replaces what was there, with a mode that no umask opens", () => {
    const file = join(home, "state.json");
    writeFileSync(file, "old");
    const before = process.umask(0);
    try {
      writeWhole(file, "new");
      writeWhole(join(home, "secret"), "s", 0o600);
    } finally {
      process.umask(before);
    }
    expect(readFileSync(file, "utf8")).toBe("new");
    expect([file, join(home, "secret")].map((path) => statSync(path).mode & 0o777)).toEqual([0o644, 0o600]);
    expect(readdirSync(home).sort()).toEqual(["secret", "state.json"]);
  });

  it("leaves the old content and no draft when it cannot", () => {
    mkdirSync(join(home, "folder"));
    expect(() => writeWhole(join(home, "folder"), "text")).toThrow();
    expect(readdirSync(home)).toEqual(["folder"]);
  });

  it("has drafts of names that cannot be guessed", () => {
    const names = new Set(Array.from({ length: 100 }, () => draftOf("/x/state.json")));
    expect(names.size).toBe(100);
    for (const name of names) expect(name).toMatch(/^\/x\/state\.json\.new-[0-9a-f-]{36}$/);
  });

  it("is how every file is replaced: no draft is named after a process", () => {
    const files = readdirSync(join(projectRoot, "src"), { recursive: true, encoding: "utf8" });
    const named = files
      .filter((name) => /(?<!\.test)\.ts$/.test(name))
      .filter((name) =>
        /new-\$\{process\.pid|process\.pid\}\.part/.test(readFileSync(join(projectRoot, "src", name), "utf8")),
      );
    expect(named).toEqual([]);
  });
});
