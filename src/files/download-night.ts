import { createHash } from "node:crypto";
import { createReadStream, promises as fs } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { BootcampError, isBootcampError } from "../errors";
import { emptyNightBytes, type Night } from "./archive";
import { fetchFile } from "./fetch-file";
import { formatBytes } from "./limits";
import { withLock } from "./lock";
import { checkSpace, freeOn, spaceFactor } from "./space";
import { unpackArchive } from "./unpack";

/** How far the download of one night has come. */
export interface NightProgress {
  readonly night: string;
  readonly receivedBytes: number;
  /** Null when the server does not say. */
  readonly totalBytes: number | null;
  /** Mean since this attempt began, bytes that were there before not counted. */
  readonly bytesPerSecond: number;
  readonly secondsLeft: number | null;
}

export interface NightOptions {
  signal?: AbortSignal | undefined;
  idleSeconds?: number | undefined;
  retryWaitSeconds?: number;
  keepArchive?: boolean;
  onProgress?: (progress: NightProgress) => void;
}

/** What became of a night that was fetched. */
export interface FetchedNight {
  status: "downloaded" | "empty";
  alerts: number;
  bytes: number;
  resumedAt: number;
  isVerified: boolean;
  folder: string | null;
}

/** Fetches, checks and unpacks one night into `<folder>/<night>`; parts and kept tarballs lie in `<folder>/.archive`. */
export async function downloadNight(night: Night, folder: string, options: NightOptions): Promise<FetchedNight> {
  const archive = join(folder, ".archive", night.file);
  return withLock(`${archive}.lock`, `Night ${night.night}`, async () => {
    const fetched = await fetchChecked(night, archive, folder, options);
    const target = join(folder, night.night);
    const { files } = await unpackArchive(archive, target, { signal: options.signal }).catch(async (error) => {
      // without a checksum only unpacking shows that it came in part; kept, it would never be fetched again
      const isDamaged = isBootcampError(error, "GZIP") || isBootcampError(error, "ARCHIVE");
      if (isDamaged && !fetched.isVerified) await fs.rm(archive, { force: true });
      throw error;
    });
    if (!options.keepArchive) await fs.rm(archive, { force: true });
    return {
      ...fetched,
      status: files > 0 ? ("downloaded" as const) : ("empty" as const),
      alerts: files,
      folder: files > 0 ? target : null,
    };
  });
}

async function fetchChecked(night: Night, archive: string, folder: string, options: NightOptions) {
  const kept = await fs.stat(archive).catch(() => null);
  if (kept && (night.md5 === null || (await md5Of(archive)) === night.md5))
    return { bytes: kept.size, resumedAt: kept.size, isVerified: night.md5 !== null };
  const part = `${archive}.part`;
  for (let fresh = false; ; fresh = true) {
    const fetched = await fetchFile(night.url, part, {
      ...options,
      ...progressOf(night.night, options.onProgress),
      maxBytes: largest(night, folder),
      onSize: (left) => checkSpace(folder, left * spaceFactor),
    });
    const sum = await md5Of(part);
    if (night.md5 === null || sum === night.md5) {
      await fs.rename(part, archive);
      return { ...fetched, isVerified: night.md5 !== null };
    }
    await fs.rm(part, { force: true });
    // a part of an older edition of the file, or of a proxy's error page, is worth one fresh start
    if (fetched.resumedAt === 0 || fresh) throw wrongSum(night, sum, fetched.bytes);
  }
}

/** What the index announces, with the room its rounding needs (`1.2G`, `22M`); without it, what the disk can hold. */
const largest = ({ sizeBytes }: Night, folder: string): number =>
  sizeBytes === null ? freeOn(folder) / spaceFactor : 1.1 * sizeBytes + 2048;

function wrongSum(night: Night, sum: string, bytes: number): BootcampError {
  const size = bytes === emptyNightBytes ? "an empty night" : formatBytes(bytes);
  return new BootcampError(
    "DOWNLOAD",
    `${night.url}: Expected checksum ${night.md5} (MD5SUMS), got ${sum} over ${size}; the file was removed`,
    { where: night.url, remedy: "Run the same command again; if it stays so, the archive is being rewritten." },
  );
}

async function md5Of(path: string): Promise<string> {
  const hash = createHash("md5"); // the archive publishes no other; it guards against damage, not against malice
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}

/** Turns byte counts into a rate and the time left, at most five times a second. */
function progressOf(night: string, onProgress: NightOptions["onProgress"]) {
  if (!onProgress) return {};
  const began = performance.now();
  let first: number | null = null;
  let last = Number.NEGATIVE_INFINITY;
  return {
    onBytes(receivedBytes: number, totalBytes: number | null) {
      const now = performance.now();
      first ??= receivedBytes;
      if (now - last < 200 && receivedBytes !== totalBytes) return;
      last = now;
      const bytesPerSecond = (receivedBytes - first) / Math.max((now - began) / 1000, 0.001);
      const secondsLeft =
        totalBytes === null || bytesPerSecond <= 0 ? null : (totalBytes - receivedBytes) / bytesPerSecond;
      onProgress({ night, receivedBytes, totalBytes, bytesPerSecond, secondsLeft });
    },
  };
}
