import { afterEach, describe, expect, it, vi } from "vitest";
import { progressLine } from "./progress";

/** What was written while `work` ran, with a clock that goes on by hand. */
function written(isTerminal: boolean, work: (at: (ms: number) => void) => void): { stdout: string; stderr: string } {
  const texts = { stdout: "", stderr: "" };
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  for (const name of ["stdout", "stderr"] as const)
    vi.spyOn(process[name], "write").mockImplementation((text: unknown) => {
      texts[name] += String(text);
      return true;
    });
  const before = process.stderr.isTTY;
  process.stderr.isTTY = isTerminal;
  process.env["TSLAB"] = isTerminal ? "" : "1";
  try {
    work((ms) => {
      now = ms;
    });
  } finally {
    process.stderr.isTTY = before;
    delete process.env["TSLAB"];
    vi.restoreAllMocks();
  }
  return texts;
}

/** What a line looks like after carriage returns and erasures. */
function seen(text: string): string[] {
  return text.split("\n").map((line) =>
    line.split("\r").reduce((shown, part) => {
      const erase = "\u001b[K";
      return part.startsWith(erase) ? part.slice(erase.length) : part + shown.slice(part.length);
    }, ""),
  );
}

const work = (at: (ms: number) => void) => {
  const line = progressLine("ztf-stream", 1000);
  at(2000);
  line.update(100);
  at(3000);
  line.update(999);
  at(3100);
  line.done(1000);
};

describe("a line of progress", () => {
  afterEach(() => vi.restoreAllMocks());

  it("leaves nothing of a longer one behind, on a terminal", () => {
    const { stdout, stderr } = written(true, work);
    expect(stdout).toBe("");
    expect(seen(stderr).map((line) => line.trimEnd())).toEqual([
      expect.stringMatching(/1000\/1000 {2}323\/s {2}done$/),
      "",
    ]);
  });

  it("is written to the plain output of a cell, which shows the other in red", () => {
    const { stdout, stderr } = written(false, work);
    expect(stderr).toBe("");
    expect(seen(stdout).map((line) => line.trimEnd())).toEqual([
      expect.stringMatching(/1000\/1000 {2}323\/s {2}done$/),
      "",
    ]);
  });

  it.each([true, false])("leaves a note of its own line where it was, on a terminal: %s", (isTerminal) => {
    const { stdout, stderr } = written(isTerminal, (at) => {
      const line = progressLine("ztf-stream");
      line.note("visit 1 of 50");
      at(2000);
      line.update(100);
      line.note("visit 2 of 50");
      at(3000);
      line.done(999);
    });
    const lines = seen(isTerminal ? stderr : stdout).map((line) => line.trimEnd());
    expect(lines.filter((line) => line.startsWith("visit"))).toEqual(["visit 1 of 50", "visit 2 of 50"]);
    expect(lines.at(-2)).toMatch(/^ztf-stream {2}999 /);
    expect(isTerminal ? stdout : stderr).toBe("");
  });
});
