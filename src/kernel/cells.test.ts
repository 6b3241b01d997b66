import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
