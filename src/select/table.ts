import { alignedText, cellText } from "../cell-text";
import { printable } from "../terminal";

/** Rows as an aligned text table: one header line, numbers to the right. */
export function textTable(rows: readonly Record<string, unknown>[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const cells = [
    columns.map((name) => printable(name)),
    ...rows.map((row) => columns.map((column) => printable(showValue(row[column])))),
  ];
  const right = columns.map((column) => rows.every((row) => /^(number|bigint)$/.test(typeof row[column])));
  return alignedText(cells, right);
}

/** A value short enough for a table, by the rule of all tables. */
export function showValue(value: unknown): string {
  if (typeof value === "object" && value !== null && !(value instanceof Date))
    return value.constructor?.name ?? "object";
  return value === "" ? "" : cellText(value);
}
