import { BootcampError } from "../errors";
import { formatBytes, type ReadLimits } from "./limits";

/**
 * What reading one file on disk may cost, over all archives in it together: each archive in an archive may hold as much
 * again as the one before, so that bounds of one of them alone bound nothing.
 */
export class Budget {
  #entries = 0;
  #read = 0;
  #unpacked = 0;
  /** The error that ends the file: what else it holds is not looked at. */
  spent: BootcampError | null = null;

  /** @param file for messages */
  constructor(
    private readonly file: string,
    readonly limits: Required<ReadLimits>,
    private readonly signal?: AbortSignal | undefined,
  ) {}

  /** @throws ABORTED */
  check(): void {
    if (this.signal?.aborted) throw this.#end(new BootcampError("ABORTED", "Reading was stopped on request"));
  }

  /** An entry of an archive has come. @throws ARCHIVE, ABORTED */
  entry(): void {
    this.check();
    const { maxEntries } = this.limits;
    if (++this.#entries > maxEntries)
      throw this.#end(
        new BootcampError("ARCHIVE", `${this.file}: Expected at most ${maxEntries} entries, got more`, {
          where: this.file,
          remedy: "Unpack it by hand if it is trusted.",
        }),
      );
  }

  /** The bytes of the file itself as they are read. */
  async *counted(pieces: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      this.#read += piece.length;
      yield piece;
    }
  }

  /** Bytes have come out of gzip data, in whatever depth. @throws GZIP, ABORTED */
  unpacked(bytes: number): void {
    this.check();
    const { maxBytes, maxRatio } = this.limits;
    this.#unpacked += bytes;
    const most = Math.max(4 * maxBytes, maxRatio * this.#read);
    if (this.#unpacked > most)
      throw this.#end(
        new BootcampError(
          "GZIP",
          `${this.file}: Expected an archive that expands at most ${maxRatio}-fold, got more (stopped after ${formatBytes(most)} of all that is packed in it)`,
          { where: this.file, remedy: "Unpack it by hand if it is trusted." },
        ),
      );
  }

  #end(error: BootcampError): BootcampError {
    this.spent = error;
    return error;
  }
}
