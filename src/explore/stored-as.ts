import { alertToJson } from "../alert/json";
import { usageError } from "../errors";
import type { ColumnType } from "./column-type";
import { checkNames, quoteName } from "./sql-names";

export type Duck = typeof import("@duckdb/node-api");
type Appender = import("@duckdb/node-api").DuckDBAppender;
type DuckType = import("@duckdb/node-api").DuckDBType;
type DuckValue = import("@duckdb/node-api").DuckDBValue;

/** How a column is kept in DuckDB, and with it in Parquet. */
export interface Stored {
  readonly sql: string;
  readonly type: DuckType;
  /** A value of JavaScript as one of DuckDB; never null. */
  convert(value: any): DuckValue;
  append(appender: Appender, value: any): void;
}

/**
 * Integers of 32 and 64 bits, DOUBLE for every other number, lists, maps and records as such. What no other type holds
 * is text: exact, whatever else is in the column.
 *
 * @throws USAGE for binary data
 */
export function storedAs(duck: Duck, type: ColumnType, column: string): Stored {
  const stored = nested(duck, type, column) ?? plain(duck, type as string, column);
  return { append: (appender, value) => appender.appendValue(stored.convert(value), stored.type), ...stored };
}

type Part = Omit<Stored, "append"> & Partial<Pick<Stored, "append">>;

function plain(duck: Duck, type: string, column: string): Part {
  switch (type) {
    case "bytes":
      throw usageError(`fields without binary data in column ${column}`, "some", "name the fields inside one by one");
    case "int":
      return { sql: "INTEGER", type: duck.INTEGER, convert: Number, append: (to, value) => to.appendInteger(value) };
    case "bigint": {
      const convert = (value: number | bigint) => int64(value, column);
      return { sql: "BIGINT", type: duck.BIGINT, convert, append: (to, value) => to.appendBigInt(convert(value)) };
    }
    case "number":
    case "whole":
      return { sql: "DOUBLE", type: duck.DOUBLE, convert: Number, append: (to, value) => to.appendDouble(value) };
    case "boolean":
      return { sql: "BOOLEAN", type: duck.BOOLEAN, convert: Boolean, append: (to, value) => to.appendBoolean(value) };
    case "date": {
      const convert = (value: Date) => new duck.DuckDBTimestampValue(BigInt(value.getTime()) * 1000n);
      return { sql: "TIMESTAMP", type: duck.TIMESTAMP, convert };
    }
    default:
      return {
        sql: "VARCHAR",
        type: duck.VARCHAR,
        convert: asText,
        append: (to, value) => to.appendVarchar(asText(value)),
      };
  }
}

function nested(duck: Duck, type: ColumnType, column: string): Part | undefined {
  if (typeof type !== "object") return undefined;
  const orNull = (part: Stored, value: unknown) =>
    value === null || value === undefined || Number.isNaN(value) ? null : part.convert(value);
  if ("list" in type) {
    const item = storedAs(duck, type.list, column);
    const convert = (values: unknown[]) => duck.listValue(values.map((value) => orNull(item, value)));
    return { sql: `${item.sql}[]`, type: duck.LIST(item.type), convert };
  }
  if ("map" in type) {
    const item = storedAs(duck, type.map, column);
    const convert = (values: object) =>
      duck.mapValue(Object.entries(values).map(([key, value]) => ({ key, value: orNull(item, value) })));
    return { sql: `MAP(VARCHAR, ${item.sql})`, type: duck.MAP(duck.VARCHAR, item.type), convert };
  }
  const names = Object.keys(type.record);
  if (names.length === 0) return undefined; // SQL has no record without fields
  checkNames(names, column);
  const parts = names.map((name) => storedAs(duck, type.record[name]!, `${column}.${name}`));
  const from = <T>(values: (i: number) => T): Record<string, T> =>
    Object.fromEntries(names.map((name, i) => [name, values(i)]));
  return {
    sql: `STRUCT(${names.map((name, i) => `${quoteName(name)} ${parts[i]!.sql}`).join(", ")})`,
    type: duck.STRUCT(from((i) => parts[i]!.type)),
    convert: (value) => duck.structValue(from((i) => orNull(parts[i]!, value[names[i]!]))),
  };
}

function int64(value: number | bigint, column: string): bigint {
  const whole = BigInt(value);
  if (BigInt.asIntN(64, whole) !== whole) throw usageError(`64-bit integers in column ${column}`, value);
  return whole;
}

/** As it is written in JSON where it has parts, with 64-bit integers in quotes. */
export function asText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" && value !== null ? alertToJson(value) : String(value);
}
