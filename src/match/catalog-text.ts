import { isUtf8 } from "node:buffer";
import { BootcampError, usageError } from "../errors";

/** Beginnings of files that are no text, and how each becomes a catalogue. */
const others: readonly (readonly [begin: RegExp | string, what: string, remedy: string])[] = [
  ["PAR1", "Parquet in gzip", "unpack it; match.loadCatalog(path) reads Parquet itself"],
  ["\u0089HDF", "HDF5", 'in Python: astropy.table.Table.read(path).write("catalog.csv")'],
  ["PK\u0003\u0004", "a ZIP archive or a spreadsheet", "unpack it, or save the sheet as CSV"],
  ["ARROW1", "Arrow (Feather)", 'in Python: pandas.read_feather(path).to_csv("catalog.csv", index=False)'],
  ["\u0093NUMPY", "a NumPy array", 'in Python: pandas.DataFrame(numpy.load(path)).to_csv("catalog.csv", index=False)'],
  [/^\u0080[^ -~]/, "a Python pickle", 'in Python: pandas.read_pickle(path).to_csv("catalog.csv", index=False)'],
  ["SQLite format 3", "an SQLite database", "export the table as CSV: sqlite3 -header -csv"],
  ["Title:", "a machine-readable table (MRT)", 'in Python: Table.read(path, format="ascii.mrt").write("catalog.csv")'],
  [/^\s*\\begin\{/, "LaTeX", 'in Python: Table.read(path, format="latex").write("catalog.csv")'],
  ["Obj\u0001", "an Avro container", "read alerts with readAlerts(path)"],
  [/^\s*<(!doctype html|html)/i, "a web page", "download the table itself, as CSV"],
  [
    /^\s*[[{]/,
    "JSON",
    "match.loadCatalog(JSON.parse(text)) takes its rows; numbers of more than 15 digits, such as ids, must be text in it",
  ],
];

/**
 * The text of a catalogue as UTF-8, whatever it was written in.
 *
 * @param encoding as `TextDecoder` names it, such as "latin1"; UTF-8 when not given
 * @throws CATALOG for files that are no text, naming what they are, and for text that is not UTF-8, naming the line; USAGE
 *   for an encoding that is none
 */
export function catalogText(bytes: Buffer, where: string, encoding?: string): Buffer {
  const start = bytes.toString("latin1", 0, 1000);
  for (const [begin, what, remedy] of others) {
    if (typeof begin === "string" ? !start.startsWith(begin) : !begin.test(start)) continue;
    throw new BootcampError("CATALOG", `${where}: expected a table, got ${what}`, { where, remedy });
  }
  if (encoding !== undefined) return decoded(bytes, encoding);
  if (isUtf8(bytes)) return bytes;
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decoded(bytes, "utf-16le");
  const { line, byte } = firstWrong(bytes);
  throw new BootcampError("CATALOG", `${where}: expected UTF-8 text, got byte 0x${byte.toString(16)} in line ${line}`, {
    where,
    remedy: 'name how it is written, most likely { encoding: "latin1" }: replaced, its letters would be lost',
  });
}

function decoded(bytes: Buffer, encoding: string): Buffer {
  let decoder: InstanceType<typeof TextDecoder>;
  try {
    decoder = new TextDecoder(encoding);
  } catch {
    throw usageError('an encoding such as "latin1"', encoding);
  }
  return Buffer.from(decoder.decode(bytes));
}

/** Line, from 1, and value of the first byte that is not UTF-8. */
function firstWrong(bytes: Buffer): { line: number; byte: number } {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start);
    const row = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (!isUtf8(row)) return { line, byte: row.find((value) => value > 0x7f)! };
    if (end < 0) break;
    start = end + 1;
  }
  return { line, byte: 0 };
}
