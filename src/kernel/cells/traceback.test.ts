import vm from "node:vm";
import { describe, expect, it } from "vitest";
import { nameCellsInStacks } from "./stacks";
import { type CellLines, cellError, excerpt } from "./traceback";

const none = new Map<string, CellLines>();

describe("an error of a cell", () => {
  const hostile = () => {
    throw new Error("looked at");
  };
  it.each([
    ["a proxy", new Proxy({}, { get: hostile, getPrototypeOf: hostile })],
    ["a message", Object.defineProperty(new Error("x"), "message", { get: hostile })],
    ["a cause", Object.defineProperty(new Error("x"), "cause", { get: hostile })],
  ])("that throws when it is looked at is an answer all the same: %s", (_, thrown) => {
    expect(cellError(thrown, none)).toMatchObject({ ename: "Error", evalue: expect.stringMatching(/looked at/) });
  });

  it("that is a user's mistake says the cause, and not where in the library", () => {
    const mistake = Object.assign(new Error("no file", { cause: new Error("ENOENT") }), { remedy: "look at the path" });
    expect(cellError(mistake, none).traceback).toEqual([
      "Error: no file",
      "  → look at the path",
      "Caused by Error: ENOENT",
    ]);
  });

  it("has a name of text", () => {
    expect(cellError(Object.assign(new Error("x"), { name: { a: 1 } }), none).ename).toBeTypeOf("string");
  });

  it("of a long line shows the part that is meant, with the mark below it", () => {
    const source = `${"x".repeat(500)}HERE${"y".repeat(500)}`;
    const [, line, marks] = excerpt({ label: "cell 1", source, lines: [] }, 1, `${" ".repeat(500)}^^^^`);
    expect(line!.length).toBeLessThan(220);
    expect(line!.slice(marks!.indexOf("^"), marks!.indexOf("^") + 4)).toBe("HERE");
  });
});

describe("the stack of an error", () => {
  it("names cells and their own lines, and is understood by the error of a cell", () => {
    const cells = new Map([["cell-7.ts", { label: "cell 3", source: "one\ntwo\nthree", lines: [0, 0, 1, 2, 3] }]]);
    const before = Error.prepareStackTrace;
    try {
      nameCellsInStacks(cells, (path) => (path === "/beside.ts" ? [0, 0, 0, 8] : undefined));
      const make = vm.runInThisContext("(function cell(){\n\nconst f = () => new TypeError('late');return f()\n})", {
        filename: "cell-7.ts",
      });
      const error: Error = make();
      expect(error.stack).toMatch(/^TypeError: late\n {4}at f \(cell 3, line 2\)\n {4}at cell 3, line 2\n/);
      expect(error.stack).not.toMatch(/at .*node:|__scope/);
      const ofModule: Error = vm.runInThisContext("\n\nnew Error('m')", { filename: "/beside.ts" });
      expect(ofModule.stack).toMatch(/at \/beside\.ts:8\n/);
      expect(cellError(ofModule, cells).traceback).toContain("  at /beside.ts:8");
      const trace = { name: "Trace", message: "here", stack: "" };
      Error.captureStackTrace(trace);
      expect(trace.stack).toMatch(/^Trace: here\n/);
      expect(cellError(error, cells).traceback).toContain("  ▶ 2 | two");
    } finally {
      if (before) Error.prepareStackTrace = before;
      else Reflect.deleteProperty(Error, "prepareStackTrace");
    }
  });
});
