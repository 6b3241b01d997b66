import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { getHeapStatistics } from "node:v8";
import { gunzip } from "node:zlib";
import { type CsvError, parse } from "csv-parse/sync";
import { BootcampError, messageOf } from "../errors";
import { splitSpaces } from "./table-spaces";

/** Text of a catalogue: its column names, unique, and the trimmed cells of each row as they stand in the file. */
export interface Table {
  readonly columns: readonly string[];
  readonly cells: readonly (readonly string[])[];
}

const separators = [",", ";", "\t", "|"];
const unpack = promisify(gunzip);

/**
 * Bytes of a catalogue file, unpacked if they are gzip (told by its magic number, not by the name).
 *
 * @throws FILE_NOT_FOUND, CATALOG for a folder or a file above `maxBytes`, GZIP for damaged data
 */
export async function readCatalogBytes(path: string, maxBytes: number, signal?: AbortSignal): Promise<Buffer> {
  const bytes = await readFile(path, signal ? { signal } : {}).catch((error: NodeJS.ErrnoException) => {
    if (error.name === "AbortError") throw new BootcampError("ABORTED", "Reading the catalogue was stopped on request");
    const code = error.code === "ENOENT" ? "FILE_NOT_FOUND" : "CATALOG";
    const why = error.code === "ENOENT" ? "there is no such file" : messageOf(error);
    throw new BootcampError(code, `${path}: expected a catalogue, but ${why}`, {
      where: path,
      cause: error,
      remedy: "Give the path of a table: CSV, ECSV, VOTable, FITS or Parquet",
    });
  });
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isGzip && bytes.length <= maxBytes) return bytes;
  const tooLarge = `${path}: expected at most ${maxBytes} bytes of text, got more`;
  if (!isGzip) throw new BootcampError("CATALOG", tooLarge, { where: path, remedy: "Raise { maxBytes }" });
  return unpack(bytes, { maxOutputLength: maxBytes }).catch((error: NodeJS.ErrnoException) => {
    const bomb = error.code === "ERR_BUFFER_TOO_LARGE";
    const message = bomb ? tooLarge : `${path}: expected gzip data, but ${messageOf(error)}`;
    throw new BootcampError("GZIP", message, {
      where: path,
      cause: error,
      ...(bomb && { remedy: "Raise { maxBytes }" }),
    });
  }) as Promise<Buffer>;
}

/**
 * Splits the text of a catalogue into columns and cells.
 *
 * Lines that begin with `#` are comments. The header is the first other line, or the last comment when the first other
 * line holds only numbers (as astropy and TOPCAT write it). A VizieR header's units and dashes are passed over.
 *
 * @param separator found in the header when not given: the most frequent of `,` `;` tab `|`, else spaces (any number of them)
 * @throws CATALOG for a table that does not fit into memory, an empty file, a file without a header, and quotes that never close
 */
export function parseTable(bytes: Buffer, where: string, separator?: string): Table {
  const { firstLine, ...begin } = beginning(bytes);
  let { lastComment } = begin;
  // a comment stands for the header where the first line holds numbers
  const headed = isNumbers(firstLine.trim().split(/[\s,;|]+/)) && lastComment ? lastComment : firstLine;
  const delimiter = separator ?? mostFrequent(headed);
  expectRoom(bytes, delimiter, where);
  let lines: string[][];
  try {
    if (delimiter === " ") ({ lines, lastComment } = splitSpaces(bytes.toString("utf8").replace(/^\uFEFF/, ""), where));
    else
      lines = parse(bytes, {
        delimiter,
        bom: true,
        comment: "#",
        comment_no_infix: true,
        relax_column_count: true,
        relax_quotes: true,
        skip_empty_lines: true,
        trim: true,
      });
  } catch (error) {
    if (error instanceof BootcampError) throw error;
    const at = (error as CsvError).code ? ` (${(error as CsvError).code})` : "";
    throw new BootcampError("CATALOG", `${where}: expected a table, but ${messageOf(error)}${at}`, {
      where,
      cause: error,
    });
  }
  let header = lines[0];
  if (header !== undefined && isNumbers(header)) {
    const fromComment = lastComment?.split(delimiter === " " ? /\s+/ : delimiter).map((cell) => cell.trim());
    if (fromComment?.length !== header.length) {
      throw new BootcampError(
        "CATALOG",
        `${where}: expected column names in the first line, got ${JSON.stringify(firstLine.slice(0, 60))}`,
        {
          where,
          remedy: "Add a first line that names the columns, for example: ra,dec,name",
        },
      );
    }
    header = fromComment;
  } else lines.shift();
  const ruler = lines.slice(0, 2).findIndex((line) => line.every((cell) => /^-+$/.test(cell)));
  const cells = ruler >= 0 ? lines.slice(ruler + 1) : lines;
  if (header === undefined || cells.length === 0) {
    throw new BootcampError(
      "CATALOG",
      `${where}: expected a header and rows, got ${header ? "a header alone" : "nothing"}`,
      { where },
    );
  }
  return { columns: uniqueNames(header), cells };
}

