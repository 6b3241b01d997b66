/**
 * Whether two values say the same: numbers within the tolerance (NaN equals NaN), bigint and number by value, lists and
 * records part by part whatever their class; dates by time; sets and maps by content.
 *
 * @param tolerance largest difference between two numbers that still counts as equal; default 0
 */
export function sameValue(a: unknown, b: unknown, tolerance = 0): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a === "number" && typeof b === "number") return a === b || Math.abs(a - b) <= tolerance;
  if (typeof a === "bigint" && typeof b === "number") return Number.isInteger(b) ? BigInt(b) === a : false;
  if (typeof a === "number" && typeof b === "bigint") return sameValue(b, a);
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  if (a instanceof Set && b instanceof Set) return sameMembers([...a], [...b], tolerance);
  if (a instanceof Map && b instanceof Map) return sameMembers([...a], [...b], tolerance);
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, i) => sameValue(item, b[i], tolerance));
  if (isRecord(a) && isRecord(b)) {
    const names = Object.keys(a);
    if (names.length !== Object.keys(b).length) return false;
    return names.every((name) => Object.hasOwn(b, name) && sameValue(a[name], b[name], tolerance));
  }
  return false;
}

/** Each of the one has a partner of its own in the other, in whatever order. */
function sameMembers(a: readonly unknown[], b: unknown[], tolerance: number): boolean {
  if (a.length !== b.length) return false;
  return a.every((item) => {
    const at = b.findIndex((other) => sameValue(item, other, tolerance));
    if (at >= 0) b.splice(at, 1);
    return at >= 0;
  });
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || isList(value)) return false;
  return !(value instanceof Date || value instanceof Set || value instanceof Map);
}
