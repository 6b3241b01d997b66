import { describe, expect, it } from "vitest";
import { handMade } from "../../test/helpers/handMade";
import { isBootcampError } from "../errors";
import { all, any, not } from "./combine";
import { cut } from "./cut";
import type { CutLimits } from "./types";
import type { Verdict } from "./verdict";

const of = (value: unknown) => handMade({ packet: { value } });
const read = (a: { packet: any }) => a.packet.value;

describe("a cut on a value", () => {
  it.each([
    [{ min: 0.65 }, 0.65, 0.6499],
    [{ max: 1.2 }, 1.2, 1.2001],
    [{ above: 5 }, 5.001, 5],
    [{ below: 16 }, 15.99, 16],
    [{ equals: 0 }, 0, 1],
    [{ equals: 0 }, -0, "0"],
    [{ equals: "t" }, "t", "f"],
    [{ oneOf: ["t", "1"] }, "1", "0"],
    [{ min: -0.1, max: 0.1 }, -0.1, 0.11],
    [{ min: 2n ** 60n }, 2n ** 60n, 2n ** 60n - 1n],
    [{ equals: 3 }, 3n, 4n],
    [{ equals: 2n ** 60n + 1n }, 2n ** 60n + 1n, 2 ** 60],
    [{ oneOf: [true] }, true, false],
  ])("%o passes %s and not %s", (limits, good, bad) => {
    const test = cut("it", read, limits);
    expect(test(of(good))).toBe(true);
    expect(test(of(bad))).toBe(false);
  });

  it.each([null, undefined, Number.NaN])("finds %s missing: neither it nor its opposite passes", (value) => {
    for (const limits of [{ min: -5 }, { max: 5 }, { equals: 0 }, { oneOf: [0] }, { below: 9 }]) {
      const test = cut("it", read, limits);
      expect([test(of(value)), not(test)(of(value))]).toEqual([false, false]);
      expect(test.verdict(of(value))).toBe("missing");
    }
  });

  it("reads a field by its name", () => {
    const alert = handMade({ mag: 18.5, packet: { candidate: { rb: 0.7, none: null }, value: 3n } });
    const verdict = (field: string, limits: CutLimits) => cut("it", field, limits).verdict(alert);
    expect(verdict("mag", { max: 18.5 })).toBe("passed");
    expect(verdict("packet.candidate.rb", { above: 0.7 })).toBe("failed");
    expect(verdict("packet.value", { equals: 3 })).toBe("passed");
    expect(verdict("history.length", { min: 0 })).toBe("passed");
    for (const field of ["packet.candidate.none", "packet.candidate.other", "packet.other.rb", "packet.value.deep"]) {
      expect(verdict(field, { min: 0 })).toBe("missing");
    }
    expect(cut("it", "packet.candidate.rb", { min: 0 }).explain(alert).rows[0]).toMatchObject({ value: 0.7 });
  });

  it.each(["", "rb", "candidate.rb", "packet..rb", "packet.", "constructor"])("refuses %j as a field", (field) => {
    expect(() => cut("it", field, { min: 0 })).toThrow(/Expected a field such as "mag" or "packet.candidate.rb"/);
  });

  it("refuses a field without limits", () => {
    expect(() => cut("it", "mag", {})).toThrow(/Expected limits for the field of cut "it"/);
  });

  it("names itself and its threshold", () => {
    const test = cut("round", read, { min: 0.5, below: 8, source: "here" });
    expect([test.label, test.name, test.threshold, test.source]).toEqual(["round", "round", "≥ 0.5 and < 8", "here"]);
    expect(cut("band", read, { oneOf: ["g", "r"] }).threshold).toBe("one of g, r");
  });

  it("refuses limits that are wrong", () => {
    expect(() => cut("it", read, { mim: 3 } as never)).toThrow(
      'limits min, max, above, below, equals, oneOf for cut "it"',
    );
    expect(() => cut("it", read, { min: 3, max: 2 })).toThrow("that some value can meet");
    expect(() => cut("it", read, { min: Number.NaN })).toThrow('a number as min of cut "it"');
    expect(() => cut("it", read, { max: "3" as never })).toThrow("a number as max");
    expect(() => cut(" ", read, { min: 1 })).toThrow("a name for the cut");
    expect(() => cut("it", 5 as never, { min: 1 })).toThrow("a function or a field of the alert");
  });

  it("does not compare text or a truth value with a number", () => {
    for (const value of ["17", true]) {
      expect(() => cut("bright", read, { max: 20 })(of(value))).toThrow(
        'Cut "bright" failed on alert 1: Expected a number',
      );
    }
  });

  it("reports what it throws with its name, the alert, its place and the cause", () => {
    const alert = handMade({ alertId: 7n, packet: null, origin: { kind: "file", path: "a.avro", record: 3 } });
    const test = all(cut("rb", (a) => a.packet.candidate.rb, { min: 0.5 }));
    let caught: unknown;
    try {
      test(alert);
    } catch (error) {
      caught = error;
    }
    expect(isBootcampError(caught, "SELECTION")).toBe(true);
    expect(caught).toMatchObject({ where: "a.avro#3", message: expect.stringContaining('Cut "rb" failed on alert 7') });
    expect((caught as Error).cause).toBeInstanceOf(TypeError);
  });
});

