import { addAbortSignal } from "node:stream";
import { BootcampError } from "../errors";

/** The path that stands for standard input. It is never opened: what a program passes as a socket cannot be. */
export const standardInput = "/dev/stdin";

/**
 * What comes on standard input: a file, a pipe, a socket, or what is typed.
 * @throws BootcampError ABORTED at once when the signal fires, although nothing comes
 */
export async function* standardInputPieces(signal?: AbortSignal): AsyncGenerator<Buffer> {
  const input = signal ? addAbortSignal(signal, process.stdin) : process.stdin;
  try {
    yield* input;
  } catch (error) {
    if (signal?.aborted) throw new BootcampError("ABORTED", "Reading was stopped on request");
    throw error;
  }
}
