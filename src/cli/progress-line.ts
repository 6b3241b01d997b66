import { fstatSync } from "node:fs";
import { canRedraw, redraw, say } from "../terminal";

/** Milliseconds between two states on a terminal, and in a log, which keeps every one. */
const [drawMs, logMs] = [250, 10_000];

/** How far something is, on stderr: one line that is redrawn on a terminal, and elsewhere a line of its own every ten seconds. */
export class ProgressLine {
  readonly #interval = canRedraw() ? drawMs : logMs;
  #next = performance.now() + this.#interval;

  /** @param text is made only when it is shown */
  update(text: () => string): void {
    const now = performance.now();
    if (now < this.#next) return;
    this.#next = now + this.#interval;
    if (canRedraw()) redraw(text());
    else say(text());
  }
}

/**
 * Progress of alerts that are printed: none where they are seen themselves, or where the program that reads them may write to the
 * terminal on which the line would be drawn.
 */
export function progressBesideOutput(): ProgressLine | undefined {
  const isSeen = process.stdout.isTTY === true || (canRedraw() && !fstatSync(1).isFile());
  return isSeen ? undefined : new ProgressLine();
}