describe("a cut on a test", () => {
  it("takes null as missing and refuses anything but a truth value", () => {
    const test = cut("it", read);
    expect([true, false, null].map((v) => test.verdict(of(v)))).toEqual(["passed", "failed", "missing"]);
    expect(() => test(of(17.2))).toThrow("Expected true or false from the test, got 17.2 (number)");
    expect(() => test(of(Promise.resolve(true)))).toThrow('Cut "it" failed');
  });
});

describe("cuts together", () => {
  const verdicts: Verdict[] = ["passed", "failed", "missing"];
  const answer = { passed: true, failed: false, missing: null };
  const one = (verdict: Verdict) => cut(verdict, () => answer[verdict]);
  // AND, OR and NOT of SQL's three-valued logic, written out.
  const and = ["passed failed missing", "failed failed failed", "missing failed missing"].map((r) => r.split(" "));
  const or = ["passed passed passed", "passed failed missing", "passed missing missing"].map((r) => r.split(" "));

  it("follow three-valued logic, whatever the order, and explain agrees", () => {
    verdicts.forEach((a, i) => {
      verdicts.forEach((b, j) => {
        for (const [join, table] of [
          [all, and],
          [any, or],
        ] as const) {
          const both = join(one(a), one(b));
          const opposite = not(both);
          expect([join.name, a, b, both.verdict(of(0))]).toEqual([join.name, a, b, table[i]![j]]);
          expect(both.explain(of(0)).verdict).toBe(table[i]![j]);
          expect(opposite.explain(of(0)).verdict).toBe(opposite.verdict(of(0)));
        }
      });
      expect(not(one(a)).verdict(of(0))).toBe({ passed: "failed", failed: "passed", missing: "missing" }[a]);
    });
  });

  it("do not try what is already decided", () => {
    const tried: string[] = [];
    const spy = (name: string, result: boolean) => cut(name, () => Boolean(tried.push(name)) && result);
    all(spy("a", true), spy("b", false), spy("c", true))(of(0));
    any(spy("d", false), spy("e", true), spy("f", true))(of(0));
    expect(tried).toEqual(["a", "b", "d", "e"]);
  });

  it("take plain functions and names, and refuse nothing at all", () => {
    const isBright = (a: { mag: number }) => a.mag < 16;
    const test = all("both", isBright, (a) => a.mag > 3);
    expect([test.label, ...test.parts.map((p) => p.label)]).toEqual(["both", "isBright", "cut 2"]);
    expect([test(handMade({ mag: 10 })), test(handMade({ mag: 2 })), test(handMade())]).toEqual([true, false, false]);
    expect(() => all()).toThrow("at least one cut in cut.all()");
    expect(() => any("just a name")).toThrow("at least one cut in cut.any()");
    expect(() => all(5 as never)).toThrow("a cut or a test");
  });
});
