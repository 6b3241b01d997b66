import { promises as fs } from "node:fs";
import { dirname, join } from "node:path";
import { untilInterrupted } from "../cell";
import { BootcampError, usageError } from "../errors";
import { makeFolder } from "../folders";
import { writeWhole } from "../write-whole";
import { requestText } from "./http";
import { accessError } from "./walk";

/**
 * The General Catalogue of Variable Stars (Samus et al. 2017, ARep 61, 80) as VizieR's tab-separated service gives it:
 * positions at J2000 in degrees and the type of variability, all rows. The tests ask a stand-in server; the parameters
 * are those of VizieR's own description (ASU), so an answer in another form is refused, not guessed at.
 */
export const gcvsUrl =
  "https://vizier.cds.unistra.fr/viz-bin/asu-tsv?-source=B/gcvs/gcvs_cat" +
  "&-out.max=unlimited&-oc.form=dec&-out.add=_RAJ2000,_DEJ2000&-out=VarType";

/** Options of {@link downloadGcvs}. */
export interface CatalogDownloadOptions {
  /** Data folder; the catalogue goes to `<folder>/catalogs/gcvs.csv`. Default "data". */
  folder?: string;
  /** Address to fetch from; default the environment's GCVS_URL, else {@link gcvsUrl}. */
  url?: string | undefined;
  signal?: AbortSignal | undefined;
  idleSeconds?: number | undefined;
}

/**
 * Downloads the catalogue of variable stars as CSV with the columns `ra,dec` (degrees, J2000) and `VarType`.
 *
 * @returns the file's path, the number of stars, and false for `isNew` when it was there already (then nothing is fetched)
 * @throws BootcampError DOWNLOAD when the service fails, CATALOG when its answer is not the table asked for
 * @example
 * const { path } = await files.downloadGcvs({ folder: "data" });
 */
export async function downloadGcvs(
  wanted: CatalogDownloadOptions = {},
): Promise<{ path: string; rows: number; isNew: boolean }> {
  const options = { ...wanted, signal: untilInterrupted(wanted.signal) };
  const path = join(options.folder ?? "data", "catalogs", "gcvs.csv");
  const there = await fs.readFile(path, "utf8").catch(() => null);
  if (there !== null) return { path, rows: there.trimEnd().split("\n").length - 1, isNew: false };
  const url = options.url || process.env.GCVS_URL || gcvsUrl;
  if (!/^https?:\/\//.test(url)) throw usageError("an address that begins with http:// or https://", url);
  const text = await requestText(url, { ...options, whole: /^#END#.*\s*$/m }); // VizieR's last line
  if (text === null)
    throw new BootcampError("DOWNLOAD", `${url}: Expected the catalogue, got "not found" (404)`, { where: url });
  const rows = parseVizierTsv(text, url);
  try {
    makeFolder(dirname(path));
    writeWhole(path, `ra,dec,VarType\n${rows.map((row) => row.join(",")).join("\n")}\n`);
  } catch (error) {
    throw accessError(path, error);
  }
  return { path, rows: rows.length, isNew: true };
}

/**
 * Rows of VizieR's tab-separated form: comments behind `#`, then names, units, a line of dashes, the data. Stars
 * without a position (lost, or never measured) are left out; commas in a type are kept by quoting.
 */
export function parseVizierTsv(text: string, where: string): [string, string, string][] {
  const lines = text.split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("#"));
  const dashes = lines.findIndex((line) => /^-+(\t-+)*$/.test(line.trim()));
  const names = lines[0]?.split("\t").map((name) => name.trim()) ?? [];
  const [ra, dec, type] = ["_RAJ2000", "_DEJ2000", "VarType"].map((name) => names.indexOf(name)) as [
    number,
    number,
    number,
  ];
  if (dashes < 0 || Math.min(ra, dec, type) < 0)
    throw new BootcampError(
      "CATALOG",
      `${where}: Expected a tab-separated table with _RAJ2000, _DEJ2000 and VarType, got ${JSON.stringify(text.slice(0, 60))}`,
      { where, remedy: "The service may be down; try again later or set GCVS_URL to a mirror." },
    );
  const rows: [string, string, string][] = [];
  for (const line of lines.slice(dashes + 1)) {
    const cells = line.split("\t").map((cell) => cell.trim());
    const place = [Number(cells[ra] || Number.NaN), Number(cells[dec] || Number.NaN)] as const;
    if (!(place[0] >= 0 && place[0] <= 360 && Math.abs(place[1]) <= 90)) continue;
    const kind = cells[type] ?? "";
    rows.push([String(place[0]), String(place[1]), /[",]/.test(kind) ? `"${kind.replaceAll('"', '""')}"` : kind]);
  }
  if (rows.length === 0)
    throw new BootcampError("CATALOG", `${where}: Expected stars with positions in degrees, got none`, { where });
  return rows;
}
