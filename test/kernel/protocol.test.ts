import { beforeAll, describe, expect, it } from "vitest";
import { needs } from "../helpers/data";
import { errorOf, type Outcome, printed, result, runSession, type Step } from "./session";

/** One kernel for all of them: the cells of each case follow those before. */
const cases = {
  burst: [{ code: "for (let i = 0; i < 20_000; i++) console.log(`line ${i}`); console.error('end')" }],
  flood: [{ code: "for (let i = 0; i < 100_000; i++) console.log(`row ${i}`)" }],
  order: [
    {
      code: "import { display } from 'tslab'; console.log(1); display.text('2'); console.error(3); await null; console.log(4); 5",
    },
  ],
  thrown: [
    {
      code: "function deep(n: number): never {\n\n  // why\n  throw new RangeError(`too deep: ${n}`);\n}\ninterface Gone { a: 1 }\n\ndeep(3);",
    },
    { code: "1;\ndeep(4)" },
  ],
  anything: [
    { code: "throw null" },
    { code: "throw 'words'" },
    { code: "throw { code: 7 }" },
    { code: "throw new AggregateError([new Error('one'), new TypeError('two')], 'both', { cause: new Error('why') })" },
    { code: "const nothing: any = undefined; nothing.length" },
    { code: "const plain: any = { a: 1 }; 0" },
    { code: "plain.open()" },
    { code: "JSON.parse('{')" },
  ],
  mistakes: [{ code: "let ran = 0" }, { code: "ran = 1;\nconst bad: number =\n  'text'" }, { code: "ran" }],
  queue: [
    { code: "await new Promise((done) => setTimeout(done, 1000)); throw new Error('first')", queued: ["1", "2"] },
    { code: "throw new Error('alone')", stopOnError: false, queued: ["'goes on'"] },
    { code: "'after'" },
  ],
  late: [
    {
      code: "let fire = () => {}; const fired = new Promise<void>((done) => { fire = done }); void (async () => { await fired; console.log('from the first') })(); let go = false; const timer = setInterval(() => { if (!go) return; clearInterval(timer); console.log('timer of the first'); fire() }, 5); 0",
    },
    {
      code: "go = true; await fired; await new Promise((done) => setTimeout(done, 5)); console.log('from the second')",
    },
    { code: "const later = async () => { await null; console.log('of the caller') }; 0" },
    { code: "await later()" },
    { code: "void Promise.reject(new Error('left alone'))" },
    { code: "await new Promise((done) => setTimeout(done, 5)); 'lives'" },
  ],
  input: [
    { code: "await input('name? ')", answers: ["Vera"] },
    { code: "await input('secret? ', { password: true })", answers: ["x"] },
    { code: "await input('nobody there')" },
  ],
  display: [
    {
      code: "({ [Symbol.for('Jupyter.display')]: async () => ({ 'text/html': '<i>a</i>', 'image/png': new Uint8Array([1, 2]), 'application/json': { id: 9007199254740993n } }) })",
    },
    { code: "import { newDisplay } from 'tslab'; const place = newDisplay(); place.html('one'); place.html('two')" },
    { code: "console.clear()" },
    { code: "'silent'", silent: true },
  ],
  bounded: [
    { code: "Array.from({ length: 1_000_000 }, (_, i) => i)" },
    { code: "'x'.repeat(10_000_000)" },
    { code: "const circle: any = {}; circle.self = circle; circle" },
    { code: "Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`key${i}`, i]))" },
    { code: "({ get broken() { throw new Error('no') } })" },
  ],
  expressions: [
    {
      code: "const side = 3; 'cell'",
      expressions: {
        area: "side * side",
        broken: "side.length",
        thrown: "JSON.parse('{')",
        printing: "console.log(1)",
      },
    },
    { code: "throw new Error('no')", expressions: { side: "side" } },
    { code: "side" },
  ],
  ends: [
    { code: "const kept = 1; process.exit(3)" },
    { code: "kept" },
    { code: "process.kill(process.pid, 'SIGSEGV'); await new Promise(() => {})" },
    { code: "process.stdout.write('alive\\n'); 'fresh'" },
  ],
} satisfies Record<string, readonly Step[]>;

