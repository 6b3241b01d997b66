// @module-tag long
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../helpers/data";

// in a process of its own, which ends and takes its compiler with it
const ask = `
const { startCompiler } = require("./dist/kernel/compiler/client.js");
const { findSnapshot } = require("./dist/kernel/compiler/snapshot.js");
(async () => {
  const [cwd, kind] = process.argv.slice(1);
  const compiler = startCompiler(cwd, kind === "found" ? findSnapshot() : kind);
  const answers = [];
  for (const [n, code] of [
    "const n: number = 1; n + 1",
    'n.toFixed() + "x".nothing',
    'import { subscribe } from "alert-bootcamp"; (await subscribe("x")).filter((a) => a.mag < n)',
    'import { subscribe } from "alert-bootcamp"; (await subscribe("x")).filter((a) => a.magnitude < n)',
    'import { helper } from "./helper"; helper(n)',
    'import { readFileSync } from "node:fs"; readFileSync(true, "utf8")',
  ].entries()) {
    const checked = await compiler.check(code, n + 1);
    await compiler.commit(n + 1, ["n"]);
    answers.push(checked);
  }
  answers.push(await compiler.inspect("subscr", 3), await compiler.isComplete("f("), (await compiler.complete("n.toF", 5)).entries);
  console.log(JSON.stringify({ isSnapshot: kind === "found" && findSnapshot() !== undefined, answers }));
  process.exit();
})();`;

it("a compiler that starts from a snapshot answers as one that does not; a damaged snapshot is removed and does no harm", () => {
  const folder = mkdtempSync(join(tmpdir(), "kernel-snapshot-"));
  try {
    writeFileSync(join(folder, "helper.ts"), "export const helper = (n: number): number => 2 * n;\n");
    const damaged = join(folder, "damaged.blob");
    writeFileSync(damaged, "no snapshot");
    const answersOf = (kind: string) =>
      JSON.parse(execFileSync(process.execPath, ["-e", ask, folder, kind], { cwd: root, encoding: "utf8" }));
    execFileSync(process.execPath, ["dist/kernel/compiler/snapshot.js"], { cwd: root });
    const [found, plain, mended] = [answersOf("found"), answersOf(""), answersOf(damaged)];
    expect([found.isSnapshot, plain.isSnapshot, mended.isSnapshot]).toEqual([true, false, false]);
    expect(plain.answers.map((one: { mistakes?: unknown[] }) => one?.mistakes?.length ?? -1)).toEqual([
      0, 1, 0, 1, 0, 1, -1, -1, -1,
    ]);
    expect(found.answers).toEqual(plain.answers);
    expect(mended.answers).toEqual(plain.answers);
    expect(existsSync(damaged)).toBe(false);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
