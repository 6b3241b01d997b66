import { usageError } from "../errors";
import { type Column, type Rows, readColumns } from "./columns";
import { queryError, withTables } from "./duckdb";
import type { Fields } from "./fields";

/** Options of {@link sql}. */
export interface SqlOptions {
  /**
   * Which fields become columns; default: the common view for alerts, all keys for plain objects. With several tables the
   * fields of each: `{ alerts: ["objectId", "mag"] }`.
   */
  fields?: Fields | Readonly<Record<string, Fields>>;
  /** Values for `$name` or `$1` in the query; never build a query by joining texts. */
  params?: Readonly<Record<string, unknown>> | readonly unknown[];
}

/**
 * Asks SQL of alerts or plain rows: they become the table `alerts` of an in-memory DuckDB, or each of several its own.
 *
 * Types are those of the alerts' schema: 64-bit integers BIGINT, which come back as `bigint`, 32-bit ones INTEGER, other
 * numbers DOUBLE, lists and records as such, so that `unnest(history)` works. Whole numbers that the query makes, such as
 * `count(*)`, come back as numbers where all of their column are exact as such. A missing value or NaN is NULL, and NULL
 * comes back as null. `JSON.stringify` writes a `bigint` as text. The query cannot touch files or the network.
 *
 * @param rows alerts, a stream of them (read to its end), or plain objects, at most a million; or several of these by name
 * @param query one or more statements; the rows of the last one are returned
 * @throws USAGE with DuckDB's own message when the query is wrong, and for columns without a name or that differ in case
 *   only; NO_FIELD for a field that neither a schema nor a row has
 * @example
 * await explore.sql(night, "SELECT band, count(*) AS n, min(mag) AS brightest FROM alerts GROUP BY band ORDER BY band");
 * @example
 * await explore.sql(night, "SELECT * FROM alerts WHERE rb > $min", { fields: ["alertId", "candidate.rb"], params: { min: 0.65 } });
 * @example
 * await explore.sql({ alerts: night, stars }, "SELECT * FROM alerts JOIN stars ON alerts.objectId = stars.name");
 */
export async function sql<Row extends Record<string, any> = Record<string, any>>(
  rows: Rows | Readonly<Record<string, Rows>>,
  query: string,
  options: SqlOptions = {},
): Promise<Row[]> {
  if (typeof query !== "string" || query.trim() === "") throw usageError("an SQL query", query);
  const tables: Record<string, Column[]> = {};
  if (isSeveral(rows)) {
    const fields = (options.fields ?? {}) as Readonly<Record<string, Fields>>;
    const unknown = Object.keys(fields).find((name) => !(name in rows));
    if (unknown !== undefined) throw usageError(`fields of the tables ${Object.keys(rows).join(", ")}`, unknown);
    for (const [name, each] of Object.entries(rows)) tables[name] = await readColumns(each, fields[name]);
  } else tables["alerts"] = await readColumns(rows, options.fields as Fields | undefined);
  const kept = new Set(
    Object.values(tables).flatMap((columns) => columns.filter(({ type }) => type === "bigint").map(({ name }) => name)),
  );
  return withTables(tables, { files: false }, async (connection) => {
    try {
      const reader = await connection.runAndReadAll(query, options.params as any);
      return resultRows(reader.getRowObjectsJS(), kept) as Row[];
    } catch (error) {
      throw queryError(query, error, Object.keys(tables));
    }
  });
}

function isSeveral(rows: unknown): rows is Readonly<Record<string, Rows>> {
  if (typeof rows !== "object" || rows === null || Symbol.iterator in rows || Symbol.asyncIterator in rows)
    return false;
  const tables = Object.values(rows);
  return tables.length > 0 && tables.every((each) => typeof each === "object" && each !== null);
}

/**
 * Rows as a program uses them: counts and sums as numbers, ids as bigint.
 *
 * @param kept columns of 64-bit integers in the tables, which stay bigint whatever their size
 */
export function resultRows(rows: Record<string, unknown>[], kept: ReadonlySet<string>): Record<string, unknown>[] {
  const names = Object.keys(rows[0] ?? {}).filter((name) => !kept.has(name));
  const counts = names.filter((name) => {
    const isCount = (value: unknown) => typeof value === "bigint" && Number.isSafeInteger(Number(value));
    return rows.every((row) => row[name] === null || isCount(row[name]));
  });
  for (const row of rows) {
    for (const name of counts) if (row[name] !== null) row[name] = Number(row[name]);
    if (!Object.hasOwn(row, "toJSON")) Object.defineProperty(row, "toJSON", { value: toJson });
  }
  return rows;
}

/** JSON has no 64-bit integers: as everywhere in this library they become text, which keeps every digit. */
function toJson(this: Record<string, unknown>): unknown {
  return withoutBigint(this);
}

function withoutBigint(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return value.map(withoutBigint);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withoutBigint(item)]));
}
