import { promises as fs } from "node:fs";
import { join } from "node:path";
import { untilInterrupted } from "../cell";
import { BootcampError, isBootcampError, messageOf, usageError } from "../errors";
import { expectArgument } from "../expect";
import { makeFolder } from "../folders";
import { type ArchiveOptions, archiveUrl, listNights, type Night, parseNights } from "./archive";
import { downloadNight, type NightProgress } from "./download-night";
import { checkSpace, spaceFactor } from "./space";
import { accessError } from "./walk";

/** Options of {@link downloadNights}. */
export interface DownloadOptions extends ArchiveOptions {
  /** Folder that gets one folder per night; default "data". */
  folder?: string;
  /** Nights at a time; default 2. */
  parallel?: number;
  /** Keep the tarballs, in `<folder>/.archive`; default false. */
  keepArchive?: boolean;
  /** Wait before a broken connection is tried again, seconds, doubled each time; default 1. */
  retryWaitSeconds?: number;
  onProgress?: (progress: NightProgress) => void;
  /** Called as each night is finished, whatever became of it. */
  onNight?: (result: NightResult) => void;
}

/** What became of one night. */
export interface NightResult {
  readonly night: string;
  /** `present`: it was there already; `empty`: the archive has no alerts of that night. */
  readonly status: "downloaded" | "present" | "empty" | "failed";
  /** Alert files of the night. */
  readonly alerts: number;
  /** Size of the tarball, and how much of it an earlier attempt had brought. */
  readonly bytes: number;
  readonly resumedAt: number;
  /** True when the tarball was compared with the archive's checksum. */
  readonly isVerified: boolean;
  readonly folder: string | null;
  readonly error: BootcampError | null;
}

/**
 * Downloads nights of the ZTF public archive, each into `<folder>/<YYYYMMDD>/`, checked against MD5SUMS.
 *
 * A night that is there already is not fetched again; an interrupted one goes on where it stopped. Every night gets a
 * line in `<folder>/download.log`.
 *
 * @param nights UTC dates as YYYYMMDD or YYYY-MM-DD, and ranges `20181129..20181203`, which stand for the nights of the
 *   archive between the two
 * @returns one result per night, in the order asked for
 * @throws BootcampError USAGE for what is not a date; DOWNLOAD, ARCHIVE, GZIP, FILE_ACCESS after all other nights are
 *   done; ABORTED
 * @example
 * const [night] = await files.downloadNights(["20181129"], { folder: "data" });
 */
export async function downloadNights(nights: readonly string[], wanted: DownloadOptions = {}): Promise<NightResult[]> {
  expectArgument("list", nights, "a list of nights as YYYYMMDD");
  expectArgument("object", wanted, "options { folder … }");
  const options = { ...wanted, signal: untilInterrupted(wanted.signal) };
  if (nights.length === 0) throw usageError("at least one night as YYYYMMDD", "none");
  const asked = parseNights(nights);
  const parallel = options.parallel ?? 2;
  if (!Number.isInteger(parallel) || parallel < 1)
    throw usageError("`parallel` to be a whole number from 1 up", parallel);
  const folder = options.folder ?? "data";
  try {
    makeFolder(join(folder, ".archive"));
  } catch (error) {
    throw accessError(folder, error);
  }
  const results = new Map<string, NightResult>();
  const finish = async (result: NightResult) => {
    results.set(result.night, result);
    await appendLog(folder, result);
    options.onNight?.(result);
  };
  const missing: string[] = [];
  for (const night of asked.keys()) {
    const alerts = await countFiles(join(folder, night));
    if (alerts === null) missing.push(night);
    else await finish({ ...blank(night), status: "present", alerts, folder: join(folder, night) });
  }
  if (missing.length > 0) {
    const listed = new Map((await listNights(options)).map((night) => [night.night, night]));
    // a night within a range that the archive does not have is no mistake; one that was named is
    const queue = missing.filter((night) => asked.get(night) || listed.has(night));
    if (queue.length === 0 && results.size === 0)
      throw noSuchNight(missing[0]!, [...listed.keys()], archiveUrl(options.baseUrl), nights.join(", "));
    checkSpace(
      folder,
      queue.reduce((sum, night) => sum + (listed.get(night)?.sizeBytes ?? 0) * spaceFactor, 0),
    );
    const worker = async () => {
      for (let night = queue.shift(); night; night = queue.shift()) {
        await finish(await attempt(night, listed, folder, options));
        if (options.signal?.aborted) return;
      }
    };
    await Promise.all(Array.from({ length: Math.min(parallel, queue.length) }, worker));
  }
  if (options.signal?.aborted)
    throw new BootcampError("ABORTED", "The download was stopped on request; what has come is kept", {
      remedy: "The same command goes on where it stopped.",
    });
  throwFailures([...results.values()]);
  return [...asked.keys()].flatMap((night) => results.get(night) ?? []);
}

