import { version } from "../version";
import type { Column } from "./columns";

/** What pandas calls each type, and the type of its own that holds missing values of it exactly. */
const names = {
  bigint: ["int64", "Int64"],
  int: ["int32", "Int32"],
  boolean: ["bool", "boolean"],
  number: ["float64", "float64"],
  whole: ["float64", "float64"],
  date: ["datetime", "datetime64[us]"],
} as const;

/**
 * What pandas reads beside the columns of a Parquet file. Without it a column of 64-bit integers with one null becomes
 * one of floats, and ids lose their last digits; `Int64` is pandas' integer type with room for nulls.
 *
 * Source: "Storing pandas DataFrame objects in Apache Parquet format", pandas developer documentation.
 */
export function pandasMetadata(columns: readonly Column[]): string {
  return JSON.stringify({
    index_columns: [],
    column_indexes: [],
    columns: columns.map(({ name, type }) => {
      const known = typeof type === "string" ? names[type as keyof typeof names] : undefined;
      const [pandas_type, numpy_type] = known ?? [typeof type === "object" ? "object" : "unicode", "object"];
      return { name, field_name: name, pandas_type, numpy_type, metadata: null };
    }),
    creator: { library: "alert-bootcamp", version },
    pandas_version: "2.0.0",
  });
}
