import { usageError } from "../errors";
import { optionalPackage } from "../optional-package";
import type { ColumnType } from "./column-type";
import { type Rows, readColumns } from "./columns";
import type { Fields } from "./fields";
import { asText } from "./stored-as";

/** A danfo data frame, as far as its type is promised here; everything danfo offers is there. */
export interface DataFrame {
  readonly shape: [rows: number, columns: number];
  readonly columns: string[];
  readonly values: unknown[][];
  print(): void;
  [member: string]: any;
}

/**
 * Alerts or plain rows as a danfo data frame.
 *
 * danfo knows no 64-bit integers, so ids are **text** in it: all digits survive, and `BigInt(text)` turns one back. Missing
 * numbers and truth values are NaN, missing texts null; lists and records are JSON text. A column's own mean() and sum() leave NaN out; danfo's describe()
 * does not, and shows NaN for such a column. Arithmetic on a whole frame, and tensors, are 32-bit in danfo: a date as MJD
 * is then good to two minutes. Calculate on columns, which is exact, or take an epoch off first.
 *
 * @param rows alerts, a stream of them (read to its end), or plain objects; at most a million
 * @param fields default: the common view for alerts, all keys for plain objects
 * @throws NO_FIELD for a field that neither a schema nor a row has; USAGE
 * @throws MISSING_PROGRAM where danfojs-node is not installed: a checkout has it, for other projects its 330 MB are their choice
 * @example
 * const frame = await explore.toDataFrame(night, ["objectId", "mag", "candidate.rb"]); frame.describe().print();
 */
export async function toDataFrame(rows: Rows, fields?: Fields): Promise<DataFrame> {
  const columns = await readColumns(rows, fields);
  // danfo brings TensorFlow along: 0.9 s to load, so not before it is needed.
  const danfo = optionalPackage<{
    DataFrame: new (data: object, options?: object) => DataFrame;
    tensorflow: { backend(): { firstUse: boolean } };
  }>("danfojs-node", "explore.toDataFrame");
  // else the first tensor advises on stderr to install another TensorFlow, which does not come from the registry
  danfo.tensorflow.backend().firstUse = false;
  // Given, not guessed from the values: danfo would take ids for numbers or fail on a column of nulls.
  const isNumber = (type: ColumnType): boolean => type === "number" || type === "int" || type === "whole";
  const dtypes = columns.map(({ type }) => (isNumber(type) ? "float32" : type === "boolean" ? "boolean" : "string"));
  const names = columns.map(({ name }) => name);
  if (columns.length === 0) throw usageError("rows that have fields", "rows without any");
  if (columns[0]?.values.length === 0) return new danfo.DataFrame([], { columns: names, dtypes });
  const data = Object.fromEntries(
    columns.map(({ name, type, values }) => [
      name,
      // Missing is NaN where danfo calculates: its describe() fails on null.
      isNumber(type) || type === "boolean"
        ? values.map((value) => value ?? Number.NaN)
        : values.map((value) => (value === null ? null : asText(value))),
    ]),
  );
  return new danfo.DataFrame(data, { dtypes });
}
