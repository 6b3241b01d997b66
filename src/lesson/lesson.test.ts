import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { check } from "./check";
import { dataSetName, expectedIn, unknownAnswer, useDataSet } from "./data-set";
import { parts } from "./exercises/parts";
import { hint, solution } from "./hint";
import { progress, progressRows } from "./progress";
import { idOfLabel, progressFile, resetProgress } from "./progress-store";
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

describe("check", () => {
  it("prints verdict, label, value and time on one line", () => {
    check("9.1 sum", 4, () => 2 + 2);
    check("9.2 sum", 4, () => 5);
    check("9.3 sum", 4, undefined);
    expect(printed[0]).toMatch(/^✓ 9\.1 sum: 4 \(\d+ ms\)$/);
    expect(printed[1]).toMatch(/^✗ 9\.2 sum: 5, expected 4 \(\d+ ms\)$/);
    expect(printed[2]).toMatch(/^✗ 9\.3 sum: no value yet, expected 4/);
  });

  it("waits for an async answer", async () => {
    await check("9.1 later", [1, 2], async () => [1, 2]);
    await check("9.2 later", 1, async () => {
      throw new Error("broken");
    });
    expect(printed).toEqual([
      expect.stringContaining("✓ 9.1 later: [ 1, 2 ]"),
      "✗ 9.2 later: failed: broken, expected 1",
    ]);
  });

  it("goes on after a wrong or failing answer for a learner, and throws when strict", async () => {
    const broken = () => {
      throw new Error("no such field");
    };
    expect(() => check("wrong", 1, 2)).not.toThrow();
    expect(() => check("broken", 1, broken)).not.toThrow();
    vi.stubEnv("BOOTCAMP_STRICT", "1");
    expect(() => check("wrong", 1, 2)).toThrow("Wrong answer to wrong: 2, expected 1");
    expect(() => check("broken", 1, broken)).toThrow("failed: no such field");
    await expect(check("later", 1, async () => 2)).rejects.toMatchObject({ code: "CHECK_FAILED" });
    expect(() => check("right", 1, 1)).not.toThrow();
    expect(() => check("unknown", unknownAnswer, 1)).not.toThrow();
  });

  it("takes a tolerance, and shows it", () => {
    check("close", 17.3, 17.304, { tolerance: 0.01 });
    check("far", 17.3, 17.32, { tolerance: 0.01 });
    expect(printed[0]).toContain("✓ close: 17.304");
    expect(printed[1]).toContain("✗ far: 17.32, expected 17.3 ± 0.01");
    expect(() => check("", 1, 1)).toThrow("a label");
    expect(() => check("x", 1, 1, { tolerance: -1 })).toThrow("a tolerance of 0 or more");
  });

  it("keeps a large value on one short line", () => {
    check("large", 0, { text: "a\nb".repeat(500), list: Array.from({ length: 5000 }, (_, i) => ({ i })) });
    expect(printed[0]!.split("\n")).toHaveLength(1);
    expect(printed[0]!.length).toBeLessThan(400);
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

describe("answers by data set", () => {
  it("take the entry that names the data best", () => {
    const answers = { simulated: 1, "simulated-7": 2, ztf: 3 };
    expect(["simulated-7", "simulated-8", "ztf", "real"].map((name) => expectedIn(answers, name))).toEqual([
      2,
      1,
      3,
      unknownAnswer,
    ]);
    expect(expectedIn(answers, "simulated-70")).toBe(1);
    expect(() => expectedIn({})).toThrow("an answer for at least one data set");
  });

  it("know the data from an alert's header or the environment", () => {
    vi.stubEnv("BOOTCAMP_DATA_SET", "ztf");
    expect(dataSetName()).toBe("ztf");
    expect(useDataSet({ origin: { kind: "kafka", headers: { "bootcamp-source": Buffer.from("simulated-7") } } })).toBe(
      "simulated-7",
    );
    check("9.1 n", expectedIn({ ztf: 3 }), 5);
    expect(printed[0]).toMatch(/^· 9\.1 n: 5 \(no answer is known for the data set "simulated-7", \d+ ms\)$/);
    expect(useDataSet({ origin: { kind: "kafka", headers: {} } })).toBe("ztf");
  });
});

describe("progress", () => {
  it("keeps what was right, by number, and says what is open", () => {
    check("3.1 bright", 1, 2);
    check("3.1 bright", 1, 1);
    check("3.1 bright", 1, 3);
    check("no number", 1, 1);
    const kept = JSON.parse(readFileSync(progressFile(), "utf8"));
    expect(kept).toEqual({ "3.1": { label: "3.1 bright", passed: true, tries: 3, at: expect.any(String) } });
    expect(readdirSync(folder)).toEqual(["progress.json"]);
    expect(progressRows()[2]).toMatchObject({ part: 3, done: 1, open: expect.not.arrayContaining(["3.1"]) });
    printed = [];
    progress();
    expect(printed[2]).toMatch(/^Part 3 {2}Filtering +█░+ 1 of \d+, next 3\.2$/);
  });

  it("takes a pipe in the place of the file for none, and does not wait for it", () => {
    spawnSync("mkfifo", [progressFile()]);
    expect(progressRows().every((row) => row.done === 0)).toBe(true);
  });

  it("starts afresh from a damaged file and does not stop a lesson that cannot write", () => {
    writeFileSync(progressFile(), "{");
    check("1.1 n", 1, 1);
    expect(progressRows()[0]!.done).toBe(1);
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    vi.stubEnv("BOOTCAMP_HOME", join(progressFile(), "below-a-file"));
    check("1.1 n", 1, 1);
    expect(printed.at(-1)).toContain("✓");
    expect(warn).toHaveBeenCalledOnce();
  });

  it("forgets all on request, and says how much it was", () => {
    check("1.1 n", 1, 1);
    check("3.1 n", 1, 2);
    expect(resetProgress()).toBe(2);
    expect(progressRows().map((row) => row.done)).toEqual(parts.map(() => 0));
    expect(resetProgress()).toBe(0);
  });

  it("reads the number from a label", () => {
    expect(["3.1 bright", "12.10", "3 x", "x 3.1", "3.1.2 y"].map(idOfLabel)).toEqual([
      "3.1",
      "12.10",
      null,
      null,
      "3.1",
    ]);
  });
});

describe("hints", () => {
  it("come one by one and end with the way to the solution", () => {
    const { id, hints } = parts[2]!.exercises[1]!;
    for (const _ of [...hints, "one more"]) hint(id);
    expect(printed[0]).toBe(`Hint 1 of ${hints.length}: ${hints[0]}`);
    expect(printed.at(-1)).toBe(`That was the last hint. solution("${id}") shows one way to do it.`);
    solution(id);
    expect(printed.at(-1)).toContain("= cut.all(");
    expect(() => hint("99.9")).toThrow("the number of an exercise");
  });

  it("are there for every exercise, numbered in order", () => {
    for (const { part, exercises } of parts) {
      expect(exercises.map(({ id }) => id)).toEqual(exercises.map((_, i) => `${part}.${i + 1}`));
      for (const { hints, solution } of exercises)
        expect([hints.length > 1, solution.length > 0]).toEqual([true, true]);
    }
  });
});
