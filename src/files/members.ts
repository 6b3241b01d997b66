import { createReadStream, promises as fs, type ReadStream } from "node:fs";
import { BootcampError, isBootcampError } from "../errors";
import { Budget } from "./budget";
import { ByteSource } from "./byte-source";
import { gunzip } from "./gunzip";
import { formatBytes, type ReadLimits, withDefaults } from "./limits";
import { isPlainlyNotData, sniff, sniffBytes } from "./sniff";
import { standardInput, standardInputPieces } from "./standard-input";
import { tarEntries } from "./tar";
import { accessError, walk } from "./walk";

/**
 * One alert file, wherever it lay: in a folder, an archive, or an archive in an archive. `path` names it as
 * `night.tar.gz!123.avro`; `file` is the file on disk. Exactly one of `bytes` and `error` is set.
 */
export interface Member {
  readonly path: string;
  readonly file: string;
  readonly bytes: Buffer | null;
  readonly error: BootcampError | null;
}

export interface MemberOptions extends ReadLimits {
  recursive?: boolean;
  /** A folder among the paths that is passed over. */
  except?: string | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Alert files under the given paths, one at a time. What cannot be read comes as a member with `error`, and the rest
 * goes on.
 */
export async function* members(paths: readonly string[], options: MemberOptions = {}): AsyncGenerator<Member> {
  const limits = withDefaults(options);
  for await (const found of walk(paths, options.recursive ?? true, options.except)) {
    if (options.signal?.aborted) throw new BootcampError("ABORTED", "Reading was stopped on request");
    if (found.error) yield failed(found.path, found.path, found.error);
    else yield* membersOfFile(found.path, limits, options.signal);
  }
}

/** Files up to this size are read at once: opening a stream for each of a night's 300,000 takes twice as long. */
const smallFile = 8 * 2 ** 20;

/**
 * Alert files of one file on disk: itself, or what an archive holds.
 *
 * @throws BootcampError ABORTED; anything else comes as a member with `error`
 */
export async function* membersOfFile(
  file: string,
  limits: Required<ReadLimits>,
  signal?: AbortSignal | undefined,
): AsyncGenerator<Member> {
  const budget = new Budget(file, limits, signal);
  let stream: ReadStream | undefined;
  try {
    let pieces: AsyncIterable<Buffer> | Iterable<Buffer>;
    if (file === standardInput) pieces = standardInputPieces(signal);
    else {
      const { size } = await fs.stat(file);
      if (size > 0 && size <= smallFile) pieces = [await fs.readFile(file)];
      else pieces = stream = createReadStream(file, { highWaterMark: 256 * 1024 });
    }
    yield* expand(new ByteSource(budget.counted(pieces)), file, file, budget, 0);
  } catch (error) {
    if (isBootcampError(error, "ABORTED")) throw error;
    yield failed(file, file, isBootcampError(error) ? error : accessError(file, error));
  } finally {
    stream?.destroy();
  }
}

const failed = (file: string, path: string, error: BootcampError): Member => ({ path, file, bytes: null, error });

async function* expand(
  source: ByteSource,
  file: string,
  path: string,
  budget: Budget,
  depth: number,
  zipped = false,
): AsyncGenerator<Member> {
  const { limits } = budget;
  const kind = sniff(await source.peek(sniffBytes), path);
  if ((kind === "gzip" || kind === "tar") && depth >= limits.maxDepth) throw tooDeep(path, limits);
  if (kind === "gzip") {
    yield* expand(new ByteSource(gunzip(source, path, budget)), file, path, budget, depth + 1, true);
  } else if (kind === "tar") {
    yield* expandTar(source, file, path, budget, depth + 1, zipped);
  } else {
    const bytes = await source.readAll(limits.maxBytes, () => tooLarge(path, limits, zipped));
    yield { path, file, bytes, error: null };
  }
}

async function* expandTar(
  source: ByteSource,
  file: string,
  path: string,
  budget: Budget,
  depth: number,
  zipped: boolean,
): AsyncGenerator<Member> {
  // An error of the archive itself also reaches whoever reads an entry; it must be counted once, and end the archive.
  let broken: unknown = null;
  async function* watched(): AsyncGenerator<Buffer> {
    try {
      yield* source;
    } catch (error) {
      broken = error;
      throw error;
    }
  }
  for await (const entry of tarEntries(watched(), path, budget, zipped)) {
    const place = `${path}!${entry.name}`;
    if (entry.refused) {
      yield failed(file, place, entry.refused);
      continue;
    }
    const parts = entry.name.split("/").filter((part) => part !== ".");
    if (isPlainlyNotData(entry.name) || parts.some((part) => part.startsWith("."))) continue;
    try {
      yield* expand(entry.body, file, place, budget, depth);
    } catch (error) {
      if (budget.spent) throw budget.spent;
      if (broken || !isBootcampError(error)) continue; // tarEntries throws it as an error of the archive
      yield failed(file, place, error);
    }
  }
}

function tooDeep(path: string, limits: Required<ReadLimits>): BootcampError {
  return new BootcampError("ARCHIVE", `${path}: Expected archives at most ${limits.maxDepth} deep, got more`, {
    where: path,
    remedy: "Unpack it by hand if it is trusted.",
  });
}

function tooLarge(path: string, limits: Required<ReadLimits>, zipped: boolean): BootcampError {
  const limit = formatBytes(limits.maxBytes);
  return new BootcampError(
    zipped ? "GZIP" : "FILE_ACCESS",
    `${path}: Expected an alert file of at most ${limit}, got more`,
    {
      where: path,
      remedy: "If the file is trusted, raise maxBytes.",
    },
  );
}
