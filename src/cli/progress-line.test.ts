import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ProgressLine } from "./progress-line";

let written = "";
const isTerminal = process.stderr.isTTY;
beforeEach(() => {
  written = "";
  vi.useFakeTimers({ toFake: ["performance"] });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    written += text;
    return true;
  });
});
afterEach(() => {
  process.stderr.isTTY = isTerminal;
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A state every 100 ms for so many seconds. */
function work(seconds: number): void {
  const line = new ProgressLine();
  for (let n = 1; n <= seconds * 10; n++) {
    vi.advanceTimersByTime(100);
    line.update(() => `${n} done`);
  }
}

it("is a line every ten seconds where there is no terminal, and none of a short work", () => {
  process.stderr.isTTY = false;
  work(9);
  expect(written).toBe("");
  work(25);
  expect(written).toBe("100 done\n200 done\n");
});

it("is redrawn in place on a terminal", () => {
  process.stderr.isTTY = true;
  work(1);
  expect(written).toBe("\r\u001b[K3 done\r\u001b[K6 done\r\u001b[K9 done");
});
