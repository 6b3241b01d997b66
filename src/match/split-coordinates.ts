import type { CoordinateUnits } from "./coordinates";

/**
 * Cells that hold both coordinates as two lists: "10.68 +41.27", "10.68, 41.27", "(10.68, 41.27)", "00:42:44.3 +41:16:09",
 * "00 42 44.3 +41 16 09", "00h42m44.3s +41d16m09s", or a list of two numbers. What is none of these comes out whole, and is a bad row.
 */
export function splitCoordinates(cells: readonly unknown[]): [ra: unknown[], dec: unknown[]] {
  const pairs = cells.map(splitOne);
  return [pairs.map(([ra]) => ra), pairs.map(([, dec]) => dec)];
}

function splitOne(cell: unknown): readonly [unknown, unknown] {
  if (Array.isArray(cell) || ArrayBuffer.isView(cell)) {
    const [ra, dec, ...more] = Array.from(cell as ArrayLike<unknown>);
    return more.length === 0 ? [ra, dec] : [cell, undefined];
  }
  if (typeof cell !== "string") return [cell, undefined];
  const text = cell.replace(/^\s*[([]|[)\]]\s*$/g, "").trim();
  const parted = text.split(/\s*[,;]\s*/);
  if (parted.length === 2) return [parted[0], parted[1]];
  const signed = /^(\S.*?)\s*([+\-−]\s*\d.*)$/.exec(text);
  if (parted.length === 1 && signed && !/e$/i.test(signed[1]!)) return [signed[1], signed[2]];
  const words = text.split(/\s+/);
  if (words.length !== 2 && words.length !== 6) return [cell, undefined];
  return [words.slice(0, words.length / 2).join(" "), words.slice(words.length / 2).join(" ")];
}

/** Units of a right ascension as files write them, for cells that are numbers; text says itself how it is written. */
export function unitsOf(unit: string | undefined, cells: readonly unknown[]): CoordinateUnits | undefined {
  const first = cells.find((cell) => cell !== null && cell !== undefined && cell !== "");
  if (unit === undefined || Number.isNaN(Number(first))) return undefined;
  if (/^(hourangle|hours?|hr?s?)$/i.test(unit)) return "hours";
  if (/^rad(ians?)?$/i.test(unit)) return "radians";
  return /^(deg(rees?)?|°)$/i.test(unit) ? "degrees" : undefined;
}
