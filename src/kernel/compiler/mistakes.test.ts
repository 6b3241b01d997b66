import { tmpdir } from "node:os";
import { beforeAll, describe, expect, it } from "vitest";
import { TestNotebook } from "../../../test/helpers/test-notebook";
import { projectRoot } from "../../version";

let notebook: TestNotebook;

describe("the mistakes of a cell", () => {
  beforeAll(() => void (notebook = new TestNotebook(tmpdir(), projectRoot)));
  it.each([
    ["x = 3", "TS2304: Cannot find name 'x'."],
    ["const q = ;", "TS1109: Expression expected."],
    ["new Map([[1, 'a']]).get(1).length", "TS2532: Object is possibly 'undefined'."],
    ["const id = (row) => row;", "TS7006: Parameter 'row' implicitly has an 'any' type."],
    ["import { nothing } from 'node:fs'", `TS2305: Module '"node:fs"' has no exported member 'nothing'.`],
    ["return 5", "TS1108: A 'return' statement can only be used within a function body."],
  ])("%s", async (code, found) => {
    expect(await notebook.run(code)).toBe(found);
  });

  it("of overloads are the useful line", async () => {
    await notebook.run("function f(a: string): void; function f(a: number): void; function f(..._: unknown[]) {}");
    expect(await notebook.run("f(true)")).toBe(
      "TS2769: Argument of type 'boolean' is not assignable to parameter of type 'number'.",
    );
  });

  it.each([
    ["{ a: 1, b: 2 }", /^an object that begins a cell stands in brackets/],
    ["{ a: 1 }", /^an object that begins a cell stands in brackets/],
    ["%time run()", /^console\.time/],
    ["%%html\n<b>1</b>", /^import \{ display \} from "tslab"; display\.html/],
    ["!ls -l", /execSync\("ls -l"/],
    ["npm install lodash", /^npm install NAME in a terminal/],
    ["#!/usr/bin/env node\nlet a = 1", /^leave the line out/],
    ["# a comment\n1 + 1", /begins with \/\/$/],
    ["<div>hi</div>", /display\.html/],
    ["def f(x):\n  return x", /^function f/],
    ["import numpy as np", /^import \* as np from "numpy"$/],
    ["print('x')", /^console\.log/],
    ["window.open()", /^cells run in Node/],
    ["return 5", /the last expression is what the cell shows$/],
    ["import { z } from 'npm:zod@3'", /^npm install zod .* from "zod"$/],
    ["import x from './nothing'", /beside the notebook/],
  ])("%s is told what it could have been", async (code, remedy) => {
    expect(notebook.remedy(code)).toMatch(remedy);
  });

  it("of what is no TypeScript are one", async () => {
    expect(await notebook.run("%timeit 1 + 1")).toBe(
      "NotTypeScript: %timeit is a command of IPython, and cells are TypeScript.",
    );
    expect(notebook.mistakes("\n  %timeit 1 + 1;;; 5")).toMatchObject([{ line: 2, column: 3 }]);
    // TypeScript all the same
    expect(await notebook.run("<any>1 + nothing")).toMatch(/^TS2304/);
    expect(await notebook.run("const node = 1; !node")).toBe(false);
  });

  it("run nothing of the cell", async () => {
    await notebook.run("let touched = 0");
    await notebook.run("touched = 1; touched = 'text'");
    expect(await notebook.run("touched")).toBe(0);
  });
});
