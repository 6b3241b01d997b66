import { beforeAll, describe, expect, it } from "vitest";
import { needs } from "../helpers/data";
import { errorOf, type Outcome, printed, result, runSession, type Step } from "./session";

const told = "console.log('running');";
const waits: Record<string, string> = {
  "a synchronous loop": `${told} for (;;);`,
  "a loop after an await": `await null; ${told} for (;;);`,
  "a loop of microtasks": `${told} async function spin() { for (;;) await null } await spin()`,
  "a runaway regular expression": `${told} /^(a+)+$/.test('a'.repeat(40) + 'b')`,
  "a promise that never comes": `${told} await new Promise(() => {})`,
  "a loop of timers": `${told} for (;;) await new Promise((done) => setTimeout(done, 1))`,
  "a loop over a source without end": `${told} async function* ever() { for (;;) { await new Promise((done) => setTimeout(done, 1)); yield 1 } } for await (const _ of ever());`,
  "a cell that catches everything": `${told} for (;;) { try { await new Promise((done) => setTimeout(done, 1)) } catch {} }`,
  "a program that is waited for": `${told} require("node:child_process").execSync("sleep 60; echo never")`,
  "a wait of the engine": `${told} Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)`,
  "a flood of output": `${told} for (;;) console.log('x'.repeat(1000))`,
};
const kinds = Object.keys(waits);
const steps: Step[] = [
  { code: "let kept = 7; const log: string[] = [];" },
  ...kinds.flatMap((kind): Step[] => [
    { code: `const mine = 'defined';\n${waits[kind]}`, interruptAt: "running" },
    { code: "[kept, mine]" },
  ]),
  { code: waits["a synchronous loop"]!, interruptAt: "running", by: "signal" },
  { code: waits["a promise that never comes"]!, interruptAt: "running", by: "signal" },
  { code: `try { ${told} await new Promise(() => {}) } finally { log.push('finally') }`, interruptAt: "running" },
  { code: "log" },
  { code: `setInterval(() => log.push('ghost'), 1); ${told} await new Promise(() => {})`, interruptAt: "running" },
  { code: "log.length = 0; await new Promise((done) => setTimeout(done, 50)); log" },
  { code: `${told} for (;;);`, interruptAt: "running", queued: ["'never run'"] },
  { code: `${told} for (const end = Date.now() + 500; Date.now() < end;);`, infoAt: "running" },
  {
    code: `const late = async () => { await null; await null; return 'works' }; ${told} for (;;);`,
    interruptAt: "running",
  },
  { code: "await late()" },
  {
    code: "const ticks = { n: 0 }; void (async () => { for (;;) { await new Promise((done) => setTimeout(done, 1)); ticks.n++ } })(); 0",
  },
  { code: `${told} await new Promise(() => {})`, interruptAt: "running" },
  { code: "import { display } from 'tslab'; display.html('mine'); 0" },
  { code: "const before = ticks.n; await new Promise((done) => setTimeout(done, 50)); ticks.n === before" },
];

describe.skipIf(needs.python())("an interrupt", () => {
  let outcomes: Outcome[];
  beforeAll(async () => {
    outcomes = await runSession(steps);
  }, 180_000);
  const after = (n: number) => outcomes[1 + 2 * kinds.length + n]!;

  it.each(kinds.map((kind, i) => [kind, i] as const))("ends %s, and variables are kept", (_, i) => {
    const stopped = outcomes[1 + 2 * i]!;
    expect(errorOf(stopped)).toMatchObject({ ename: "Interrupted" });
    expect(stopped.reply.status).toBe("error");
    // a tenth of a second on a machine that has nothing else to do
    expect(stopped.stoppedSeconds).toBeLessThan(3);
    expect(result(outcomes[2 + 2 * i]!)["text/plain"]).toBe("[ 7, 'defined' ]");
  });

  it("comes by SIGINT as well", () => {
    for (const one of [after(0), after(1)]) expect(errorOf(one)).toMatchObject({ ename: "Interrupted" });
  });

  it("runs what stands in finally", () => expect(result(after(3))["text/plain"]).toBe("[ 'finally' ]"));

  it("ends the timers of the cell", () => expect(result(after(5))["text/plain"]).toBe("[]"));

  it("aborts the cells that wait", () => {
    expect(after(6).queued.map(({ status }) => status)).toEqual(["aborted"]);
  });

  it("leaves functions that the cell had declared as they are", () => {
    expect(result(after(9))["text/plain"]).toBe("'works'");
  });

  it("leaves what later cells show to them", () => {
    expect(after(12).outputs.filter(({ type }) => type === "display_data")).toMatchObject([{ back: 0 }]);
  });

  it("ends what earlier cells had left running", () => expect(result(after(13))["text/plain"]).toBe("true"));

  it("the kernel answers while a cell computes", () => {
    expect(after(7).infoSeconds).toBeLessThan(0.4);
    expect(printed(after(7))).toBe("running\n");
  });
});
