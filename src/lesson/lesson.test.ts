import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { check } from "./check";
import { parts } from "./exercises/parts";
import { hint, solution } from "./hint";
import { progress, progressRows } from "./progress";
import { progressFile, readProgress, resetProgress } from "./progress-store";
import { sameValue } from "./same";

let folder: string;
let printed: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lesson-"));
  vi.stubEnv("BOOTCAMP_HOME", folder);
  vi.stubEnv("BOOTCAMP_STRICT", "");
  printed = [];
  vi.spyOn(console, "log").mockImplementation((text) => void printed.push(String(text)));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const night = [
  { alertId: 1n, objectId: "a", mag: 15, band: "g", packet: { candidate: { rb: 0.9, ssdistnr: -999 } } },
  { alertId: 2n, objectId: "a", mag: 21, band: "r", packet: { candidate: { rb: 0.1, ssdistnr: 0 } } },
  { alertId: 3n, objectId: "b", mag: 14, band: "r", packet: { candidate: { rb: null, ssdistnr: null } } },
  { alertId: 4n, objectId: "c", mag: 16, band: "r", packet: { candidate: { rb: 0.7, ssdistnr: 77 } } },
];

describe("check", () => {
  it("prints verdict, exercise, value and tries on one line, and never the right answer", () => {
    check("1.3", 7, night);
    check("1.3", 7n, night);
    check("1.3", 3n, night);
    expect(printed).toEqual([
      "✗ 1.3 how many different objects were seen: 7, not it (try 1)",
      '✗ 1.3 how many different objects were seen: 7n, not it (try 2; hint("1.3") helps)',
      "✓ 1.3 how many different objects were seen: 3n (try 3)",
    ]);
    check("1.1", 4, night);
    expect(printed.at(-1)).toBe("✓ 1.1 how many alerts the night has: 4 (first try)");
  });

  it("counts no try for a cell as it came", () => {
    for (const answer of [0, undefined, "", []]) check("1.3", answer, night);
    expect(printed.at(-1)).toBe("✗ 1.3 how many different objects were seen: [], no answer yet");
    expect(readProgress()).toEqual({});
  });

  it.each([
    ["1.4", 21, "the faintest: magnitudes run backwards"],
    ["1.4", -14, "right but for its sign"],
    ["1.4", 14 * 3600, "3600 times too large: look at the unit"],
    ["1.4", 0.14, "100 times too small: look at the unit"],
    ["1.4", Number.NaN, "NaN, not a number: what was not measured got into the sum"],
    ["1.3", 4, "alerts, not objects: every alert has an alertId of its own"],
    ["1.3", 2, "one too few"],
    ["3.1", 1, "the fainter ones: brighter is a smaller number"],
    ["3.1", 3, "those of the cut above, with its limit"],
    ["3.4", 2, "you counted the −999, which stands for none"],
    ["1.1", 5, "one too many"],
    ["1.1", "4", "a text that reads like the number: leave out the quotation marks"],
    ["1.1", "four", "a text, where a number is asked for"],
    ["1.1", [1], "a list, where a number is asked for: its length, perhaps"],
    ["1.1", new Set([1]), "a collection, where a number is asked for: its size, perhaps"],
    ["1.1", Promise.resolve(4), "a promise of a value: write await before it"],
    ["1.1", () => 4, "a function, and not what it gives"],
    ["1.1", true, "true or false, where a number is asked for"],
  ])("says of %s answered by %o what kind of wrong it is", (id, answer, says) => {
    check(id, answer, night);
    expect(printed[0]).toContain(`, ${says} (try 1)`);
    expect(printed[0]).toMatch(/^✗/);
  });

  it("takes the class of tolerance of its exercise", () => {
    check("1.4", 14.004, night);
    check("1.4", 14.02, night);
    expect(printed.map((line) => line[0])).toEqual(["✓", "✗"]);
  });

  it("tells a text in capitals, and the value of the wrong kind, of an answer that is a name", () => {
    const rows = [
      { name: "real", rejected: 9 },
      { name: "round", rejected: 2 },
    ];
    for (const answer of ["Real", "round", 9, "real"]) check("3.3", answer, rows);
    expect(printed[0]).toContain("right but for capital letters");
    expect(printed[1]).toContain("the one that removes least");
    expect(printed[2]).toContain("how many it removes; its name is asked for");
    expect(printed[3]).toMatch(/^✓/);
  });

  it("goes on after a wrong answer for a learner, and throws when strict", () => {
    expect(() => check("1.1", 2, night)).not.toThrow();
    vi.stubEnv("BOOTCAMP_STRICT", "1");
    expect(() => check("1.1", 2, night)).toThrow(
      expect.objectContaining({
        code: "CHECK_FAILED",
        message: "Wrong answer to 1.1 how many alerts the night has: 2, not it",
      }),
    );
    expect(() => check("1.1", 4, night)).not.toThrow();
  });

  it("refuses a number that no exercise has, and data that are not its own", () => {
    expect(() => check("99.1", 1, night)).toThrow("the number of an exercise");
    expect(() => check("", 1, night)).toThrow("the number of an exercise");
    expect(() => check("1.1", 1)).toThrow("Expected the data of exercise 1.1 after the answer, got others");
    expect(() => check("1.5", 1, 3)).toThrow("Expected the data of exercise 1.5");
  });

  it("keeps a large value on one short line", () => {
    check("1.1", { text: "a\nb".repeat(500), list: Array.from({ length: 5000 }, (_, i) => ({ i })) }, night);
    expect(printed[0]!.split("\n")).toHaveLength(1);
    expect(printed[0]!.length).toBeLessThan(450);
  });
});

