import { usageError } from "../errors";
import { type Fields, type Rows, readColumns } from "./columns";
import { queryError, withTable } from "./duckdb";

/** Options of {@link sql}. */
export interface SqlOptions {
  /** Which fields become columns; default: the common view for alerts, all keys for plain objects. */
  fields?: Fields;
  /** Values for `$name` or `$1` in the query; never build a query by joining texts. */
  params?: Readonly<Record<string, unknown>> | readonly unknown[];
}

/**
 * Asks SQL of alerts or plain rows: they become the table `alerts` of an in-memory DuckDB.
 *
 * Types: 64-bit integers are BIGINT and come back as `bigint` (so does `count(*)`), other numbers DOUBLE, lists and records
 * JSON text. A missing value or NaN is NULL, and NULL comes back as null. The query cannot touch files or the network.
 *
 * @param rows alerts, a stream of them (read to its end), or plain objects; at most a million
 * @param query one or more statements; the rows of the last one are returned
 * @throws USAGE with DuckDB's own message when the query is wrong; NO_FIELD for a field that no row has
 * @example
 * await sql(night, "SELECT band, count(*) AS n, min(mag) AS brightest FROM alerts GROUP BY band ORDER BY band");
 * @example
 * await sql(night, "SELECT * FROM alerts WHERE rb > $min", { fields: ["alertId", "candidate.rb"], params: { min: 0.65 } });
 */
export async function sql<Row extends Record<string, any> = Record<string, any>>(
  rows: Rows,
  query: string,
  options: SqlOptions = {},
): Promise<Row[]> {
  if (typeof query !== "string" || query.trim() === "") throw usageError("an SQL query", query);
  const columns = await readColumns(rows, options.fields);
  return withTable(columns, { files: false }, async (connection) => {
    try {
      const reader = await connection.runAndReadAll(query, options.params as any);
      return reader.getRowObjectsJS() as Row[];
    } catch (error) {
      throw queryError(query, error);
    }
  });
}
