import { isBootcampError, messageOf, usageError } from "../errors";
import { AlertStream, describeItem } from "../stream/alert-stream";
import { say } from "../terminal";
import { type ColumnType, isMissing, joined, merged } from "./column-type";
import { type FieldReader, type Fields, fieldReaders } from "./fields";

/** Plain rows or alerts, from anywhere. */
export type Rows = Iterable<unknown> | AsyncIterable<unknown>;

/** One column; missing values, NaN among them, are null. */
export interface Column {
  readonly name: string;
  /** From the schema and the common view; where neither knows the column, from its values. */
  readonly type: ColumnType;
  readonly values: readonly unknown[];
}

/** A million rows of sixteen columns take some 2 GB in memory. */
const MAX_ROWS = 1_000_000;
/** Values of one row that name one another have no end. */
const maxDepth = 32;

/**
 * Reads rows into columns, keeping only the fields asked for, so that a stream of alerts does not stay in memory whole.
 *
 * @param rows alerts or plain objects
 * @param fields default: the common view for alerts, all keys for plain objects
 * @throws USAGE for rows that are none, two columns of one name, binary data, or more than a million rows; NO_FIELD for
 *   a field that no row has
 */
export async function readColumns(rows: Rows, fields?: Fields, maxRows = MAX_ROWS): Promise<Column[]> {
  const isIterable =
    rows !== null && typeof rows === "object" && (Symbol.iterator in rows || Symbol.asyncIterator in rows);
  if (!isIterable)
    throw usageError(
      "alerts or plain rows, in a list or a stream",
      rows,
      (rows as unknown) instanceof Promise ? "write await before it" : undefined,
    );
  const readers = fieldReaders(fields);
  const columns = new Map<string, { values: unknown[]; type: ColumnType; declared?: ColumnType }>();
  let count = 0;
  const unreadable = new Unreadable(rows);
  for await (const row of rows) {
    if (row === null || typeof row !== "object" || Array.isArray(row))
      throw usageError("rows that are alerts or plain objects", row);
    if (count === maxRows)
      throw usageError(`at most ${maxRows} rows`, "more", "take fewer with .take(n) or filter first");
    let values: ReadValue[];
    try {
      values = Array.from(readers.of(row), (reader) => ({
        reader,
        value: own(reader.read(row)),
        declared: reader.typeOf(row),
      }));
    } catch (error) {
      // a mistake in the call holds for every row; damage is one alert's
      if (isBootcampError(error, "USAGE") || isBootcampError(error, "NO_FIELD")) throw error;
      unreadable.add(row, error);
      continue;
    }
    for (const { reader, value, declared } of values) {
      const { name } = reader;
      let column = columns.get(name);
      // A key that only later rows have: the earlier ones lacked it.
      if (!column) columns.set(name, (column = { values: new Array<unknown>(count).fill(null), type: "any" }));
      if (declared !== undefined && declared !== column.declared) {
        column.declared = declared;
        column.type = merged(column.type, declared);
      }
      column.type = joined(column.type, value);
      if (column.type === "bytes")
        throw usageError(`a field without binary data as column ${name}`, value, "save stamps with saveStamps");
      column.values.push(isMissing(value) ? null : value);
    }
    count++;
    for (const { values } of columns.values()) if (values.length < count) values.push(null);
  }
  unreadable.end();
  if (count > 0) readers.refuseAbsent();
  for (const { name, type } of readers.whenEmpty()) columns.set(name, columns.get(name) ?? { values: [], type });
  return [...columns].map(([name, { values, type }]) => ({ name, type, values }));
}

interface ReadValue {
  readonly reader: FieldReader;
  readonly value: unknown;
  readonly declared: ReturnType<FieldReader["typeOf"]>;
}

/** Rows whose fields cannot be read: entered as failed in the books of the stream that they come from, and said in the end. */
class Unreadable {
  #count = 0;
  #first = "";

  constructor(private readonly rows: Rows) {}

  add(row: object, error: unknown): void {
    const where = describeItem(row);
    if (this.#count++ === 0) this.#first = `${where}: ${messageOf(error)}`;
    if (this.rows instanceof AlertStream) this.rows.ledger.failSelected(where, error);
  }

  end(): void {
    if (this.#count > 0) say(`${this.#count} rows cannot be read and are left out; the first: ${this.#first}`);
  }
}

/** The value apart from the alert that it was read from, which would otherwise be kept in memory with its bytes. */
function own(value: unknown, depth = 0): unknown {
  if (depth > maxDepth) throw usageError(`values nested at most ${maxDepth} deep`, "a deeper one");
  if (typeof value !== "object" || value === null || value instanceof Date || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map((item) => own(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, own(item, depth + 1)]));
}
