import type { WriteStream } from "node:tty";
import { printableLines } from "../terminal";

/**
 * Standard output for data: waits when the reader is slow, and is quietly over when the reader has gone
 * (`alerts read … | head` closes the pipe after ten lines; that is no error).
 */
export class Output {
  #isClosed = false;

  constructor(private readonly stream: NodeJS.WritableStream = process.stdout) {
    outliveReader(stream);
  }

  /** True when nobody reads any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Text for a person, or JSON that `json` made. Resolves when it is written, or nobody is there to read it. */
  line(text: string): Promise<void> {
    return this.#write(printableLines(text));
  }

  /** Data whose every byte counts: as it is for a file or a pipe, and on a terminal as a terminal may have it. */
  data(text: string): Promise<void> {
    return this.#write((this.stream as Partial<WriteStream>).isTTY ? printableLines(text) : text);
  }

  async #write(text: string): Promise<void> {
    if (this.#isClosed) return;
    await new Promise<void>((done) => {
      this.stream.write(`${text}\n`, (error) => {
        if (error) this.#isClosed = true; // other errors than that of a closed pipe are thrown where they are heard
        done();
      });
    });
  }
}

/** Lets a program go on when nobody reads what it prints: a night is not cut off by `alerts send … | head -1`. */
export function outliveReader(stream: NodeJS.WritableStream): void {
  if (outlived.has(stream)) return;
  outlived.add(stream);
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

const outlived = new WeakSet<NodeJS.WritableStream>();
