import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { TestNotebook } from "../../../test/helpers/test-notebook";
import { projectRoot } from "../../version";
import { CellCompiler } from "../compiler/cell-compiler";

let folder: string;
let notebook: TestNotebook;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "modules-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const values = async (...cells: string[]) => {
  const found: unknown[] = [];
  for (const cell of cells) found.push(await notebook.run(cell));
  return found;
};

describe("imports", () => {
  beforeEach(() => void (notebook = new TestNotebook(folder, projectRoot)));
  const write = (name: string, text: string, seconds: number) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    utimesSync(path, seconds, seconds);
  };

  it("named, default, namespace, types, dynamic, and of a package that is not in the notebook's folder", async () => {
    const cells = [
      "import { basename, type ParsedPath } from 'node:path'; import os from 'node:os'; import * as url from 'node:url';",
      "[basename('/a/b'), typeof os.cpus, typeof url.pathToFileURL, (null as ParsedPath | null)]",
      "const lazy = await import('node:util'); lazy.format('%d', 5)",
      "import avsc from 'avsc'; typeof avsc.Type.forSchema",
    ];
    expect((await values(...cells)).slice(1)).toEqual([["b", "function", "function", null], "5", "function"]);
  });

  it("a module beside the notebook is read again when it has changed, in TypeScript and JavaScript", async () => {
    write("helper.ts", "export enum Kind { a = 'one' }\nexport const kind = (): Kind => Kind.a;", 1_700_000_000);
    write("plain.js", "exports.size = 1;", 1_700_000_000);
    expect(await notebook.run("(await import('./helper.ts')).kind()")).toBe("one");
    const both = "import { kind } from './helper'; import { size } from './plain.js'; [kind(), size]";
    expect(await notebook.run(both)).toEqual(["one", 1]);
    write("helper.ts", "export const kind = (): number => 2;", 1_700_000_100);
    write("plain.js", "exports.size = 3;", 1_700_000_100);
    expect(await notebook.run(both)).toEqual([2, 3]);
    expect(await notebook.run("import { kind } from './helper'; kind().length")).toMatch(/^TS2339/);
  });

  it("a mistake in a module beside the notebook is told, with its file and line, to the cells that import it", async () => {
    write("inner.ts", "export const size: number =\n  'text';", 1_700_000_000);
    write("outer.ts", "export { size } from './inner.ts';", 1_700_000_000);
    for (const code of ["import { size } from './outer'; size", "await import('./inner.ts')"]) {
      expect(notebook.mistakes(code)).toMatchObject([
        {
          code: "TS2322",
          line: 1,
          column: 14,
          module: { label: "inner.ts", source: expect.stringContaining("'text'") },
        },
      ]);
    }
    expect(await notebook.run("1 + 1")).toBe(2);
    write("inner.ts", "export const size: number = 4;", 1_700_000_100);
    expect(await notebook.run("import { size } from './outer'; size")).toBe(4);
  });

  it("CommonJS has its exports and itself as default, whichever way it is imported", async () => {
    write("common.js", "exports.a = 1;", 1_700_000_000);
    const cells = [
      "const { default: os, cpus } = await import('node:os'); os.cpus === cpus",
      "import * as all from './common.js'; [all.a, (all as any).default.a, Object.keys(all)]",
      "import * as EventEmitter from 'node:events'; typeof EventEmitter",
    ];
    expect(await values(...cells)).toEqual([true, [1, 1, ["a", "default"]], "function"]);
  });

  it("lines of a module are those of its own text", () => {
    write("failing.ts", "import { basename } from 'node:path';\n\nthrow new Error(basename('/a/b'));\n", 1_700_000_000);
    const compiler = new CellCompiler({ cwd: folder, home: projectRoot });
    const { js, lines } = compiler.check("import './failing'", 1).modules![join(folder, "failing.ts")]!;
    const thrownAt = js.split("\n").findIndex((line) => line.startsWith("throw"));
    expect(thrownAt).toBeGreaterThan(2);
    expect(lines[thrownAt + 1]).toBe(3);
    expect(compiler.inspect("nothing", 3)).toBeUndefined();
  });
});
