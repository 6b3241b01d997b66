/**
 * Bytes that arrive in pieces, with a look ahead.
 *
 * It can be iterated by several readers one after the other: leaving a loop early closes nothing (there is no
 * `return`), so a damaged member of an archive can be given up and the rest of it drained. Reads are queued because
 * a torn-down Node pipeline may leave one under way.
 */
export class ByteSource {
  readonly #pieces: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  #ahead: Buffer[] = [];
  #done = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
    this.#pieces = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
  }

  /** The next piece, or null at the end. */
  next(): Promise<Buffer | null> {
    const result = this.#turn.then(() => this.#ahead.shift() ?? this.#pull());
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** The first `count` bytes without consuming them; fewer where the data end before. */
  async peek(count: number): Promise<Buffer> {
    const held: Buffer[] = [];
    let length = 0;
    while (length < count) {
      const piece = await this.next();
      if (piece === null) break;
      held.push(piece);
      length += piece.length;
    }
    const head = Buffer.concat(held);
    if (length > 0) this.#ahead.unshift(head);
    return head.subarray(0, count);
  }

  /** All that is left as one buffer; `tooLong()` is thrown as soon as there is more than `limit`. */
  async readAll(limit: number, tooLong: () => Error): Promise<Buffer> {
    const held: Buffer[] = [];
    let length = 0;
    for await (const piece of this) {
      length += piece.length;
      if (length > limit) throw tooLong();
      held.push(piece);
    }
    return held.length === 1 ? held[0]! : Buffer.concat(held, length);
  }

  /** Reads on to the end and forgets what comes. */
  async drain(): Promise<void> {
    while ((await this.next()) !== null);
  }

  [Symbol.asyncIterator](): AsyncIterator<Buffer> {
    return {
      next: async () => {
        const value = await this.next();
        return value === null ? { done: true, value: undefined } : { done: false, value };
      },
    };
  }

  async #pull(): Promise<Buffer | null> {
    if (this.#done) return null;
    try {
      const { done, value } = await this.#pieces.next();
      if (done) {
        this.#done = true;
        return null;
      }
      return Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    } catch (error) {
      this.#done = true;
      throw error;
    }
  }
}
