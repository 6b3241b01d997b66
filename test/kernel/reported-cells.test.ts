import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { needs, root } from "../helpers/data";
import { errorOf, type Outcome, printed, result, runSession, type Step } from "./session";

/** What the last of some cells gives: its value as text, what it prints, or its error. */
type Wanted = { value: string | RegExp } | { prints: string | RegExp } | { error: RegExp } | { nothing: true };
type Reported = readonly [cells: string | readonly string[], wanted: Wanted];
const value = (text: string | RegExp): Wanted => ({ value: text });
const prints = (text: string | RegExp): Wanted => ({ prints: text });
const error = (text: RegExp): Wanted => ({ error: text });
const nothing: Wanted = { nothing: true };

/**
 * Cells that users of JavaScript and TypeScript kernels – IJavascript, tslab, Deno, jp-babel, nelu-kernelu, xeus-javascript – reported
 * as broken, or asked for.
 */
const reported: Readonly<Record<string, readonly Reported[]>> = {
  "names of other cells": [
    [["const once = 1", "const once = 'again'; once"], value("'again'")],
    [
      ["let [fu, bar] = ['fu', 'bar']; const { ping, pong } = { ping: 1, pong: 3 };", "[fu, bar, ping, pong]"],
      value("[ 'fu', 'bar', 1, 3 ]"),
    ],
    [["class Star { constructor(readonly mag: number) {} }", "new Star(5).mag"], value("5")],
    [["class Star { band = 'g' }", "new Star()"], value("Star { band: 'g' }")],
    [["async function later() { return await Promise.resolve('done') }", "await later()"], value("'done'")],
    [["var counter = 0; function bump() { return ++counter }", "bump(); bump()", "counter"], value("2")],
    [["interface Visit { id: number }", "const visit: Visit = { id: 1 }; visit"], value("{ id: 1 }")],
    [["enum Band { g, r }", "Band[1]"], value("'r'")],
    [["const arrow = <T,>(x: T): T => x", "arrow(3)"], value("3")],
    [["export const shared = 4", "shared"], value("4")],
    [["for (var i = 0; i < 3; i++) {}", "i"], value("3")],
    [["const abc: number = await (async () => 1)()", "abc"], value("1")],
    [["undefinedName + 1", "typeof undefined"], value("'undefined'")],
    [["const lost = (() => { throw new Error('no') })()", "const lost = 1; lost"], value("1")],
  ],
  "what is awaited": [
    ["await new Promise<number>((done) => setTimeout(() => done(5), 10))", value("5")],
    ["for await (const n of [Promise.resolve(1), 2]) console.log(n)", prints("1\n2\n")],
    ["const { promises: fs } = await import('node:fs'); typeof fs.readFile", value("'function'")],
    ["const [a, b] = await Promise.all([1, Promise.resolve(2)]); a + b", value("3")],
    ["if (await Promise.resolve(true)) { console.log('yes') }", prints("yes\n")],
    ["(await (await import('node:util')).promisify(setTimeout)(5), 'slept')", value("'slept'")],
    [
      "const late = new Promise((resolve) => setTimeout(() => resolve(1000), 60_000)); late",
      value("Promise { <pending> }"),
    ],
    ["try { await Promise.reject(new Error('x')) } catch { console.log('caught') }", prints("caught\n")],
  ],
  "values and what is printed": [
    ["2 + 2;", value("4")],
    ["let quiet = 5", nothing],
    ["console.log('text')", prints("text\n")],
    ["undefined", nothing],
    ["for (let i = 0; i < 5; i++) { console.log(i) }", prints("0\n1\n2\n3\n4\n")],
    ["null", value("null")],
    ["[1, , 3]", value("[ 1, <1 empty item>, 3 ]")],
    ["({}).constructor === Object", value("true")],
    ["[1] instanceof Array && new Error() instanceof Error", value("true")],
    ["new Map([['a', { b: [1] }]])", value("Map(1) { 'a' => { b: [ 1 ] } }")],
    ["9007199254740993n", value("9007199254740993n")],
    ["'안녕 🌌'", value("'안녕 🌌'")],
    ["process.stdout.write('no end'); undefined", prints("no end")],
    ["console.table([{ a: 1 }])", prints(/│ a │[\s\S]*│ 1 │/)],
    ["console.log('%s has %d', 'M31', 2)", prints("M31 has 2\n")],
    ["require('node:child_process').execSync('echo child').toString()", value("'child\\n'")],
    [
      "require('node:child_process').spawnSync('echo', ['inherited'], { stdio: 'inherit' }); undefined",
      prints("inherited\n"),
    ],
  ],
  errors: [
    ["throw new Error('said')", error(/^Error: said\n[\s\S]*▶ 1 \| throw/)],
    [
      [
        "setTimeout(() => { throw new Error('late') }, 0); 0",
        "await new Promise((done) => setTimeout(done, 20)); 'alive'",
      ],
      value("'alive'"),
    ],
    [["void new Promise((_, reject) => reject(undefined)); 0", "'alive'"], value("'alive'")],
    ["new (require('node:events').EventEmitter)().emit('error', new Error('unheard'))", error(/unheard/)],
    ["const x: number = 'text'", error(/^TS2322/)],
    ["require('node:fs').writeFileSync('only-a-name')", error(/^TS2345|^TypeError|^TS2554/)],
    ["const broken = ;", error(/^TS1109/)],
    ["await import('package-that-is-not-there')", error(/^TS2307.*\n.*npm install/)],
    ["JSON.parse('{')", error(/^SyntaxError/)],
    ["process.exitCode = 1; 'alive'", value("'alive'")],
  ],
  modules: [
    ["import { helper } from './beside'; helper()", value("'beside'")],
    ["import { helper } from './beside.ts'; helper()", value("'beside'")],
    ["import data from './data.json'; data.size", value("3")],
    ["require('./data.json').size", value("3")],
    ["import * as path from 'path'; path.basename('/a/b')", value("'b'")],
    ["import os from 'os'; typeof os.cpus()", value("'object'")],
    ["import type { Stats } from 'fs'; let stats: Stats | undefined; stats", nothing],
    ["import.meta.filename === __filename && typeof require.resolve", value("'function'")],
    ["import { test as withTests } from './tests'; withTests", value("1")],
    ["module.exports = { a: 1 }; exports.b = 2", value("2")],
    [
      "import { Worker } from 'node:worker_threads'; await new Promise((done) => new Worker('process.exit(7)', { eval: true }).on('exit', done))",
      value("7"),
    ],
  ],
  "what is shown": [
    ["[{ letter: 'A', frequency: 0.08167 }, { letter: 'B', frequency: 0.01492 }]", value(/^\[ \{ letter: 'A'/)],
    [
      "await Deno.jupyter.broadcast('display_data', { data: { 'text/plain': 'told' }, metadata: {}, transient: {} })",
      prints("told"),
    ],
    [
      "await Deno.jupyter.display(Deno.jupyter.md`a`); await Deno.jupyter.display({ 'text/plain': 'b' }, { raw: true })",
      prints("b"),
    ],
    ["Deno.jupyter.html`<b>${1 + 1}</b>`", value("<b>2</b>")],
    ["({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<i>own</i>' }) })", value("<i>own</i>")],
    ["typeof (globalThis as { Deno?: unknown }).Deno", value("'undefined'")],
    ["import { display } from 'tslab'; display.text('shown')", prints("shown")],
  ],
};

const all = Object.values(reported).flat();
const cellsOf = ([cells]: Reported): readonly string[] => (typeof cells === "string" ? [cells] : cells);

/** As a reader sees it: what was printed and displayed, and the value in its best form. */
const seen = (outcome: Outcome) =>
  printed(outcome) +
  outcome.outputs
    .flatMap(({ type, content }) => (type === "display_data" ? [content.data["text/plain"] ?? ""] : []))
    .join("");
const valueText = (outcome: Outcome) => result(outcome)?.["text/plain"] ?? result(outcome)?.["text/html"];

describe.skipIf(needs.python())("cells that were reported as broken in other kernels", () => {
  let outcomes: Outcome[];
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), "reported-"));
    try {
      symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
      writeFileSync(join(folder, "beside.ts"), "export const helper = (): string => 'beside';\n");
      writeFileSync(join(folder, "data.json"), '{ "size": 3 }');
      writeFileSync(
        join(folder, "tests.ts"),
        "import { it } from 'node:test';\nvoid it('runs', () => {});\nexport const test = 1;\n",
      );
      const steps = all.flatMap((one): Step[] => cellsOf(one).map((code) => ({ code, stopOnError: false })));
      outcomes = await runSession(steps, folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 180_000);

  it.each(Object.keys(reported))("%s", (group) => {
    const wrong = reported[group]!.flatMap((one) => {
      const before = all.slice(0, all.indexOf(one)).flatMap(cellsOf).length;
      const outcome = outcomes[before + cellsOf(one).length - 1]!;
      const { traceback } = errorOf(outcome) ?? {};
      const found = { value: valueText(outcome), prints: seen(outcome), error: traceback?.join("\n") };
      const [, wanted] = one;
      const [[kind, text]] = Object.entries(wanted) as [[keyof typeof found | "nothing", string | RegExp]];
      const isRight =
        kind === "nothing"
          ? found.value === undefined && found.prints === "" && found.error === undefined
          : text instanceof RegExp
            ? text.test(found[kind] ?? "")
            : found[kind] === text;
      return isRight ? [] : [{ cells: cellsOf(one), wanted: String(text), found }];
    });
    expect(wrong).toEqual([]);
  });

  it("are sixty and more", () => expect(all.length).toBeGreaterThanOrEqual(60));
});
