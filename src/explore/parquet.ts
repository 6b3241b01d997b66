import { existsSync, statSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { BootcampError, messageOf, usageError } from "../errors";
import { type Fields, type Rows, readColumns } from "./columns";
import { quotePath, withTable } from "./duckdb";

/** What {@link toParquet} wrote. */
export interface ParquetFile {
  readonly path: string;
  readonly rows: number;
  readonly columns: readonly string[];
  readonly bytes: number;
}

/**
 * Writes alerts or plain rows as a Parquet file, zstd-compressed; ids are INT64, missing values null.
 *
 * The file appears under its name only when it is complete; one that is there already is replaced.
 *
 * @param rows alerts, a stream of them (read to its end), or plain objects; at most a million
 * @param path the file to write; its folder must exist
 * @param fields default: the common view for alerts, all keys for plain objects
 * @throws FILE_NOT_FOUND when the folder is absent; NO_FIELD; USAGE
 * @example
 * await toParquet(await subscribe("ztf-stream"), "night.parquet", ["alertId", "objectId", "mag", "candidate.rb"]);
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
  const part = `${target}.${process.pid}.part`;
  await withTable(columns, { files: true }, async (connection) => {
    try {
      await connection.run(`COPY alerts TO ${quotePath(part)} (FORMAT parquet, COMPRESSION zstd)`);
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
