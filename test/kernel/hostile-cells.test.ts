import { beforeAll, describe, expect, it } from "vitest";
import { needs } from "../helpers/data";
import { errorOf, type Outcome, printed, result, runSession } from "./session";

/** What a cell takes away from all others. */
const taken = [
  "globalThis.Promise = undefined as any",
  "JSON.stringify = () => { throw new Error('mine') }",
  "Array.prototype.map = null as any",
  "Array.prototype[Symbol.iterator] = null as any",
  "Map.prototype.set = undefined as any",
  "Object.defineProperty = undefined as any",
  "delete (globalThis as { Object?: unknown }).Object",
  "globalThis.process = undefined as any",
];
/** What the kernel does without. */
const harmless = [
  "process.removeAllListeners()",
  "process.emit = (() => { throw new Error('mine') }) as any",
  "globalThis.setTimeout = undefined as any",
  "process.stdout.write = undefined as any",
  "require('node:fs').writeSync = () => { throw new Error('mine') }",
  "console = undefined as any",
  "Error.prepareStackTrace = () => { throw new Error('mine') }",
  "Object.freeze(globalThis); Object.freeze(Object.prototype)",
];
const all = [...taken, ...harmless];

describe.skipIf(needs.python())("a cell that breaks what all share", () => {
  let outcomes: Outcome[];
  beforeAll(async () => {
    const after = "kept = [...kept, 1].map((n) => n * 1); await Promise.resolve({ n: kept.length })";
    const steps = all.flatMap((code) => [{ code: `${code}; 0` }, { code: after }]);
    outcomes = await runSession([{ code: "let kept: number[] = []" }, ...steps, { code: "throw new Error('shown')" }]);
  }, 180_000);

  it.each(all.map((code, i) => [code, i] as const))("%s: the next cell runs, with all variables", (_, i) => {
    expect(result(outcomes[2 + 2 * i]!)["text/plain"]).toBe(`{ n: ${i + 1} }`);
  });

  it("is told what was put back, once", () => {
    const told = outcomes.slice(1, -1).map((one) => printed(one, "stderr"));
    expect(told.filter((text) => text.startsWith("Put back")).length).toBe(taken.length);
    expect(told[2]).toMatch(/^Put back, .*: JSON\.stringify\./);
    expect(told.slice(2 * taken.length).join("")).toBe("");
  });

  it("leaves later errors readable", () => {
    expect(errorOf(outcomes.at(-1)!)).toMatchObject({ ename: "Error", evalue: "shown" });
  });
});
