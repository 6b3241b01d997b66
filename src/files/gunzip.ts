import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { BootcampError } from "../errors";
import type { Budget } from "./budget";
import { formatBytes, type ReadLimits } from "./limits";

/**
 * Unpacks gzip data piece by piece, so that a night of any size passes through bounded memory.
 *
 * @param where file (and entry) for the message
 * @param budget of the file on disk
 * @throws BootcampError GZIP when the data are damaged, cut short or expand beyond the limits; ABORTED
 */
export async function* gunzip(source: AsyncIterable<Buffer>, where: string, budget: Budget): AsyncGenerator<Buffer> {
  const { limits } = budget;
  const inflate = createGunzip({ chunkSize: 65536 });
  // an error of either side destroys `inflate` with it, so the loop below throws it
  const fed = pipeline(Readable.from(source), inflate).catch(() => undefined);
  let expanded = 0;
  try {
    for await (const piece of inflate as AsyncIterable<Buffer>) {
      expanded += piece.length;
      if (expanded > limits.maxBytes && expanded > limits.maxRatio * inflate.bytesWritten) throw bomb(where, limits);
      budget.unpacked(piece.length);
      yield piece;
    }
  } catch (error) {
    throw isZlibError(error) ? damaged(error, where, expanded) : error;
  } finally {
    inflate.destroy();
    await fed;
  }
}

const isZlibError = (error: unknown): error is Error & { code: string } =>
  error instanceof Error && /^Z_/.test(String((error as { code?: unknown }).code));

function bomb(where: string, limits: Required<ReadLimits>): BootcampError {
  return new BootcampError(
    "GZIP",
    `${where}: Expected gzip data that expand at most ${limits.maxRatio}-fold, got more (stopped after ${formatBytes(limits.maxBytes)})`,
    { where, remedy: "If the file is trusted, raise maxRatio or maxBytes." },
  );
}

function damaged(error: Error & { code: string }, where: string, expanded: number): BootcampError {
  const cut = error.code === "Z_BUF_ERROR";
  return new BootcampError(
    "GZIP",
    `${where}: Expected whole gzip data, got ${cut ? "data that end too early" : `damaged data (${error.message})`} after ${formatBytes(expanded)} unpacked`,
    { where, cause: error, remedy: "Fetch or copy the file again." },
  );
}
