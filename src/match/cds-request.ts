import { parse } from "csv-parse/sync";
import { proxyAdvice } from "../advice";
import { wrapRa } from "../alert/sphere";
import { BootcampError, messageOf } from "../errors";
import type { SkyPosition } from "./sky";

/** Columns of the table that is sent; the prefix keeps them apart from those of any catalogue in the reply. */
const column = { row: "bootcamp_row", ra: "bootcamp_ra", dec: "bootcamp_dec" };
/** A reply of 1,000 positions with the widest VizieR table is below 2 MB; this is what a hostile server may cost. */
const maxReplyBytes = 64e6;

/** Entry of a remote catalogue: column names and text as the service sent them. */
export type CdsRow = Readonly<Record<string, string>>;

/** The nearest entry within the radius. */
export interface CdsMatch {
  readonly row: CdsRow;
  readonly separationArcsec: number;
}

export interface CdsQuery {
  catalog: string;
  radiusArcsec: number;
  url: string;
  timeoutSeconds: number;
  signal?: AbortSignal | undefined;
}

/**
 * One request to the X-Match service: positions go out as a CSV file with their row numbers, and every entry of the
 * reply is given back to the row number it carries, the nearest by angDist.
 *
 * Interface: https://cdsxmatch.u-strasbg.fr/xmatch/doc/API-calls.html
 *
 * @returns one answer per position, null where nothing lies within the radius
 * @throws REMOTE when the service fails, answers something else or takes longer than the time-out; ABORTED on `signal`
 */
export async function askCds(positions: readonly SkyPosition[], query: CdsQuery): Promise<(CdsMatch | null)[]> {
  const timeOut = AbortSignal.timeout(query.timeoutSeconds * 1000);
  const signal = query.signal ? AbortSignal.any([query.signal, timeOut]) : timeOut;
  try {
    const response = await fetch(query.url, { method: "POST", body: form(positions, query), signal });
    const text = await boundedText(response);
    if (!response.ok) throw new Error(`status ${response.status}${quoted(text)}`);
    return readReply(text, positions.length, query.radiusArcsec);
  } catch (error) {
    if (query.signal?.aborted) throw new BootcampError("ABORTED", "The crossmatch was stopped on request");
    const why = timeOut.aborted ? `none within ${query.timeoutSeconds} s` : reason(error);
    throw new BootcampError("REMOTE", `${query.url}: expected matches, got ${why}`, {
      where: query.url,
      remedy: `the service may be down: try again later${proxyAdvice()}`,
      cause: error,
    });
  }
}

function form(positions: readonly SkyPosition[], { catalog, radiusArcsec }: CdsQuery): FormData {
  const lines = positions.map(({ ra, dec }, row) => `${row},${positionText({ ra, dec })}`);
  const csv = `${column.row},${column.ra},${column.dec}\n${lines.join("\n")}\n`;
  const form = new FormData();
  form.set("request", "xmatch");
  form.set("distMaxArcsec", String(radiusArcsec));
  form.set("RESPONSEFORMAT", "csv");
  form.set("cat1", new Blob([csv], { type: "text/csv" }), "positions.csv");
  form.set("colRA1", column.ra);
  form.set("colDec1", column.dec);
  form.set("cat2", catalog);
  return form;
}

/** A position as it is sent and remembered, `ra,dec` to 1e-7 degrees (0.4 mas), below any alert's error. */
export function positionText({ ra, dec }: SkyPosition): string {
  return `${wrapRa(Number(ra.toFixed(7))).toFixed(7)},${dec.toFixed(7)}`;
}

async function boundedText(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.length;
    if (length > maxReplyBytes) throw new Error(`more than ${maxReplyBytes / 1e6} MB`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

/** @throws Error when the reply is not the table that was asked for: then none of it is believed */
function readReply(text: string, asked: number, radiusArcsec: number): (CdsMatch | null)[] {
  const lines: string[][] = parse(text, { bom: true, skip_empty_lines: true, relax_column_count: true });
  const header = lines[0] ?? [];
  const distanceAt = header.indexOf("angDist");
  const rowAt = header.indexOf(column.row);
  if (distanceAt < 0 || rowAt < 0) throw new Error(`no table with angDist and ${column.row}${quoted(text)}`);
  const own = new Set([distanceAt, ...Object.values(column).map((name) => header.indexOf(name))]);
  const nearest = new Array<CdsMatch | null>(asked).fill(null);
  for (const cells of lines.slice(1)) {
    if (cells.length !== header.length)
      throw new Error(`${cells.length} cells under ${header.length} columns (cut short?)`);
    const row = /^\d+$/.test(cells[rowAt]!) ? Number(cells[rowAt]) : Number.NaN;
    if (!(row < asked)) throw new Error(`a match for row ${quoted(cells[rowAt]!)}, which was not asked`);
    const separationArcsec = cells[distanceAt]!.trim() === "" ? Number.NaN : Number(cells[distanceAt]);
    // Distances and the positions sent are rounded, so one on the edge may come out just outside it.
    if (!(separationArcsec >= 0 && separationArcsec <= radiusArcsec + 1e-3))
      throw new Error(`angDist${quoted(cells[distanceAt]!)}, expected 0 to ${radiusArcsec}`);
    const known = nearest[row];
    if (known && known.separationArcsec <= separationArcsec) continue;
    const entry = header.map((name, at) => [name, cells[at]!] as const).filter((_, at) => !own.has(at));
    nearest[row] = { row: Object.fromEntries(entry), separationArcsec };
  }
  return nearest;
}

/** A short, printable piece of what a server said. */
function quoted(text: string): string {
  const plain = text
    .replace(/<[^>]*>/g, " ")
    .replace(/[^\x20-\x7e]+/g, " ")
    .replace(/ +/g, " ")
    .trim();
  return plain === "" ? "" : `: "${plain.slice(0, 120)}${plain.length > 120 ? "…" : ""}"`;
}

/** `fetch failed` says nothing; its cause does. */
function reason(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
  if (cause?.code === "ECONNREFUSED") return "a refused connection";
  if (cause?.code === "ENOTFOUND" || cause?.code === "EAI_AGAIN") return "no such host (is there a network?)";
  return cause?.message ? `${messageOf(error)} (${cause.message})` : messageOf(error);
}
