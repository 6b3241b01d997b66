import type { WriteStream } from "node:tty";

/** Text that is replaced in place on a terminal; what is wider or longer than the terminal is cut. */
export class Screen {
  #lines = 0;

  constructor(private readonly stream: WriteStream) {}

  show(text: string): void {
    // some terminals say 0
    const columns = this.stream.columns || 80;
    const rows = this.stream.rows || 24;
    // the cursor stays below the text, on a line of its own
    const lines = text.split("\n").slice(0, rows - 1);
    const cut = lines.map((line) => (line.length > columns ? `${line.slice(0, columns - 1)}…` : line));
    const back = this.#lines > 0 ? `\x1b[${Math.min(this.#lines, rows - 1)}A\r\x1b[J` : "";
    this.stream.write(`${back}${cut.join("\n")}\n`);
    this.#lines = cut.length;
  }
}
