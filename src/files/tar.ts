import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract } from "tar-stream";
import { BootcampError, messageOf } from "../errors";
import { printable } from "../terminal";
import type { Budget } from "./budget";
import { ByteSource } from "./byte-source";

/** One regular file of a tar archive; `body` need not be read, what is left of it is skipped. */
export interface TarEntry {
  readonly name: string;
  readonly sizeBytes: number;
  readonly body: ByteSource;
  /** Why this entry may not be used; its body is skipped. */
  readonly refused: BootcampError | null;
}

/** Of a path on Linux; a header may hold names of 4 MB, which every message about it would repeat. */
const longestName = 4096;
/** Extended headers have a handful of fields. A global one is copied for each entry: 4 MB of it take 0.1 s every time. */
const mostFields = 1000;

/**
 * The files of a tar archive, in order, piece by piece. Folders are passed over; names that climb out of the archive,
 * links and devices come with `refused` set, because whoever wrote the archive must not choose where we read or write.
 *
 * @param where path of the archive, for messages
 * @param budget of the file on disk
 * @param isSealed the source throws unless it is whole, as gzip data do by their length and CRC: then the blocks of zeros at the end,
 *   which some writers leave out, are not asked for
 * @throws BootcampError ABORTED; ARCHIVE when it has too many entries, or the archive itself is damaged or cut short; nothing of it can be read from there on
 */
export async function* tarEntries(
  source: AsyncIterable<Buffer>,
  where: string,
  budget: Budget,
  isSealed = false,
): AsyncGenerator<TarEntry> {
  const archive = extract();
  let broken: unknown = null;
  let tail: Buffer = Buffer.alloc(0);
  async function* watched(): AsyncGenerator<Buffer> {
    for await (const piece of source) {
      tail = piece.length >= 512 ? piece.subarray(-512) : Buffer.concat([tail, piece]).subarray(-512);
      yield piece;
    }
  }
  const fed = pipeline(Readable.from(watched()), archive as unknown as NodeJS.WritableStream).catch((error) => {
    broken ??= error;
  });
  let name = "";
  try {
    for await (const entry of archive) {
      budget.entry();
      name = printable(entry.header.name, longestName);
      const fields = Object.keys(entry.header.pax ?? {}).length;
      if (fields > mostFields) throw new Error(`${fields} extended header fields for one entry`);
      const body = new ByteSource(entry as unknown as AsyncIterable<Uint8Array>);
      const type = entry.header.type;
      if (type !== "directory")
        yield {
          name: entry.header.name.slice(0, longestName),
          sizeBytes: entry.header.size ?? 0,
          body,
          refused: refusal(where, entry.header.name, type),
        };
      await body.drain();
    }
    await fed;
    if (broken) throw broken;
    // Node cannot tell a tar cut between two entries from a whole one; the end mark (blocks of zeros) can
    if (!isSealed && (!tail.every((byte) => byte === 0) || tail.length < 512))
      throw new Error("its end mark is missing");
  } catch (error) {
    if (error instanceof BootcampError) throw error;
    if (broken instanceof BootcampError) throw broken;
    throw new BootcampError("ARCHIVE", `${where}: Expected a whole tar archive, ${damage(error)}${after(name)}`, {
      where,
      cause: error,
      remedy: "Fetch or copy the archive again.",
    });
  } finally {
    archive.destroy();
    await fed;
  }
}

const after = (name: string) => (name ? `, in or after entry ${JSON.stringify(name)}` : "");

function damage(error: unknown): string {
  const text = messageOf(error);
  if (/Unexpected end/.test(text)) return "got one that ends too early";
  if (/Invalid tar header/.test(text)) return "got a damaged header";
  return `got: ${text}`;
}

/** Why an entry may not be used, or null. Also a name that only *might* climb out on some system is refused. */
export function refusal(where: string, name: string, type: string | null | undefined): BootcampError | null {
  const reason =
    type && type !== "file" && type !== "contiguous-file"
      ? `a ${type}`
      : /^([/\\]|[A-Za-z]:)/.test(name)
        ? "an absolute path"
        : name.split(/[/\\]/).includes("..")
          ? "a path that climbs out"
          : name.includes("\0") || name === "" || name.length > longestName
            ? "an impossible name"
            : null;
  if (reason === null) return null;
  const place = `${where}!${name.slice(0, longestName)}`;
  return new BootcampError("ARCHIVE", `${place}: Expected a file inside the archive, got ${reason}; not unpacked`, {
    where: place,
    remedy: "Do not trust this archive; its other entries are read.",
  });
}