/**
 * What rows and their cells take as objects, bytes: measured with csv-parse 7 and the rows made of its cells, from one
 * empty cell a row (290 bytes) to a thousand.
 */
const rowBytes = 380;
const cellBytes = 48;

/** Refuses a table that would end the process: V8 cannot be asked to go on once its heap is full. */
function expectRoom(bytes: Buffer, delimiter: string, where: string): void {
  const { heap_size_limit, used_heap_size } = getHeapStatistics();
  const room = 0.8 * (heap_size_limit - used_heap_size);
  const separator = delimiter.charCodeAt(0);
  let needed = bytes.length;
  let last = 10;
  for (let at = 0; at < bytes.length && needed <= room; at++) {
    const byte = bytes[at]!;
    if (byte === separator) needed += cellBytes;
    if ((last === 10 || last === 13) && byte !== 10 && byte !== 13) needed += rowBytes; // empty lines are passed over
    last = byte;
  }
  if (needed <= room) return;
  throw new BootcampError(
    "CATALOG",
    `${where}: expected a table that fits into memory, got one that takes more than the ${Math.round(room / 1e6)} MB there are`,
    {
      where,
      remedy:
        "Take the rows and columns you need first (DuckDB: sql), or start Node with --max-old-space-size=8000 (MB)",
    },
  );
}

function beginning(bytes: Buffer): { firstLine: string; lastComment: string | undefined } {
  const lines = bytes
    .toString("utf8", 0, 1 << 20)
    .replace(/^\uFEFF/, "")
    .split(/\r?\n|\r/);
  const first = lines.findIndex((line) => line.trim() !== "" && !line.startsWith("#"));
  const comments = lines.slice(0, Math.max(0, first)).filter((line) => line.startsWith("#"));
  return { firstLine: lines[first] ?? "", lastComment: comments.at(-1)?.replace(/^#+\s*/, "") };
}

function mostFrequent(line: string): string {
  const unquoted = line.replace(/"[^"]*"/g, "");
  const counts = separators.map((each) => unquoted.split(each).length);
  const most = Math.max(...counts);
  if (most === 1 && /\S\s+\S/.test(unquoted)) return " ";
  return separators[counts.indexOf(most)]!;
}

const isNumbers = (cells: readonly string[]): boolean =>
  cells.length > 0 && cells.every((cell) => cell === "" || !Number.isNaN(Number(cell)));

/** Repeated and empty names get their number, and `__proto__` is a name like any other only once it is changed. */
function uniqueNames(names: readonly string[]): string[] {
  const seen = new Set<string>();
  // where the last copy of a name ended: counting from 2 for each of 100,000 copies takes minutes
  const copies = new Map<string, number>();
  return names.map((name, position) => {
    const base = name === "" ? `column${position + 1}` : name === "__proto__" ? "proto" : name;
    let unique = base;
    let copy = copies.get(base) ?? 1;
    while (seen.has(unique)) unique = `${base}_${++copy}`;
    copies.set(base, copy);
    seen.add(unique);
    return unique;
  });
}
