import { resolve } from "node:path";
import { BootcampError, messageOf, usageError } from "../errors";
import type { Column, ColumnType } from "./columns";

type Duck = typeof import("@duckdb/node-api");
export type Connection = import("@duckdb/node-api").DuckDBConnection;

const SQL_TYPES: Record<ColumnType, string> = {
  bigint: "BIGINT",
  number: "DOUBLE",
  string: "VARCHAR",
  boolean: "BOOLEAN",
  date: "TIMESTAMP",
};
const INT64 = 2n ** 63n;

/**
 * Runs `work` on an in-memory database that holds the columns as table `alerts`.
 *
 * The database never looks for extensions on the network. With `files: false` it cannot open any file either, so a query
 * from somebody else cannot read or write one.
 */
export async function withTable<T>(
  columns: readonly Column[],
  access: { files: boolean },
  work: (connection: Connection, duck: Duck) => Promise<T>,
): Promise<T> {
  // 15 MB of native code: loaded when first used.
  const duck = require("@duckdb/node-api") as Duck;
  const instance = await duck.DuckDBInstance.create(":memory:", {
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    enable_external_access: String(access.files),
  });
  const connection = await instance.connect();
  try {
    await fill(connection, duck, columns);
    return await work(connection, duck);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function fill(connection: Connection, duck: Duck, columns: readonly Column[]): Promise<void> {
  if (columns.length === 0) throw usageError("rows with at least one field", "none");
  const list = columns.map(({ name, type }) => `${quoteName(name)} ${SQL_TYPES[type]}`).join(", ");
  await connection.run(`CREATE TABLE alerts (${list})`);
  const appender = await connection.createAppender("alerts");
  const append: ((value: any) => void)[] = columns.map(({ name, type }) => {
    if (type === "bigint") {
      return (value: bigint) => {
        if (value >= INT64 || value < -INT64) throw usageError(`64-bit integers in column ${name}`, value);
        appender.appendBigInt(value);
      };
    }
    if (type === "number") return (value: number) => appender.appendDouble(value);
    if (type === "boolean") return (value: boolean) => appender.appendBoolean(value);
    if (type === "date") {
      return (value: Date) => appender.appendTimestamp(new duck.DuckDBTimestampValue(BigInt(value.getTime()) * 1000n));
    }
    return (value: string) => appender.appendVarchar(value);
  });
  try {
    for (let row = 0; row < columns[0]!.values.length; row++) {
      columns.forEach((column, i) => {
        const value = column.values[row] ?? null;
        if (value === null) appender.appendNull();
        else append[i]!(value);
      });
      appender.endRow();
    }
  } finally {
    appender.closeSync();
  }
}

/** A column name as an SQL identifier, whatever it holds. */
function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A path as an SQL text; made absolute, so that nothing like `s3://` reaches the database. */
export function quotePath(path: string): string {
  return `'${resolve(path).replaceAll("'", "''")}'`;
}

/** DuckDB's error as a USAGE error with its own first lines, which point at the place in the query. */
export function queryError(query: string, error: unknown): BootcampError {
  return new BootcampError("USAGE", `The query failed: ${messageOf(error).trim()}`, {
    cause: error,
    where: query.length > 80 ? `${query.slice(0, 77)}…` : query,
    remedy: "the table is called alerts; SELECT * FROM alerts LIMIT 1 shows its columns",
  });
}
