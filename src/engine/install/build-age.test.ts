import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { newerThanBuild } from "./build-age";

let root: string;
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), "bootcamp-build-"))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

function file(path: string, time: number): void {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), "");
  utimesSync(join(root, path), time, time);
}

it("names a source that the build does not know yet, and no test", () => {
  expect(newerThanBuild(root)).toBeUndefined();
  file("dist/index.js", 1000);
  expect(newerThanBuild(root)).toBeUndefined();
  file("src/index.ts", 999);
  file("src/cli/up.test.ts", 2000);
  expect(newerThanBuild(root)).toBeUndefined();
  file("src/cli/up.ts", 2000);
  expect(newerThanBuild(root)).toBe(join("src", "cli", "up.ts"));
});