describe("an open exercise", () => {
  const row = (name: string, wanted: boolean, alerts: number, selected: number) => ({
    ...{ class: name, wanted, alerts, selected },
  });
  /** A score as `cut.score` gives it, from its table. */
  const scoreOf = (classes: ReturnType<typeof row>[], failed = 0) => {
    const sum = (wanted: boolean, of: (one: (typeof classes)[0]) => number) =>
      classes.filter((one) => one.wanted === wanted).reduce((total, one) => total + of(one), 0);
    const [truePositives, falsePositives] = [sum(true, (one) => one.selected), sum(false, (one) => one.selected)];
    const falseNegatives = sum(true, (one) => one.alerts) - truePositives;
    const trueNegatives = sum(false, (one) => one.alerts) - falsePositives;
    const purity = truePositives / (truePositives + falsePositives);
    const completeness = truePositives / (truePositives + falseNegatives);
    const counts = { truePositives, falsePositives, falseNegatives, trueNegatives, alerts: 100, failed };
    return { ...counts, purity, completeness, classes };
  };

  it("is passed by a score that reaches both shares, and says what stands in the way of another", () => {
    check("3.5", scoreOf([row("EB", true, 50, 46), row("dipole", false, 40, 20), row("edge", false, 10, 1)]));
    check("3.5", scoreOf([row("EB", true, 20, 19), row("KN", true, 30, 9), row("dipole", false, 50, 0)]));
    check("3.5", scoreOf([row("EB", true, 50, 46), row("dipole", false, 50, 5)]));
    expect(printed[0]).toMatch(
      /^✗ 3\.5 a filter for what is real: purity 68\.7 %, completeness 92\.0 %; 90\.0 % and 90\.0 %/,
    );
    expect(printed[0]).toContain("Most in the way: dipole, 20 selected (try 1)");
    expect(printed[1]).toContain("Most missed: KN, 21 alerts (try 2");
    expect(printed[2]).toBe("✓ 3.5 a filter for what is real (try 3)");
  });

  it("says when nothing was selected, when the filter failed, and when there is no score; the cell as it came is no try", () => {
    check("3.5", scoreOf([row("EB", true, 50, 50), row("dipole", false, 50, 50)]));
    expect(printed.pop()).toMatch(/Most in the way: dipole, 50 selected$/);
    check("3.5", scoreOf([row("EB", true, 50, 0), row("dipole", false, 50, 0)]));
    check("3.5", scoreOf([row("EB", true, 50, 1), row("dipole", false, 50, 0)], 12));
    check("3.5", () => true);
    expect(printed[0]).toContain("nothing is selected (try 1)");
    expect(printed[1]).toContain("the filter failed on 12 of 100 alerts (try 2");
    expect(printed[2]).toContain("no score: hand over await cut.score(…)");
  });
});

