import type { Command } from "commander";
import { isBootcampError, messageOf, usageError } from "../errors";
import * as files from "../files";
import { parseNights } from "../files/archive";
import { formatBytes } from "../files/limits";
import { erase, say } from "../terminal";
import { DownloadProgress } from "./download-progress";
import { json } from "./json";
import { Output } from "./output";
import { action, interruptSignal, number, table } from "./run";

interface Options {
  list?: boolean;
  recent?: string;
  folder: string;
  parallel?: string;
  keepArchive?: boolean;
  catalog?: boolean;
  url?: string;
  json?: boolean;
}

const help = `
Nights are UTC dates (20181129 or 2018-11-29) of the public ZTF alert archive, or ranges of them; each goes to
<folder>/<night>/, checked against the archive's MD5SUMS. The disk space is checked first; a broken or interrupted
download goes on where it stopped. ZTF_ARCHIVE_URL and GCVS_URL change the addresses.

Examples:
  alerts download 20181129            the small night of 499 alerts (22 MB)
  alerts download 20181129..20181203 --parallel 3
  alerts download --list --recent 10  what there is
  alerts download --recent 1          the latest night; may be tens of GB
  alerts download --catalog           the General Catalogue of Variable Stars`;

export function register(program: Command): void {
  program
    .command("download")
    .description("nights of the public ZTF archive: list, download, check, unpack")
    .argument("[nights...]", "UTC dates as YYYYMMDD, or ranges YYYYMMDD..YYYYMMDD")
    .option("--list", "show the nights there are and download nothing")
    .option("--recent <count>", "the latest nights with alerts")
    .option("--folder <folder>", "where the nights go", files.dataRoot())
    .option("--parallel <count>", "nights at a time (default: 2)")
    .option("--keep-archive", "keep the tarballs, in <folder>/.archive")
    .option("--catalog", "also the catalogue of variable stars, to <folder>/catalogs/gcvs.csv")
    .option("--url <address>", "address of the archive")
    .option("--json", "results as JSON lines")
    .addHelpText("after", help)
    .action(action(download));
}

async function download(nights: string[], options: Options): Promise<number> {
  const recent = number("--recent", options.recent);
  if (recent !== undefined && (!Number.isInteger(recent) || recent < 1))
    throw usageError("a whole number from 1 up after --recent", recent);
  if (nights.length === 0 && recent === undefined && !options.list && !options.catalog)
    throw usageError(
      "nights as YYYYMMDD, --recent, --list or --catalog",
      "none of them",
      "alerts download 20181129 fetches a small night.",
    );
  const output = new Output();
  const signal = interruptSignal();
  const archive = { baseUrl: options.url, signal };
  if (options.list) {
    await list(nights, recent, archive, options, output);
    return 0;
  }
  if (options.catalog) await catalog(options, signal, output);
  const wanted = [...nights];
  if (recent !== undefined) {
    const withAlerts = (await files.listNights(archive)).filter((night) => !night.isEmpty);
    wanted.push(...withAlerts.slice(-recent).map((night) => night.night));
  }
  return wanted.length === 0 ? 0 : fetchAll(wanted, options, archive, output);
}

async function fetchAll(
  wanted: string[],
  options: Options,
  archive: { baseUrl: string | undefined; signal: AbortSignal },
  output: Output,
): Promise<number> {
  const progress = new DownloadProgress();
  const results: files.NightResult[] = [];
  try {
    await files.downloadNights(wanted, {
      ...archive,
      folder: options.folder,
      keepArchive: options.keepArchive === true,
      parallel: number("--parallel", options.parallel) ?? 2,
      onProgress: (step) => progress.update(step),
      onNight: (result) => {
        progress.finish(result.night);
        results.push(result);
        if (result.error) say(`alerts: ${result.night}: ${messageOf(result.error)}`);
      },
    });
  } catch (error) {
    erase();
    const isSaid = results.some((result) => result.error !== null) && !isBootcampError(error, "ABORTED");
    if (!isSaid) throw error;
  }
  if (options.json)
    for (const result of results) await output.line(json({ ...result, error: result.error?.message ?? null }));
  else if (results.length > 0) await output.line(table(results.map(row)));
  return results.some((result) => result.error !== null) ? 1 : 0;
}

const row = (result: files.NightResult) => ({
  night: result.night,
  status: result.status,
  alerts: result.alerts,
  size: result.bytes > 0 ? formatBytes(result.bytes) : "",
  checksum: result.status !== "downloaded" ? "" : result.isVerified ? "ok" : "none listed",
  folder: result.folder ?? "",
});

async function list(
  nights: string[],
  recent: number | undefined,
  archive: { baseUrl: string | undefined; signal: AbortSignal },
  options: Options,
  output: Output,
): Promise<void> {
  const asked = parseNights(nights); // before the archive is asked
  const all = await files.listNights(archive);
  const named = nights.length > 0 ? all.filter(({ night }) => asked.has(night)) : all;
  const shown = recent === undefined ? named : named.slice(-recent);
  if (options.json) for (const night of shown) await output.line(json(night));
  else
    await output.line(
      table(
        shown.map((night) => ({
          night: night.night,
          size: night.isEmpty ? "empty" : night.sizeBytes === null ? "" : formatBytes(night.sizeBytes),
          md5: night.md5 ?? "",
        })),
        ["night", "size", "md5"],
      ),
    );
  const empty = shown.filter((night) => night.isEmpty).length;
  say(`${shown.length} nights, ${empty} of them empty`);
}

async function catalog(options: Options, signal: AbortSignal, output: Output): Promise<void> {
  const { path, rows, isNew } = await files.downloadGcvs({ folder: options.folder, signal });
  const status = isNew ? "downloaded" : "present";
  if (options.json) await output.line(json({ catalog: "gcvs", status, path, rows }));
  else say(`catalogue of variable stars ${status}: ${rows} stars in ${path}`);
}
