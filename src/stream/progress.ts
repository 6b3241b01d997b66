import { runningCell } from "../cell";

/** One line on a terminal or in a notebook cell that is rewritten while something goes on. */
export interface ProgressLine {
  /** Enters the new count; drawn at most four times a second. */
  update(count: number): void;
  /** Draws the final count and ends the line. */
  done(count: number): void;
}

const drawMs = 250;
const barWidth = 24;

/** Where a line can be rewritten: a terminal, or a cell (Jupyter obeys the carriage return). */
const canRewrite = (): boolean => process.stderr.isTTY === true || runningCell() !== undefined || isTslab();
const isTslab = (): boolean => process.argv.some((arg) => arg.includes("tslab"));

/**
 * Starts a progress line on stderr. Nothing is drawn where lines cannot be rewritten, nor for work shorter than a
 * second.
 *
 * @param label what is counted
 * @param expected how many there will be, if known: then a bar is drawn and the time left is estimated
 */
export function progressLine(label: string, expected?: number): ProgressLine {
  const started = performance.now();
  let drawn = started + 1000 - drawMs;
  let shown = false;
  // a cell shows stderr on red, as if something were wrong
  const out = runningCell() ? process.stdout : process.stderr;
  const draw = (count: number, now: number) => {
    drawn = now;
    shown = true;
    out.write(`\r${describeProgress(label, count, expected, (now - started) / 1000)}`);
  };
  return {
    update(count) {
      const now = performance.now();
      if (now - drawn >= drawMs && canRewrite()) draw(count, now);
    },
    done(count) {
      if (!shown) return;
      draw(count, performance.now());
      out.write("\n");
    },
  };
}

/** The text of a progress line, e.g. `ztf-stream ████░░░░ 120/499  61/s  6 s left`. */
export function describeProgress(label: string, count: number, expected: number | undefined, seconds: number): string {
  const rate = seconds > 0 ? count / seconds : 0;
  const speed = `${rate >= 10 ? rate.toFixed(0) : rate.toFixed(1)}/s`;
  if (!expected || !Number.isFinite(expected)) return `${label}  ${count}  ${speed}   `;
  const part = Math.min(1, count / expected);
  const bar = "█".repeat(Math.round(part * barWidth)).padEnd(barWidth, "░");
  const left = rate > 0 ? `${Math.ceil((expected - count) / rate)} s left` : "";
  return `${label} ${bar} ${count}/${expected}  ${speed}  ${count >= expected ? "done" : left}   `;
}
