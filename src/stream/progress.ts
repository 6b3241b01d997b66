import { runningCell } from "../cell";
import { canRedraw, printable, redraw, say } from "../terminal";

/** One line on a terminal or in a notebook cell that is rewritten while something goes on. */
export interface ProgressLine {
  /** Enters the new count; drawn at most four times a second. */
  update(count: number): void;
  /** Says something about the work on a line of its own, where the count is drawn. */
  note(line: string): void;
  /** Draws the final count and ends the line. */
  done(count: number): void;
}

const drawMs = 250;
const barWidth = 24;

/** Where the carriage return is obeyed and nothing can be erased: in a notebook. */
const isCell = (): boolean => runningCell() !== undefined || process.env["TSLAB"] === "1" || isTslab();
const isTslab = (): boolean => process.argv.some((arg) => arg.includes("tslab"));

/**
 * Starts a line of progress: on a terminal on stderr, in a notebook cell on stdout, since a cell shows stderr in red, as
 * errors. Nothing is drawn where lines cannot be rewritten, nor for work shorter than a second.
 *
 * @param label what is counted
 * @param expected how many there will be, if known: then a bar is drawn and the time left is estimated
 */
export function progressLine(label: string, expected?: number): ProgressLine {
  const started = performance.now();
  let drawn = started + 1000 - drawMs;
  let width = 0;
  const draw = (count: number, now: number) => {
    drawn = now;
    const text = printable(describeProgress(label, count, expected, (now - started) / 1000));
    // a cell obeys the carriage return and knows no way to erase: blanks cover the rest of a longer line
    if (canRedraw()) redraw(text);
    else process.stdout.write(`\r${text.padEnd(width)}`);
    width = Math.max(width, text.length);
  };
  return {
    update(count) {
      const now = performance.now();
      if (now - drawn >= drawMs && (canRedraw() || isCell())) draw(count, now);
    },
    note(line) {
      if (canRedraw() || !isCell()) return say(line);
      process.stdout.write(`${width > 0 ? "\n" : ""}${printable(line)}\n`);
    },
    done(count) {
      if (width === 0) return;
      const now = performance.now();
      if (canRedraw()) return say(describeProgress(label, count, expected, (now - started) / 1000));
      draw(count, now);
      process.stdout.write("\n");
    },
  };
}

/** The text of a progress line, e.g. `ztf-stream ████░░░░ 120/499  61/s  6 s left`. */
export function describeProgress(label: string, count: number, expected: number | undefined, seconds: number): string {
  const rate = seconds > 0 ? count / seconds : 0;
  const speed = `${rate >= 10 ? rate.toFixed(0) : rate.toFixed(1)}/s`;
  if (!expected || !Number.isFinite(expected)) return `${label}  ${count}  ${speed}`;
  const part = Math.min(1, count / expected);
  const bar = "█".repeat(Math.round(part * barWidth)).padEnd(barWidth, "░");
  const left = rate > 0 ? `${Math.ceil((expected - count) / rate)} s left` : "";
  return `${label} ${bar} ${count}/${expected}  ${speed}  ${count >= expected ? "done" : left}`.trimEnd();
}
