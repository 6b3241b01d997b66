import { BootcampError, messageOf, usageError } from "../errors";
import type { Column } from "./columns";
import { checkNames, quoteName } from "./sql-names";
import { type Duck, storedAs } from "./stored-as";

export type Connection = import("@duckdb/node-api").DuckDBConnection;

/**
 * Runs `work` on an in-memory database that holds each list of columns as a table of its name.
 *
 * The database never looks for extensions on the network. With `files: false` it cannot open any file either, so a query
 * from somebody else cannot read or write one.
 *
 * @throws USAGE for columns without a name, or whose names differ in case only: SQL takes them for one
 */
export async function withTables<T>(
  tables: Readonly<Record<string, readonly Column[]>>,
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
    for (const [name, columns] of Object.entries(tables)) await fill(connection, duck, name, columns);
    return await work(connection, duck);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function fill(connection: Connection, duck: Duck, table: string, columns: readonly Column[]): Promise<void> {
  if (columns.length === 0) throw usageError("rows with at least one field", "none");
  checkNames(columns.map(({ name }) => name));
  const stored = columns.map(({ name, type }) => storedAs(duck, type, name));
  const list = columns.map(({ name }, i) => `${quoteName(name)} ${stored[i]!.sql}`).join(", ");
  await connection.run(`CREATE TABLE ${quoteName(table)} (${list})`);
  const appender = await connection.createAppender(table);
  try {
    for (let row = 0; row < columns[0]!.values.length; row++) {
      columns.forEach(({ values }, i) => {
        const value = values[row] ?? null;
        if (value === null) appender.appendNull();
        else stored[i]!.append(appender, value);
      });
      appender.endRow();
    }
  } finally {
    appender.closeSync();
  }
}

/** DuckDB's error as a USAGE error with its own first lines, which point at the place in the query. */
export function queryError(query: string, error: unknown, tables: readonly string[]): BootcampError {
  const [first] = tables;
  const named = tables.length === 1 ? `the table is called ${first}` : `the tables are called ${tables.join(", ")}`;
  return new BootcampError("USAGE", `The query failed: ${messageOf(error).trim()}`, {
    cause: error,
    where: query.length > 80 ? `${query.slice(0, 77)}…` : query,
    remedy: `${named}; SELECT * FROM ${first} LIMIT 1 shows its columns`,
  });
}
