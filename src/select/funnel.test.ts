import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { handMade } from "../../test/helpers/handMade";
import type { AlertView } from "../alert/types";
import { capPerVisit } from "./cap";
import { all, any, not } from "./combine";
import { cut } from "./cut";
import { funnel } from "./funnel";

const real = cut("real", (a) => a.realBogus, { min: 0.65 });
const bright = cut("bright", (a) => a.mag, { below: 16 });
const round = cut("round", (a) => a.packet.candidate.elong, { max: 1.2 });

const alert = (realBogus: number, mag: number, elong: number | null | undefined, id = 1n): AlertView =>
  handMade({ alertId: id, realBogus, mag, packet: elong === undefined ? null : { candidate: { elong } } });

const night = [
  alert(0.9, 15, 1.1),
  alert(0.9, 15, 1.3),
  alert(0.9, 15, null),
  alert(0.9, 17, 1.1),
  alert(0.5, 15, 1.1),
  alert(Number.NaN, 15, 1.1),
  alert(0.9, 15.5, undefined, 99n),
];

describe("funnel", () => {
  it("counts what each cut leaves of what the one before left", async () => {
    const result = await funnel(night, all(real, all(bright, round)));
    expect(result.rows).toEqual([
      { name: "real", threshold: "≥ 0.65", passed: 5, rejected: 2, missing: 1, failed: 0 },
      { name: "bright", threshold: "< 16", passed: 4, rejected: 1, missing: 0, failed: 0 },
      { name: "round", threshold: "≤ 1.2", passed: 1, rejected: 2, missing: 1, failed: 1 },
    ]);
    expect(result).toMatchObject({ total: 7, selected: 1, failed: 1 });
    expect(result.problems).toMatchObject([{ name: "round", alertId: "99" }]);
    const out = result.rows.reduce((sum, row) => sum + row.rejected + row.failed, 0);
    expect(result.total).toBe(result.selected + out);
  });

  it("takes a stream, a single cut, and any() and not() as one step", async () => {
    async function* stream() {
      yield* night.slice(0, 6);
    }
    const result = await funnel(stream(), any(not(real), bright));
    expect(result.rows).toHaveLength(1);
    expect(result.selected).toBe(5);
    expect((await funnel([], real)).toString()).toContain("real");
  });

  it("stops on request, at the first failure if asked to, else not", async () => {
    await expect(funnel(night, all(real, bright, round), { strict: true })).rejects.toThrow("failed on alert 99");
    await expect(funnel(night, real, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "ABORTED" });
  });

  it("prints a table", async () => {
    const text = inspect(await funnel(night, all(real, bright, round)));
    expect(text.split("\n").slice(0, 4)).toEqual([
      "cut         threshold  passed  left     rejected  missing",
      "all alerts                  7  100.0 %         0        0",
      "real        ≥ 0.65          5  71.4 %          2        1",
      "bright      < 16            4  57.1 %          1        0",
    ]);
    expect(text).toContain("1 alerts on which a cut failed:");
  });
});

describe("explain", () => {
  it("shows every cut with value, threshold and verdict in order", () => {
    const e = all(real, bright, round).explain(alert(0.9, 17, 1.1));
    expect(e.rows.map((r) => [r.name, r.value, r.threshold, r.verdict])).toEqual([
      ["real", 0.9, "≥ 0.65", "passed"],
      ["bright", 17, "< 16", "failed"],
      ["round", 1.1, "≤ 1.2", "not reached"],
    ]);
    expect(inspect(e)).toBe(
      [
        'alert 1: rejected by "bright" (failed)',
        "cut     value  threshold  verdict",
        "real    0.9    ≥ 0.65     passed",
        "bright  17     < 16       failed",
        "round   1.1    ≤ 1.2      not reached",
      ].join("\n"),
    );
  });

  it("says missing, and shows an error instead of throwing it", () => {
    expect(real.explain(alert(Number.NaN, 1, 1)).decidedBy).toMatchObject({ name: "real", verdict: "missing" });
    const e = all(bright, round).explain(alert(1, 15, undefined));
    expect(e).toMatchObject({ selected: false, decidedBy: { name: "round", verdict: "error" } });
    expect(e.rows[1]!.value).toContain("Cannot read properties of null");
  });

  it("looks inside any and not", () => {
    const e = all(any("one of them", bright, real), not(round)).explain(alert(0.9, 17, 1.3));
    expect(e.rows.map((r) => [r.depth, r.name, r.verdict])).toEqual([
      [0, "one of them", "passed"],
      [1, "bright", "failed"],
      [1, "real", "passed"],
      [0, "not round", "passed"],
      [1, "round", "failed"],
    ]);
    expect(e.selected).toBe(true);
  });
});

describe("cap per visit", () => {
  const seen = (visitId: string, alertId: bigint, mag = 15) => handMade({ visitId, alertId, mag });

  it("counts by visit even when visits arrive interleaved", () => {
    const cap = capPerVisit(2);
    const order = ["a", "b", "a", "b", "a", "b", "a"].map((visit, i) => cap(seen(visit, BigInt(i))));
    expect(order).toEqual([true, true, true, true, false, false, false]);
    expect(cap.dropped).toBe(3);
    expect(cap.visits()).toEqual([
      { visitId: "b", passed: 2, dropped: 1 },
      { visitId: "a", passed: 2, dropped: 2 },
    ]);
  });

  it("lets the same alert pass again and gives it one place", () => {
    const cap = capPerVisit(1);
    const [first, second] = [seen("a", 1n), seen("a", 2n)];
    expect([cap(first), cap(first), cap(second), cap(first)]).toEqual([true, true, false, true]);
  });

  it("gives no place to an alert that earlier cuts turned down, failed or missing", () => {
    const cap = capPerVisit(1);
    const test = all(bright, cap);
    expect([seen("a", 1n, 17), seen("a", 2n, Number.NaN), seen("a", 3n)].map(test)).toEqual([false, false, true]);
    expect(cap.dropped).toBe(0);
  });

  it("is not counted by explain", () => {
    const cap = capPerVisit(1);
    const test = all(bright, cap);
    test(seen("a", 1n));
    for (let i = 0; i < 3; i++) expect(test.explain(seen("a", 2n)).decidedBy?.value).toBe("1 used");
    expect(test.peek(seen("b", 5n)).verdict).toBe("passed");
    expect(cap.visits()).toEqual([{ visitId: "a", passed: 1, dropped: 0 }]);
  });

  it("remembers 10,000 visits and no more", () => {
    const cap = capPerVisit(1);
    for (let i = 0; i < 10_500; i++) cap(seen(`visit ${i}`, BigInt(i)));
    expect(cap.visits()).toHaveLength(10_000);
    cap.reset();
    expect([cap.dropped, cap.visits()]).toEqual([0, []]);
  });

  it("refuses what is not a cap, an opposite, and an alert without a visit", () => {
    for (const n of [0, -1, 1.5, Number.NaN]) expect(() => capPerVisit(n)).toThrow("whole number of alerts per visit");
    expect(() => not(capPerVisit(1))).toThrow("without a cap in cut.not()");
    expect(capPerVisit(1).verdict(seen("", 1n))).toBe("missing");
  });

  it("refuses what cannot be looped over", async () => {
    await expect(funnel((() => 1) as any, () => true)).rejects.toMatchObject({ code: "USAGE" });
  });
});
