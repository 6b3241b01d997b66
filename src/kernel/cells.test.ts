import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { TestNotebook } from "../../test/helpers/test-notebook";
import { projectRoot } from "../version";
import { CellCompiler } from "./compiler/cell-compiler";

let folder: string;
let notebook: TestNotebook;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cells-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One notebook for a whole describe: starting a compiler takes half a second. */
const shared = () => beforeAll(() => void (notebook = new TestNotebook(folder, projectRoot)));
const values = async (...cells: string[]) => {
  const found: unknown[] = [];
  for (const cell of cells) found.push(await notebook.run(cell));
  return found;
};

describe("names of earlier cells", () => {
  shared();

  it("are seen, assigned, and closed over", async () => {
    expect(await values("let n = 1; const add = (m: number) => n + m;", "n = 10; add(1)", "n += 5, add(1)")).toEqual([
      undefined,
      11,
      16,
    ]);
  });

  it("are replaced by later declarations of another type", async () => {
    expect(
      await values(
        "const thing = 1",
        "const thing = 'text'",
        "thing.length",
        "function thing() { return 8 }; thing()",
        "thing()",
      ),
    ).toEqual([undefined, undefined, 4, 8, 8]);
  });

  it("may stand in shorthand, in destructuring, in templates, and are hidden by parameters of their name", async () => {
    const cells = [
      "let topic = 'ztf'; let count = 2;",
      "const options = { topic, count }; options",
      "({ topic, count = 7 } = { topic: 'lsst' } as { topic: string; count?: number }); [topic, count]",
      "[(topic: number) => topic + 1][0](3) + `${topic}`",
      "function inner() { const topic = 5; return { topic } } inner().topic",
    ];
    expect((await values(...cells)).slice(1)).toEqual([{ topic: "ztf", count: 2 }, ["lsst", 7], "4lsst", 5]);
  });

  it("are called without a this, also as tags", async () => {
    await notebook.run("function self(this: unknown, ..._: unknown[]) { return this }");
    expect(await values("self()", "self`a`")).toEqual([undefined, undefined]);
  });

  it("hold as far as a cell that threw was run", async () => {
    const [thrown] = await values("const early = 1; throw new Error('middle'); const late = 2;");
    expect(thrown).toMatchObject({ message: "middle" });
    expect(await values("early", "late")).toEqual([1, "TS2304: Cannot find name 'late'."]);
  });

  it("leave the globals of the library alone", async () => {
    expect(await values("const fetch = 5; const JSON = { parse: () => 1 }", "fetch + JSON.parse()")).toEqual([
      undefined,
      6,
    ]);
    expect(typeof globalThis.fetch).toBe("function");
  });
});

describe("declarations", () => {
  shared();

  it("classes with private members, generics, enums, namespaces, interfaces and mapped types live on", async () => {
    const cells = [
      "class Box<T> { #inside: T; constructor(inside: T, readonly label = 'box') { this.#inside = inside } open() { return this.#inside } }",
      "enum Band { g, r = 'r' } namespace Sky { export const radius = 3 } interface Row { box: Box<number>; band?: Band }",
      "type Lists<T> = { [K in keyof T]: T[K][] }; const lists: Lists<{ ra: number }> = { ra: [1] };",
      "const row: Row = { box: new Box(5), band: Band.g }; row.box.open() + Sky.radius + lists.ra[0]",
      "class Bigger extends Box<string> { override open() { return super.open() + '!' } } new Bigger('a').open()",
      "const bad: Row = { box: 3 }",
    ];
    expect((await values(...cells)).slice(3)).toEqual([
      9,
      "a!",
      "TS2322: Type 'number' is not assignable to type 'Box<number>'.",
    ]);
  });

  it("destructuring with rest, defaults and holes", async () => {
    const cells = [
      "const { a: [first], ...rest } = { a: [1], b: 2 }; const [x, , y = 9] = [1, 2];",
      "[first, rest, x, y]",
    ];
    expect((await values(...cells))[1]).toEqual([1, { b: 2 }, 1, 9]);
  });

  it("overloads, generators, async generators, decorators and using", async () => {
    const cells = [
      "function twice(x: string): string; function twice(x: number): number; function twice(x: any): any { return x + x }",
      "[twice('a'), twice(2)]",
      "function* two() { yield 1; yield 2 } async function* later() { yield* two() }",
      "let sum = 0; for await (const one of later()) sum += one; sum",
      "const seen: string[] = []; { using it = { [Symbol.dispose]() { seen.push('closed') } }; seen.push('open') } seen.join()",
      "function named(_: unknown, { name }: ClassMethodDecoratorContext) { seen.push(String(name)) } class D { @named go() {} } seen.at(-1)",
    ];
    expect((await values(...cells)).filter((_, i) => i % 2 === 1 || i === 4)).toEqual([
      ["aa", 4],
      3,
      "open,closed",
      "go",
    ]);
  });

  it("export default of what has no name declares nothing", async () => {
    expect(
      await values("export default function () {}", "export default class {}", "export default () => 1; 2"),
    ).toEqual([undefined, undefined, 2]);
  });

  it("export means nothing, and no name is too strange", async () => {
    expect(
      await values("export const öffnung = 1; export default 5; export {};", "öffnung", "const $ = 2, _ = 3;", "$ + _"),
    ).toEqual([undefined, 1, undefined, 5]);
    expect(await values("const __proto__ = 6, constructor = 7;", "[__proto__, constructor]")).toEqual([
      undefined,
      [6, 7],
    ]);
  });
});

