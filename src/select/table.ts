/** Rows as an aligned text table: one header line, numbers to the right. */
export function textTable(rows: readonly Record<string, unknown>[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const cells = [columns, ...rows.map((row) => columns.map((column) => showValue(row[column])))];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]!.length)));
  const right = columns.map((column) => rows.every((row) => /^(number|bigint)$/.test(typeof row[column])));
  return cells
    .map((line) =>
      line
        .map((cell, i) => (right[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** A value short enough for a table: six significant digits, text as it is, NaN and null as a dash. */
export function showValue(value: unknown): string {
  if (value === null || value === undefined || (typeof value === "number" && Number.isNaN(value))) return "–";
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  const text = typeof value === "object" ? (value.constructor?.name ?? "object") : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
