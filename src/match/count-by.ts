import { expectArgument } from "../expect";

/** How often one value came. */
export interface Count {
  readonly value: string;
  readonly count: number;
}

/**
 * Counts rows by a key, most frequent first (ties in order of appearance): the classes of what was matched.
 *
 * @param key of a row; null and undefined are counted as `"unknown"`
 * @example
 * countBy(matched, (alert) => alert.match?.row.VarType); // [ { value: 'unknown', count: … }, … ]
 */
export function countBy<T>(rows: Iterable<T>, key: (row: T) => unknown): Count[] {
  expectArgument("rows", rows, "rows to count");
  expectArgument("function", key, "a function that gives the class of a row");
  const counts = new Map<string, number>();
  for (const row of rows) {
    const value = String(key(row) ?? "unknown");
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
}