describe("declarations that are no statements of their own", () => {
  shared();

  it("var in loops, branches and blocks is of the notebook, also when the cell threw in it", async () => {
    const cells = [
      "for (var i = 0; i < 3; i++) { if (i === 1) { var seen = i } }",
      "i += seen; i",
      "try { var [a, { b = 2 }] = [1, {} as { b?: number }] } finally {} const f = () => { var inner = 1; return inner };",
      "[a, b]",
      "inner",
      "for (var at = 0; ; at++) if (at === 4) throw new Error('stop')",
      "at",
    ];
    expect((await values(...cells)).filter((_, index) => ![0, 2, 5].includes(index))).toEqual([
      4,
      [1, 2],
      "TS2304: Cannot find name 'inner'.",
      4,
    ]);
  });

  it("declare global and declare module are for all later cells", async () => {
    const cells = [
      "declare global { var shared: number; interface String { shout(): string } }",
      "globalThis.shared = 9; String.prototype.shout = function (this: string) { return this.toUpperCase() };",
      "const text = 'a'; shared + text.shout()",
    ];
    expect((await values(...cells)).at(-1)).toBe("9A");
    delete (globalThis as { shared?: number }).shared;
    delete (String.prototype as { shout?: unknown }).shout;
  });
});

describe("what is awaited", () => {
  shared();

  it("needs no second statement", async () => {
    const cells = [
      "const made = { async open() { return { async read() { return 42 } } } };",
      "await (await made.open()).read()",
      "const list = await Promise.all([1, 2].map(async (n) => await Promise.resolve(n * 2))); list",
    ];
    expect((await values(...cells)).slice(1)).toEqual([42, [2, 4]]);
  });

  it("may be the value, an argument, and what follows a declaration without a semicolon", async () => {
    const cells = [
      "const nine = async () => 9",
      "await nine()",
      "const a = await nine()\nconst b = [await nine(), await nine()]\na + b[1]",
    ];
    expect((await values(...cells)).slice(1)).toEqual([9, 18]);
  });

  it("a promise as value is not waited for", async () => {
    const [, value] = await values("const never = new Promise<void>(() => {});", "never");
    expect(value).toEqual({ promise: expect.any(Promise) });
  });
});

describe("the value of a cell", () => {
  shared();
  it.each([
    ["1 + 1 // a comment", 2],
    ["1;;", undefined],
    ["const only = 1;", undefined],
    ["", undefined],
    ["// nothing", undefined],
    ["({ a: 1 })", { a: 1 }],
    ["[1, 2]\n  .map((n) => n * 2)\n", [2, 4]],
    ["if (true) { 5 }", undefined],
    ["`line\n\nbreak`", "line\n\nbreak"],
  ])("of %j", async (code, value) => expect(await notebook.run(code)).toEqual(value));

  it("a function and a class without a name get none", async () => {
    const [arrow, made] = (await values("async () => 1", "(class {})")) as [{ name: string }, { name: string }];
    expect([arrow.name, made.name]).toEqual(["", ""]);
  });
});

it("Shift-Tab shows a name of an earlier cell as it was declared", () => {
  const compiler = new CellCompiler({ cwd: folder, home: projectRoot });
  compiler.check("/** All of it. */ const night = [1];", 1);
  compiler.commit(1, ["night"]);
  expect(compiler.inspect("night", 2)!.plain).toBe("const night: number[]\n\nAll of it.");
});

describe("mistakes", () => {
  shared();
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
