import { commonScalars } from "../alert/json";
import { BootcampError, usageError } from "../errors";

/** Plain rows or alerts, from anywhere. */
export type Rows = Iterable<unknown> | AsyncIterable<unknown>;

/**
 * Which fields become columns.
 *
 * As a list: names of the common view ("mag"), or packet paths ("candidate.rb"), whose last part names the column. As an
 * object: column name → path, or a function of the alert.
 */
export type Fields = readonly string[] | Readonly<Record<string, string | ((row: any) => unknown)>>;

/** How a column is kept: 64-bit integers stay exact in "bigint". */
export type ColumnType = "bigint" | "number" | "string" | "boolean" | "date";

/** One column; missing values, NaN among them, are null. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly values: readonly (bigint | number | string | boolean | Date | null)[];
}

/** A million rows of sixteen columns take some 2 GB in memory. */
const MAX_ROWS = 1_000_000;

/**
 * Reads rows into columns, keeping only the fields asked for, so that a stream of alerts does not stay in memory whole.
 *
 * @param rows alerts or plain objects
 * @param fields default: the common view for alerts, all keys for plain objects
 * @throws USAGE for two columns of one name, a field that no row has, binary data, or more than a million rows
 */
export async function readColumns(rows: Rows, fields?: Fields, maxRows = MAX_ROWS): Promise<Column[]> {
  let readers = fields && readersOf(fields);
  const names = readers ? [...readers.keys()] : [];
  const values = new Map<string, unknown[]>(names.map((name) => [name, []]));
  const found = new Set<string>();
  let count = 0;
  for await (const row of rows) {
    if (row === null || typeof row !== "object") throw usageError("rows that are alerts or plain objects", row);
    if (count === maxRows)
      throw usageError(`at most ${maxRows} rows`, "more", "take fewer with .take(n) or filter first");
    if (!fields && isAlert(row)) readers ??= readersOf(commonScalars);
    for (const name of readers ? readers.keys() : Object.keys(row)) {
      const value = readers ? readers.get(name)!(row) : (row as Record<string, unknown>)[name];
      if (value !== undefined) found.add(name);
      let column = values.get(name);
      // A key that only later rows have: the earlier ones lacked it.
      if (!column) values.set(name, (column = new Array<unknown>(count).fill(null)));
      column.push(value);
    }
    count++;
    for (const column of values.values()) if (column.length < count) column.push(null);
  }
  if (fields && count > 0) {
    const absent = names.filter((name) => !found.has(name));
    if (absent.length > 0) throw new BootcampError("NO_FIELD", `No row has the field ${absent.join(", ")}`);
  }
  if (count === 0 && !fields) for (const name of commonScalars) values.set(name, []);
  return [...values].map(([name, column]) => typed(name, column));
}

function isAlert(row: object): boolean {
  return "packet" in row && "survey" in row;
}

function readersOf(fields: Fields): Map<string, (row: any) => unknown> {
  const readers = new Map<string, (row: any) => unknown>();
  const pairs: [string, string | ((row: any) => unknown)][] = Array.isArray(fields)
    ? (fields as readonly string[]).map((path) => [String(path).split(".").at(-1)!, path])
    : Object.entries(fields);
  if (pairs.length === 0) throw usageError("at least one field", "none");
  for (const [name, source] of pairs) {
    if (typeof source !== "function" && typeof source !== "string")
      throw usageError("a field name or function", source);
    if (readers.has(name)) {
      throw usageError("columns of different names", name, `name them: { ${name}_1: "…", ${name}_2: "…" }`);
    }
    readers.set(name, typeof source === "function" ? source : pathReader(source));
  }
  return readers;
}

/** A path starts at the row itself (`mag`, `packet.candidate.rb`) or else inside the packet (`candidate.rb`). */
function pathReader(path: string): (row: any) => unknown {
  const parts = path.split(".");
  const walk = (from: any) => parts.reduce((value, part) => value?.[part], from);
  return (row) => walk(row) ?? walk(row?.packet) ?? (parts[0]! in row ? null : undefined);
}

function typed(name: string, column: readonly unknown[]): Column {
  const kinds = new Set<string>();
  const plain = column.map((value) => {
    if (value === null || value === undefined || (typeof value === "number" && Number.isNaN(value))) return null;
    if (value instanceof Date && Number.isNaN(value.getTime())) return null;
    if (ArrayBuffer.isView(value)) throw usageError(`a field without binary data as column ${name}`, value);
    if (typeof value === "object" && !(value instanceof Date)) {
      kinds.add("string");
      return toJson(value);
    }
    kinds.add(value instanceof Date ? "date" : typeof value);
    return value as bigint | number | string | boolean | Date;
  });
  if (kinds.size === 1) return { name, type: [...kinds][0] as ColumnType, values: plain };
  if (kinds.size === 0) return { name, type: COMMON_NUMBERS.has(name) ? "number" : "string", values: plain };
  if (kinds.size === 2 && kinds.has("bigint") && kinds.has("number")) {
    const whole = plain.every((value) => typeof value !== "number" || Number.isSafeInteger(value));
    if (whole) return { name, type: "bigint", values: plain.map((v) => (typeof v === "number" ? BigInt(v) : v)) };
  }
  // Text holds every value exactly, whatever else is in the column.
  return {
    name,
    type: "string",
    values: plain.map((v) => (v === null ? null : v instanceof Date ? v.toISOString() : String(v))),
  };
}

const COMMON_NUMBERS = new Set<string>([
  "ra",
  "dec",
  "mjdUtc",
  "mag",
  "magErr",
  "fluxNJy",
  "fluxErrNJy",
  "snr",
  "realBogus",
]);

/** Lists and records as JSON text, 64-bit integers in quotes. */
function toJson(value: object): string {
  return JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? String(inner) : inner));
}
