/**
 * What a cell prints, on its way to the front end: joined, so that a burst of lines is a few messages, and bounded, because
 * a browser does not survive a hundred thousand lines in one cell. Of what is left out the number and the end are shown.
 */
export const MOST_LINES = 50_000;
/** Jupyter's server drops what exceeds 1 MB a second, over three seconds. */
export const MOST_CHARACTERS = 2_500_000;
/** The end of what was left out: the last lines say how it went. */
const TAIL = 4000;
/** Characters of a message. */
const MESSAGE = 200_000;
/** How long lines are collected: nobody sees the difference, and Jupyter's server lets 1,000 messages a second pass. */
const COLLECT_MS = 20;

type Name = "stdout" | "stderr";

export class CellOutput {
  private name: Name = "stdout";
  private pending = "";
  private lines = 0;
  private characters = 0;
  private cutLines = 0;
  private cutCharacters = 0;
  private tail = "";
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly send: (name: Name, text: string) => void) {}

  add(name: Name, text: string): void {
    if (name !== this.name) this.flush();
    this.name = name;
    const fits = this.cutCharacters > 0 ? 0 : this.fitting(text);
    this.characters += fits;
    this.pending += text.slice(0, fits);
    if (this.pending.length > MESSAGE) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), COLLECT_MS);
    if (fits < text.length) this.leaveOut(text.slice(fits));
  }

  /** Sends what was collected: after a moment, and before anything else that the cell shows. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.pending !== "") this.send(this.name, this.pending);
    this.pending = "";
  }

  /** The cell is done: says what was left out. What comes later has a bound of its own. */
  end(): void {
    this.flush();
    if (this.cutCharacters > 0) {
      const count = `${this.cutLines.toLocaleString("en")} more lines (${this.cutCharacters.toLocaleString("en")} characters)`;
      this.send("stderr", `\n… ${count} are left out, to spare the browser; the last of them:\n`);
      this.send(this.name, this.tail);
    }
    this.lines = this.characters = this.cutLines = this.cutCharacters = 0;
    this.tail = "";
  }

  /** How much of a text may still be shown. */
  private fitting(text: string): number {
    let at = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", at)) {
      if (this.lines >= MOST_LINES) return at;
      this.lines++;
      at = end + 1;
    }
    return Math.min(text.length, Math.max(0, MOST_CHARACTERS - this.characters));
  }

  private leaveOut(text: string): void {
    this.cutCharacters += text.length;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.cutLines++;
    this.tail = (this.tail + text).slice(-TAIL);
  }
}