async function attempt(
  night: string,
  listed: ReadonlyMap<string, Night>,
  folder: string,
  options: DownloadOptions,
): Promise<NightResult> {
  try {
    const entry = listed.get(night);
    if (!entry) throw noSuchNight(night, [...listed.keys()], archiveUrl(options.baseUrl));
    if (entry.isEmpty) return { ...blank(night), status: "empty", bytes: entry.sizeBytes ?? 0 };
    return { ...blank(night), ...(await downloadNight(entry, folder, options)) };
  } catch (error) {
    return { ...blank(night), status: "failed", error: asBootcampError(error, night, folder) };
  }
}

/** Only an error of the file system is one of the folder. */
function asBootcampError(error: unknown, night: string, folder: string): BootcampError {
  if (isBootcampError(error)) return error;
  if ((error as NodeJS.ErrnoException).syscall !== undefined) return accessError(folder, error);
  return new BootcampError("DOWNLOAD", `Night ${night} was not downloaded: ${messageOf(error)}`, {
    where: night,
    cause: error,
  });
}

const blank = (night: string) => ({
  night,
  alerts: 0,
  bytes: 0,
  resumedAt: 0,
  isVerified: false,
  folder: null,
  error: null,
});

function noSuchNight(night: string, known: readonly string[], url: string, asked = night): BootcampError {
  const after = known.find((other) => other > night);
  const before = known.filter((other) => other < night).at(-1);
  const near = [before, after].filter(Boolean).join(" and ");
  return new BootcampError("DOWNLOAD", `Expected night ${asked} in ${url}, it is not there; next to it: ${near}`, {
    where: asked,
    remedy: "alerts download --list shows the nights there are.",
  });
}

function throwFailures(results: readonly NightResult[]): void {
  const failures = results.filter((result) => result.error !== null);
  const first = failures[0]?.error;
  if (!first) return;
  if (failures.length === 1) throw first;
  const names = failures.map((result) => `${result.night}: ${result.error!.message}`).join("; ");
  throw new BootcampError("DOWNLOAD", `${failures.length} of ${results.length} nights failed: ${names}`, {
    cause: first,
    remedy: "The same command tries them again; nights that are there are not fetched twice.",
  });
}

async function countFiles(folder: string): Promise<number | null> {
  const names = await fs.readdir(folder).catch(() => null);
  return names === null ? null : names.filter((name) => !name.startsWith(".")).length;
}

/** One line per night and run: time (UTC), night, what became of it; always ended by a newline. */
async function appendLog(folder: string, result: NightResult): Promise<void> {
  const what = result.error
    ? result.error.message.replace(/\s+/g, " ")
    : `${result.alerts} alerts, ${result.bytes} bytes`;
  const check = result.status === "downloaded" ? (result.isVerified ? ", md5 ok" : ", md5 not listed") : "";
  await fs.appendFile(
    join(folder, "download.log"),
    `${new Date().toISOString()} ${result.night} ${result.status}: ${what}${check}\n`,
  );
}
