import { BootcampError } from "../errors";

/** A type of the cells of FITS and VOTable: both are big-endian, and name the same ones. */
export type CellType = "boolean" | "byte" | "short" | "int" | "long" | "float" | "double" | "char" | "unicode";

export const cellBytes: Readonly<Record<CellType, number>> = {
  ...{ boolean: 1, byte: 1, short: 2, int: 4, long: 8, float: 4, double: 8, char: 1, unicode: 2 },
};

const readers: Readonly<Record<Exclude<CellType, "char" | "unicode">, (bytes: Buffer, at: number) => unknown>> = {
  // T, 1 and t are true in one or the other; 0, ? and blank say nothing
  boolean: (bytes, at) =>
    /[Tt1]/.test(String.fromCharCode(bytes[at]!)) ? true : /[Ff]/.test(String.fromCharCode(bytes[at]!)) ? false : null,
  byte: (bytes, at) => bytes[at]!,
  short: (bytes, at) => bytes.readInt16BE(at),
  int: (bytes, at) => bytes.readInt32BE(at),
  long: (bytes, at) => bytes.readBigInt64BE(at),
  float: (bytes, at) => bytes.readFloatBE(at),
  double: (bytes, at) => bytes.readDoubleBE(at),
};

/**
 * One cell: a text, a value, or a list of them.
 *
 * @param count items; 1 gives the value itself
 * @throws CATALOG when the bytes end before
 */
export function readCell(type: CellType, bytes: Buffer, at: number, count: number, where: string): unknown {
  if (at + count * cellBytes[type] > bytes.length)
    throw new BootcampError(
      "CATALOG",
      `${where}: expected ${count * cellBytes[type]} bytes of a cell at byte ${at}, got ${Math.max(0, bytes.length - at)}`,
      { where },
    );
  if (type === "char")
    return bytes
      .toString("utf8", at, at + count)
      .replace(/\0.*$/s, "")
      .trimEnd();
  if (type === "unicode") {
    const units = Array.from({ length: count }, (_, i) => bytes.readUInt16BE(at + 2 * i));
    return String.fromCharCode(...units)
      .replace(/\0.*$/s, "")
      .trimEnd();
  }
  const read = readers[type];
  if (count === 1) return read(bytes, at);
  return Array.from({ length: count }, (_, i) => read(bytes, at + i * cellBytes[type]));
}

/** Columns of 64-bit integers hold bigint only where they need to, as those of text files. */
export function narrowLongs(rows: readonly Record<string, unknown>[], columns: readonly string[]): void {
  for (const column of columns) {
    const isSmall = (value: unknown) =>
      typeof value !== "bigint" || (value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER);
    if (!rows.every((row) => isSmall(row[column]))) continue;
    for (const row of rows) if (typeof row[column] === "bigint") row[column] = Number(row[column]);
  }
}
