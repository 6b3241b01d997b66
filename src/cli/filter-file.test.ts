import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { loadFilterFiles } from "./filter-file";

const folder = mkdtempSync(join(tmpdir(), "bootcamp-filter-file-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
function file(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  return path;
}
const load = (...files: (string | { path: string; name: string })[]) =>
  loadFilterFiles(files.map((one) => (typeof one === "string" ? { path: one } : one)));

const labelled = (label: string) => `Object.assign((a: any) => a.mag < 16, { label: ${JSON.stringify(label)} })`;

describe("the name of a filter", () => {
  it("is that of its file or the one that was given, whatever its label says; one of several has its number or its own", () => {
    const odd = "function odd(a: any) { return a.mag % 2 === 1; }";
    const found = load(
      file("bright.ts", `export default ${labelled("mag < 16")};\n`),
      file("other.ts", `export default ${labelled("mag < 16")};\n`),
      file("list.ts", `${odd}\nexport default [${labelled("x")}, odd, ${labelled("x")}];\n`),
      file("function.ts", "export default function anything(a: any) { return a.mag < 16; }\n"),
      { path: file("a/filter.ts", "export default (a) => a.mag < 16;\n"), name: "mine" },
      { path: file("b/filter.ts", "export default [(a) => a.mag < 16, (a) => a.mag < 17];\n"), name: "yours" },
    );
    expect(found.map((each) => each.map(({ name }) => name))).toEqual([
      ["bright"],
      ["other"],
      ["list-1", "list-odd", "list-3"],
      ["function"],
      ["mine"],
      ["yours-1", "yours-2"],
    ]);
  });
});

describe("many filter files", () => {
  it("are checked by one program: a compiler for each takes half a second", () => {
    const compiler = require("typescript-6");
    const reads = vi.spyOn(compiler.sys, "readFile");
    const files = Array.from({ length: 100 }, (_, n) =>
      file(`many/f${n}.ts`, `const limit: number = ${n};\nexport default (a) => a.mag < limit;\n`),
    );
    const filters = load(...files).flat();
    expect(reads.mock.calls.filter(([path]) => /lib\.es5\.d\.ts$/.test(String(path))).length).toBe(1);
    expect(filters.map(({ accepts }) => accepts({ mag: 50 } as never)).filter(Boolean).length).toBe(49);
    reads.mockRestore();
  });

  it("do not see each other's variables, and the one that is wrong is named", () => {
    const script = "const limit = 16;\nmodule.exports = (a) => a.mag < limit;\n";
    expect(load(file("one.js", script), file("two.js", script)).length).toBe(2);
    const wrong = file("wrong.ts", 'const limit: number = "16";\nexport default (a) => a.mag < limit;\n');
    expect(() => load(file("right.ts", "export default (a) => a.mag < 16;\n"), wrong)).toThrow(
      expect.objectContaining({ code: "USAGE", where: expect.stringMatching(/wrong\.ts:1:7$/) }),
    );
  });
});
