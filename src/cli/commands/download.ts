import { isBootcampError, messageOf, usageError } from "../../errors";
import * as files from "../../files";
import { parseNights } from "../../files/archive";
import { formatBytes } from "../../files/limits";
import { erase, say } from "../../terminal";
import { dataRoot } from "../../version";
import { command } from "../command";
import { DownloadProgress } from "../download-progress";
import { json } from "../json";
import { count, flag, number, text, type Values } from "../option";
import { Output } from "../output";
import { interruptSignal, table } from "../run";

const options = {
  list: flag("--list", "list the nights there are, and download nothing"),
  recent: count("--recent <n>", "the latest <n> nights with alerts"),
  folder: text("--folder <folder>", "where the nights go", dataRoot()),
  parallel: number("--parallel <n>", "nights at a time", 2),
  keepArchive: flag("--keep-archive", "keep the tarballs, in <folder>/.archive"),
  catalog: flag("--catalog", "also the catalogue of variable stars, to <folder>/catalogs/gcvs.csv"),
  url: text("--url <address>", "address of the archive (default: ZTF_ARCHIVE_URL, else the public one)"),
  json: flag("--json", "print JSON: one object per line"),
};
type Given = Values<typeof options>;

export default command("download [nights...]", {
  summary: "list, download, check and unpack nights of the public ZTF archive",
  section: "Alerts in files",
  arguments: { nights: "UTC dates as YYYYMMDD, or ranges YYYYMMDD..YYYYMMDD" },
  options,
  notes: `Nights are UTC dates (20181129 or 2018-11-29) of the public ZTF alert archive, or ranges of them; each goes to
<folder>/<night>/ and is checked against the archive's MD5SUMS. The disk space is checked first; a broken or interrupted
download continues where it stopped. ZTF_ARCHIVE_URL and GCVS_URL change the addresses.`,
  examples: [
    "alerts download 20181129            the small night of 499 alerts (22 MB)",
    "alerts download 20181129..20181203 --parallel 3",
    "alerts download --list --recent 10  which nights there are",
    "alerts download --recent 1          the latest night; may be tens of GB",
    "alerts download --catalog           the General Catalogue of Variable Stars",
  ],
  run: download,
});

async function download(nights: string[], options: Given): Promise<number> {
  const { recent } = options;
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
  options: Given,
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
      parallel: options.parallel,
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
  options: Given,
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

async function catalog(options: Given, signal: AbortSignal, output: Output): Promise<void> {
  const { path, rows, isNew } = await files.downloadGcvs({ folder: options.folder, signal });
  const status = isNew ? "downloaded" : "present";
  if (options.json) await output.line(json({ catalog: "gcvs", status, path, rows }));
  else say(`catalogue of variable stars ${status}: ${rows} stars in ${path}`);
}
