import { describe, expect, it } from "vitest";
import { CellOutput, MOST_CHARACTERS, MOST_LINES } from "./cell-output";
import { FrameReader, RECORD } from "./frames";

/** What a front end would show of each stream. */
function shown(print: (output: CellOutput) => void) {
  const sent = { stdout: "", stderr: "" };
  let messages = 0;
  const output = new CellOutput((name, text) => {
    sent[name] += text;
    messages++;
  });
  print(output);
  output.end();
  return { ...sent, messages };
}

describe("the output of a cell", () => {
  it("is joined, and complete up to its bound", () => {
    const { stdout, stderr, messages } = shown((output) => {
      for (let i = 0; i < MOST_LINES; i++) output.add("stdout", `${i}\n`);
    });
    expect(stdout.split("\n")).toHaveLength(MOST_LINES + 1);
    expect(stderr).toBe("");
    expect(messages).toBeLessThan(10);
  });

  it("keeps the order of the two streams", () => {
    const order: string[] = [];
    const output = new CellOutput((name, text) => order.push(`${name} ${text}`));
    output.add("stdout", "a");
    output.add("stderr", "b");
    output.add("stdout", "c");
    output.end();
    expect(order).toEqual(["stdout a", "stderr b", "stdout c"]);
  });

  it("beyond its bound is counted, and its end is shown", () => {
    const { stdout, stderr } = shown((output) => {
      for (let i = 0; i < MOST_LINES + 3; i++) output.add("stdout", `${i}\n`);
    });
    expect(stderr).toContain("3 more lines");
    expect(stdout.endsWith(`${MOST_LINES + 2}\n`)).toBe(true);
  });

  it("of one long line is cut as well", () => {
    const { stdout, stderr } = shown((output) => output.add("stdout", "x".repeat(MOST_CHARACTERS + 50_000)));
    expect(stdout.length).toBeLessThan(MOST_CHARACTERS + 5000);
    expect(stderr).toContain("50,000 characters");
  });
});

describe("frames from the process of the cells", () => {
  const done = (cell: number) => `${RECORD}${JSON.stringify({ type: "done", cell, defined: [] })}\n`;

  it("may come in any pieces", () => {
    const reader = new FrameReader();
    const text = done(1) + done(2) + done(3);
    const found = [...text].flatMap((letter) => reader.read(letter));
    expect(found.map((frame) => (frame as { cell: number }).cell)).toEqual([1, 2, 3]);
  });

  it("that were cut short by an interrupt are left out, and the next is read", () => {
    const reader = new FrameReader();
    const found = reader.read(`${done(1).slice(0, -8)}${done(2)}`);
    expect(found).toMatchObject([{ type: "done", cell: 2 }]);
  });
});
