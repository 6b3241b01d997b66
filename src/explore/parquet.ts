import { existsSync, statSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { BootcampError, messageOf, usageError } from "../errors";
import { draftOf } from "../write-whole";
import { type Rows, readColumns } from "./columns";
import { withTables } from "./duckdb";
import type { Fields } from "./fields";
import { pandasMetadata } from "./pandas-metadata";
import { resultRows } from "./sql";
import { quotePath, quoteText } from "./sql-names";

/** What is read at once is held in memory, some 1 kB a row. */
const maxRows = 1_000_000;

/** What {@link toParquet} wrote. */
export interface ParquetFile {
  readonly path: string;
  readonly rows: number;
  readonly columns: readonly string[];
  readonly bytes: number;
}

/**
 * Writes alerts or plain rows as a Parquet file, zstd-compressed, with the types of the alerts' schema: ids are INT64,
 * 32-bit integers INT32, other numbers DOUBLE, lists and records as such, missing values null. pandas reads integers with
 * nulls exactly, by what the file tells it.
 *
 * The file appears under its name only when it is complete; one that is there already is replaced.
 *
 * @param rows alerts, a stream of them (read to its end), or plain objects; at most a million
 * @param path the file to write; its folder must exist
 * @param fields default: the common view for alerts, all keys for plain objects
 * @throws FILE_NOT_FOUND when the folder is absent; NO_FIELD for a field that neither a schema nor a row has; USAGE,
 *   among others for columns without a name or that differ in case only
 * @example
 * await explore.toParquet(subscribe("ztf-stream"), "night.parquet", ["alertId", "objectId", "mag", "candidate.rb"]);
 */
export async function toParquet(rows: Rows, path: string, fields?: Fields): Promise<ParquetFile> {
  if (typeof path !== "string" || path === "") throw usageError("a path for the Parquet file", path);
  const target = resolve(path);
  if (!existsSync(dirname(target))) {
    throw new BootcampError("FILE_NOT_FOUND", `Expected a folder ${dirname(target)}, it is not there`, {
      where: target,
    });
  }
  const columns = await readColumns(rows, fields);
  const part = draftOf(target);
  const metadata = quoteText(pandasMetadata(columns));
  await withTables({ alerts: columns }, { files: true }, async (connection) => {
    try {
      await connection.run(
        `COPY alerts TO ${quotePath(part)} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {pandas: ${metadata}})`,
      );
      await rename(part, target);
    } catch (error) {
      await rm(part, { force: true });
      throw new BootcampError("USAGE", `Could not write the file: ${messageOf(error)}`, {
        where: target,
        cause: error,
      });
    }
  });
  return {
    path: target,
    rows: columns[0]!.values.length,
    columns: columns.map((column) => column.name),
    bytes: statSync(target).size,
  };
}

/**
 * Reads a Parquet file as rows: 64-bit integers as `bigint`, other numbers as numbers, lists and records as such, NULL as
 * null. For files beyond a million rows ask DuckDB or polars, which need not hold them.
 *
 * @param path a file written by {@link toParquet} or any other program
 * @throws FILE_NOT_FOUND; USAGE for what is no Parquet file, or holds more than a million rows
 * @example
 * const rows = await explore.readParquet("night.parquet");
 */
export async function readParquet<Row extends Record<string, any> = Record<string, any>>(path: string): Promise<Row[]> {
  if (typeof path !== "string" || path === "") throw usageError("a path of a Parquet file", path);
  const source = resolve(path);
  if (!existsSync(source)) {
    throw new BootcampError("FILE_NOT_FOUND", `Expected a Parquet file ${source}, it is not there`, { where: source });
  }
  return withTables({}, { files: true }, async (connection) => {
    try {
      const from = `read_parquet(${quotePath(source)})`;
      const [counted] = (await connection.runAndReadAll(`SELECT count(*) AS n FROM ${from}`)).getRowObjectsJS();
      if (Number(counted!["n"]) > maxRows) throw usageError(`at most ${maxRows} rows`, counted!["n"]);
      const reader = await connection.runAndReadAll(`SELECT * FROM ${from}`);
      return resultRows(reader.getRowObjectsJS(), new Set(reader.columnNames())) as Row[];
    } catch (error) {
      if (error instanceof BootcampError) throw error;
      throw new BootcampError("USAGE", `Expected a Parquet file: ${messageOf(error)}`, { where: source, cause: error });
    }
  });
}