const names = Object.keys(cases) as (keyof typeof cases)[];
let outcomes: Record<keyof typeof cases, readonly Outcome[]>;
const types = ({ outputs }: Outcome) => outputs.map(({ type }) => type).filter((type) => type !== "execute_input");

describe.skipIf(needs.python())("the kernel", () => {
  beforeAll(async () => {
    const all = await runSession(names.flatMap((name) => cases[name]));
    let at = 0;
    const parts = names.map((name) => [name, all.slice(at, (at += cases[name].length))]);
    outcomes = Object.fromEntries(parts);
  }, 180_000);

  it("loses nothing of 20,000 lines, keeps their order, and sends few messages", () => {
    const [burst] = outcomes.burst;
    expect(printed(burst!)).toBe(Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`).join(""));
    expect(printed(burst!, "stderr")).toBe("end\n");
    expect(burst!.outputs.length).toBeLessThan(1000);
    expect(burst!.reply.status).toBe("ok");
  });

  it("cuts 100,000 lines, says how many are left out, and shows the last", () => {
    const [flood] = outcomes.flood;
    const lines = printed(flood!).split("\n");
    expect(lines.slice(0, 50_000)).toEqual(Array.from({ length: 50_000 }, (_, i) => `row ${i}`));
    expect(lines.length).toBeLessThan(52_000);
    expect(lines.at(-2)).toBe("row 99999");
    expect(printed(flood!, "stderr")).toContain("50,000 more lines");
  });

  it("keeps what a cell prints, displays and gives in order", () => {
    const [order] = outcomes.order;
    const shown = order!.outputs.filter(({ type }) => type !== "execute_input");
    const texts = shown.map(({ content }) => content.text ?? content.data["text/plain"]);
    expect(texts).toEqual(["1\n", "2", "3\n", "4\n", "5"]);
    expect(types(order!)).toEqual(["stream", "display_data", "stream", "stream", "execute_result"]);
  });

  it("an error is a message with the cell's own lines, and without the kernel's", () => {
    const [thrown, again] = outcomes.thrown;
    const { ename, evalue, traceback } = errorOf(thrown!);
    expect([ename, evalue]).toEqual(["RangeError", "too deep: 3"]);
    expect(traceback.join("\n")).toMatch(
      /RangeError: too deep: 3\n {2}cell \d+, line 4:\n[\s\S]*▶ 4 \| {3}throw new RangeError/,
    );
    expect(traceback.join("\n")).toMatch(/at cell \d+, line 8$/);
    expect(traceback.join("\n")).not.toMatch(/node:|dist\/kernel|vm\.js|__/);
    expect(thrown!.reply).toMatchObject({ status: "error", ename, evalue, traceback });
    expect(errorOf(again!).traceback.join("\n")).toMatch(/line 4:[\s\S]*at cell \d+, line 2$/);
  });

  it("anything can be thrown", () => {
    const found = outcomes.anything.map((one) => errorOf(one)).filter(Boolean);
    expect(found.map(({ ename, evalue }) => [ename, evalue])).toEqual([
      ["null", "null"],
      ["string", "words"],
      ["Object", "{ code: 7 }"],
      ["AggregateError", "both"],
      ["TypeError", "Cannot read properties of undefined (reading 'length')"],
      ["TypeError", "plain.open is not a function"],
      ["SyntaxError", expect.stringContaining("JSON")],
    ]);
    expect(found[3].traceback.join("\n")).toMatch(/• Error: one\n {2}• TypeError: two\nCaused by Error: why/);
  });

  it("a type mistake runs nothing and says the place, the mistake and the remedy", () => {
    const [, bad, after] = outcomes.mistakes;
    const { ename, evalue, traceback } = errorOf(bad!);
    expect(ename).toBe("TS2322");
    expect(evalue).toMatch(/^cell \d+, line 2: Type 'string' is not assignable to type 'number'\.$/);
    expect(traceback.join("\n")).toMatch(/▶ 2 \| const bad: number =\n\s+\| {7}\^\^\^/);
    expect(result(after!)["text/plain"]).toBe("0");
  });

  it("cells that wait behind one that fails are aborted, unless they need not stop", () => {
    const [first, alone, after] = outcomes.queue;
    expect(first!.queued.map(({ status }) => status)).toEqual(["aborted", "aborted"]);
    expect(alone!.queued.map(({ status }) => status)).toEqual(["ok"]);
    expect(result(after!)["text/plain"]).toBe("'after'");
  });

  it("late output belongs to the cell that made it, and a late error ends nothing", () => {
    const [, second, , caller, , lives] = outcomes.late;
    expect(caller!.outputs.filter(({ type }) => type === "stream")).toMatchObject([{ back: 0 }]);
    const texts = second!.outputs.flatMap(({ type, content, back }) =>
      type === "stream" ? [[back, content.text]] : [],
    );
    expect(texts).toEqual([
      [1, "timer of the first\nfrom the first\n"],
      [0, "from the second\n"],
    ]);
    const late = [...outcomes.late[4]!.outputs, ...lives!.outputs].filter(({ type }) => type === "stream");
    expect(late.map(({ content }) => content.text).join("")).toContain("left alone");
    expect(result(lives!)["text/plain"]).toBe("'lives'");
  });

  it("asks for input, also without showing it, and says when nobody can be asked", () => {
    const [name, secret, nobody] = outcomes.input;
    const asked = (one: Outcome) => one.outputs.find(({ type }) => type === "input_request")?.content;
    expect(asked(name!)).toEqual({ prompt: "name? ", password: false });
    expect(asked(secret!)).toEqual({ prompt: "secret? ", password: true });
    expect(result(name!)["text/plain"]).toBe("'Vera'");
    expect(errorOf(nobody!).evalue).toMatch(/^Expected a front end that can ask for input/);
  });

  it("shows values by their own bundle, replaces displays in place, clears, and is silent when told", () => {
    const [own, place, clear, silent] = outcomes.display;
    expect(result(own!)).toEqual({
      "text/html": "<i>a</i>",
      "image/png": "AQI=",
      "application/json": { id: "9007199254740993" },
    });
    expect(types(place!)).toEqual(["display_data", "update_display_data"]);
    const ids = place!.outputs.flatMap(({ content }) => content.transient?.display_id ?? []);
    expect(new Set(ids).size).toBe(1);
    expect(types(clear!)).toEqual(["clear_output"]);
    expect(silent!.outputs).toEqual([]);
  });

  it("shows a bounded part of a large value", () => {
    for (const one of outcomes.bounded) expect(result(one)["text/plain"].length).toBeLessThan(21_000);
    expect(result(outcomes.bounded[2]!)["text/plain"]).toContain("[Circular *1]");
    expect(result(outcomes.bounded[3]!)["text/plain"]).toContain("99,800 more properties");
  });

  it("computes the values that are asked for along with a cell, when it has ended well", () => {
    const [well, failed, after] = outcomes.expressions;
    const { area, broken, thrown, printing } = well!.reply.user_expressions;
    expect(area).toEqual({ status: "ok", data: { "text/plain": "9" }, metadata: {} });
    expect(broken).toMatchObject({
      status: "error",
      ename: "TS2339",
      evalue: expect.stringMatching(/^expression broken, line 1: /),
    });
    expect(thrown).toMatchObject({ status: "error", ename: "SyntaxError" });
    expect(printing).toMatchObject({ status: "ok", data: { "text/plain": "undefined" } });
    expect(result(well!)["text/plain"]).toBe("'cell'");
    expect(printed(well!)).toBe("1\n");
    expect(failed!.reply.user_expressions).toBeUndefined();
    expect(result(after!)["text/plain"]).toBe("3");
  });

  it("says what happened when the process of the cells ends, and goes on in a fresh one", () => {
    const [exit, gone, crash, fresh] = outcomes.ends;
    expect(errorOf(exit!).evalue).toMatch(/process\.exit, code 3.*variables are gone/);
    expect(errorOf(gone!).ename).toBe("TS2304");
    expect(errorOf(crash!).evalue).toMatch(/crashed \(SIGSEGV\)/);
    expect(printed(fresh!)).toBe("alive\n");
    expect(result(fresh!)["text/plain"]).toBe("'fresh'");
  });
});
