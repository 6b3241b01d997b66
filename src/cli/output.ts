import { once } from "node:events";

/**
 * Standard output for data: waits when the reader is slow, and is quietly over when the reader has gone
 * (`alerts read … | head` closes the pipe after ten lines; that is no error).
 */
export class Output {
  #isClosed = false;

  constructor(private readonly stream: NodeJS.WritableStream = process.stdout) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      this.#isClosed = true;
    });
  }

  /** True when nobody reads any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  async line(text: string): Promise<void> {
    if (this.#isClosed || this.stream.write(`${text}\n`)) return;
    await once(this.stream, "drain").catch(() => undefined);
  }
}
