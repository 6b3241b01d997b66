import { expectArgument } from "../expect";

/**
 * Rows by what they have in common, each group in the order of the rows: the alerts of one object, which `lightCurve` joins so
 * that a point of several histories is there once.
 *
 * @param key what a group shares: a function of the row, or the name of one of its fields
 * @returns a Map from key to rows, in order of appearance; 64-bit ids stay bigint
 * @example
 * for (const [objectId, alerts] of explore.groupBy(night, "objectId")) console.log(objectId, astro.lightCurve(alerts).detections.length);
 */
export function groupBy<T extends object, K>(rows: Iterable<T>, key: (row: T) => K): Map<K, T[]>;
export function groupBy<T extends object, N extends keyof T>(rows: Iterable<T>, key: N): Map<T[N], T[]>;
export function groupBy<T extends object>(rows: Iterable<T>, key: keyof T | ((row: T) => unknown)): Map<unknown, T[]> {
  expectArgument("rows", rows, "rows to group");
  if (typeof key !== "function") expectArgument("text", key, "the name of a field, or a function of a row");
  const groups = new Map<unknown, T[]>();
  for (const row of rows) {
    const value = typeof key === "function" ? key(row) : row[key];
    const members = groups.get(value);
    if (members) members.push(row);
    else groups.set(value, [row]);
  }
  return groups;
}