describe("equal values", () => {
  class Row {
    constructor(readonly n: unknown) {}
  }
  it.each([
    [37, 37n, true],
    [37n, 37.5, false],
    [2n ** 60n + 1n, 2 ** 60, false],
    [Number.NaN, Number.NaN, true],
    [0, -0, true],
    ["1", 1, false],
    [null, undefined, false],
    [[1, [2n]], [1, [2]], true],
    [[1, 2], [2, 1], false],
    [new Row(1), { n: 1n }, true],
    [{ a: undefined }, {}, false],
    [{ a: 1 }, { b: 1 }, false],
    [new Set([1, 2]), new Set<unknown>([2, 1n]), true],
    [new Set([1, 2]), new Set([1, 3]), false],
    [
      new Map([
        ["a", 1],
        ["b", 2],
      ]),
      new Map<unknown, unknown>([
        ["b", 2n],
        ["a", 1],
      ]),
      true,
    ],
    [new Map([["a", 1]]), new Map([["a", 2]]), false],
    [new Date(5), new Date(5), true],
    [new Float32Array([1, 2]), [1, 2], true],
    [[], {}, false],
  ])("%o and %o: %s", (a, b, same) => {
    expect(sameValue(a, b)).toBe(same);
    expect(sameValue(b, a)).toBe(same);
  });

  it("apply the tolerance inside", () => {
    expect(sameValue({ a: [1, 2] }, { a: [1.05, 2] }, 0.1)).toBe(true);
    expect(sameValue({ a: [1, 2] }, { a: [1.2, 2] }, 0.1)).toBe(false);
  });
});

describe("progress", () => {
  it("keeps what was right, by number, and says what is open", () => {
    for (const answer of [7, 2, 9]) check("3.1", answer, night);
    const kept = JSON.parse(readFileSync(progressFile(), "utf8"));
    const label = "3.1 alerts brighter than 16";
    expect(kept).toEqual({ "3.1": { label, passed: true, tries: 3, at: expect.any(String) } });
    expect(readdirSync(folder)).toEqual(["progress.json"]);
    expect(progressRows()[2]).toMatchObject({ part: 3, done: 1, open: expect.not.arrayContaining(["3.1"]) });
    printed = [];
    progress();
    expect(printed[2]).toMatch(/^Part 3 {2}Filtering +█░+ 1 of \d+, next 3\.2$/);
  });

  it("tells what was solved without the solution from what was not", () => {
    check("1.1", 9, night);
    solution("1.1");
    check("1.1", 4, night);
    check("1.3", 3, night);
    solution("1.3"); // afterwards
    expect(progressRows()[0]).toMatchObject({ done: 2, own: 1 });
    printed = [];
    progress();
    expect(printed[0]).toMatch(/^Part 1 .* █▒░+ 2 of \d, 1 without the solution, next 1\.2$/);
  });

  it("takes a pipe in the place of the file for none, and does not wait for it", () => {
    spawnSync("mkfifo", [progressFile()]);
    expect(progressRows().every((row) => row.done === 0)).toBe(true);
  });

  it("starts afresh from a damaged file and does not stop a lesson that cannot write", () => {
    writeFileSync(progressFile(), "{");
    check("1.1", 4, night);
    expect(progressRows()[0]!.done).toBe(1);
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    vi.stubEnv("BOOTCAMP_HOME", join(progressFile(), "below-a-file"));
    check("1.1", 4, night);
    expect(printed.at(-1)).toContain("✓");
    expect(warn).toHaveBeenCalledOnce();
  });

  it("forgets all on request, and says how much it was", () => {
    check("1.1", 4, night);
    check("3.1", 9, night);
    expect(resetProgress()).toBe(2);
    expect(progressRows().map((row) => row.done)).toEqual(parts.map(() => 0));
    expect(resetProgress()).toBe(0);
  });
});

describe("hints", () => {
  it("come one by one and end with the way to the solution", () => {
    const { id, hints } = parts[2]!.exercises[1]!;
    for (const _ of [...hints, "one more"]) hint(id);
    expect(printed[0]).toBe(`Hint 1 of ${hints.length}: ${hints[0]}`);
    expect(printed.at(-1)).toBe(`That was the last hint. solution("${id}") shows one way to do it.`);
    expect(() => hint("99.9")).toThrow("the number of an exercise");
  });

  it("end in a solution, after a try or when it is asked for twice", () => {
    solution("3.2");
    expect(printed.at(-1)).toMatch(/^3\.2 has not been tried yet\. hint\("3\.2"\) helps; asked again/);
    expect(readProgress()).toEqual({});
    solution("3.2");
    expect(printed.at(-1)).toContain("= cut.all(");
    check("1.1", 9, night);
    solution("1.1");
    expect(printed.at(-1)).toContain("= night.length");
    expect(() => solution("99.9")).toThrow("the number of an exercise");
  });

  it("are there for every exercise, numbered in order", () => {
    for (const { part, exercises } of parts) {
      expect(exercises.map(({ id }) => id)).toEqual(exercises.map((_, i) => `${part}.${i + 1}`));
      for (const { hints, solution } of exercises)
        expect([hints.length > 1, solution.length > 0]).toEqual([true, true]);
    }
  });
});
