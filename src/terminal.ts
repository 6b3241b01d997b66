import type { WriteStream } from "node:tty";

/**
 * What must not reach a terminal from data: control characters (C0, C1: they move the cursor, set titles, write the
 * clipboard), format characters (bidi marks that reverse what follows, zero-width and tag characters), the line and
 * paragraph separators, and halves of surrogate pairs.
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Text of a message or a file as one line for a terminal: what would act on it is shown as a dot.
 *
 * @param most length at which it is cut, with an ellipsis
 * @example
 * printable("a\u001b[2Jb"); // a·[2Jb
 */
export function printable(text: string, most = Number.POSITIVE_INFINITY): string {
  const safe = text.replace(unprintable, "·");
  return safe.length > most ? `${safe.slice(0, most - 1)}…` : safe;
}

/** The same of several lines. */
export const printableLines = (text: string): string =>
  text
    .split("\n")
    .map((line) => printable(line))
    .join("\n");

/** JSON text whose strings act on no terminal: what `JSON.stringify` leaves as it is comes as `\uXXXX`, the same value. */
export function escapeJson(json: string): string {
  return json.replace(unprintable, (found) => (found === "\n" ? found : found.split("").map(escapeUnit).join("")));
}

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;

/**
 * A message of one or more lines. Lines after the first are indented, so that a line end within a file's name makes no line
 * that looks like a message of its own.
 */
export const messageLines = (text: string): string => printableLines(text).replace(/\n(?! {2})/g, "\n  ");

/** Says a message on stderr. Everything of this library that a terminal shows goes through this file. */
export function say(text: string): void {
  process.stderr.write(`${erased()}${messageLines(text)}\n`);
}

/** Resolves once what was printed and said so far has left the process, or nobody reads it. */
export async function flushed(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((done) => void stream.write("", () => done()));
  }
}

/** Prints one or more lines on stdout. */
export function printText(text: string): void {
  process.stdout.write(`${printableLines(text)}\n`);
}

let isDrawn = false;

/** Whether a line of stderr can be drawn again: it is a terminal. */
export const canRedraw = (): boolean => process.stderr.isTTY === true;

/** Draws one line of progress on stderr in place of the last one; `say` takes it away. For terminals only. */
export function redraw(text: string): void {
  const width = (process.stderr.columns || 80) - 1; // some terminals say 0
  process.stderr.write(`\r\u001b[K${printable(text).slice(0, width)}`);
  isDrawn = true;
}

/** Takes the line of progress away. */
export function erase(): void {
  process.stderr.write(erased());
}

function erased(): string {
  if (!isDrawn) return "";
  isDrawn = false;
  return "\r\u001b[K";
}

/** Text that is replaced in place on a terminal; what is wider or longer than the terminal is cut. */
export class Screen {
  #lines = 0;

  constructor(private readonly stream: WriteStream) {}

  show(text: string): void {
    const columns = this.stream.columns || 80;
    const rows = this.stream.rows || 24;
    // the cursor stays below the text, on a line of its own
    const cut = text
      .split("\n")
      .slice(0, rows - 1)
      .map((line) => printable(line, columns));
    const back = this.#lines > 0 ? `\u001b[${Math.min(this.#lines, rows - 1)}A\r\u001b[J` : "";
    this.stream.write(`${back}${cut.join("\n")}\n`);
    this.#lines = cut.length;
  }
}
