import { BLOCK_BYTES, countCard, type FitsValue, readHeader } from "../alert/fits-header";
import { BootcampError, isBootcampError, messageOf } from "../errors";
import { type CellType, cellBytes, narrowLongs, readCell } from "./binary-cells";
import type { ReadTable } from "./table";

/** Letters of TFORM (FITS standard 4.0, table 18); bits and complex numbers are nothing to match by, and left out. */
const types: Readonly<Record<string, CellType>> = {
  ...{ L: "boolean", B: "byte", I: "short", J: "int", K: "long", A: "char", E: "float", D: "double" },
};
const skipped: Readonly<Record<string, number>> = { C: 8, M: 16 };

interface FitsColumn {
  readonly name: string;
  readonly unit: string;
  readonly type: CellType | undefined;
  readonly count: number;
  readonly at: number;
  readonly scale: number;
  readonly zero: FitsValue;
  readonly none: FitsValue | undefined;
}

/**
 * The first binary table of a FITS file. Lists of a length that varies are left out; TSCAL, TZERO and TNULL are applied.
 *
 * @throws CATALOG for a file without a binary table, or one that is cut short or damaged
 */
export function readFitsTable(bytes: Buffer, where: string): ReadTable {
  try {
    return firstTable(bytes, where);
  } catch (cause) {
    if (!isBootcampError(cause, "FITS")) throw cause;
    throw new BootcampError("CATALOG", `${where}: expected a FITS table, but ${messageOf(cause)}`, { where, cause });
  }
}

function firstTable(bytes: Buffer, where: string): ReadTable {
  const seen: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { values: header, end } = readHeader(bytes, at);
    const lengths = Array.from({ length: countCard(header, "NAXIS") }, (_, axis) =>
      countCard(header, `NAXIS${axis + 1}`),
    );
    const items = lengths.length === 0 ? 0 : lengths.reduce((product, length) => product * length, 1);
    const size =
      (Math.abs(Number(header["BITPIX"])) / 8) *
      countCard(header, "GCOUNT", 1) *
      (countCard(header, "PCOUNT", 0) + items);
    if (String(header["XTENSION"]).trim() === "BINTABLE" && header["ZIMAGE"] !== true) {
      const [width = 0, rows = 0] = lengths;
      if (end + width * rows > bytes.length)
        throw new BootcampError(
          "CATALOG",
          `${where}: expected ${rows} rows of ${width} bytes, got ${Math.max(0, bytes.length - end)} bytes`,
          { where },
        );
      return readRows(header, bytes.subarray(end, end + width * rows), width, rows, where);
    }
    seen.push(String(header["XTENSION"] ?? "primary image").trim());
    at = end + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
    if (!(size >= 0)) break;
  }
  throw new BootcampError("CATALOG", `${where}: expected a binary table (BINTABLE), got ${seen.join(", ")}`, { where });
}

function readRows(
  header: Record<string, FitsValue>,
  data: Buffer,
  width: number,
  rows: number,
  where: string,
): ReadTable {
  const columns: FitsColumn[] = [];
  let at = 0;
  for (let n = 1; n <= countCard(header, "TFIELDS"); n++) {
    const [, repeat, letter = ""] = /^\s*(\d*)([LXBIJKAEDCMPQ])/.exec(String(header[`TFORM${n}`])) ?? [];
    const count = repeat === undefined || repeat === "" ? 1 : Number(repeat);
    const type = types[letter];
    const pointer = letter === "P" ? 8 : letter === "Q" ? 16 : undefined;
    const size = type
      ? cellBytes[type] * count
      : letter === "X"
        ? Math.ceil(count / 8)
        : (pointer ?? skipped[letter] ?? Number.NaN) * count;
    columns.push({
      name: String(header[`TTYPE${n}`] ?? `column${n}`).trim(),
      unit: String(header[`TUNIT${n}`] ?? "").trim(),
      ...{ type: count > 0 ? type : undefined, count, at },
      scale: Number(header[`TSCAL${n}`] ?? 1),
      zero: header[`TZERO${n}`] ?? 0,
      none: header[`TNULL${n}`],
    });
    at += size;
  }
  if (at !== width)
    throw new BootcampError(
      "CATALOG",
      `${where}: expected columns of ${width} bytes in all, got ${at} by their TFORM`,
      { where },
    );
  const known = columns.filter((column) => column.type !== undefined);
  const read = Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(known.map((column) => [column.name, cellOf(column, data, row * width, where)])),
  );
  narrowLongs(
    read,
    known.filter(({ type }) => type === "long").map(({ name }) => name),
  );
  return {
    columns: known.map(({ name }) => name),
    rows: read,
    units: new Map(known.filter(({ unit }) => unit !== "").map(({ name, unit }) => [name, unit])),
  };
}

function cellOf(column: FitsColumn, data: Buffer, start: number, where: string): unknown {
  const value = readCell(column.type!, data, start + column.at, column.count, where);
  const scaled = (item: unknown): unknown => {
    if (typeof item !== "number" && typeof item !== "bigint") return item;
    if (column.none !== undefined && Number(item) === Number(column.none)) return Number.NaN;
    // unsigned 64-bit integers are written with a zero of 2^63, which no double plus one is
    if (typeof item === "bigint")
      return column.scale === 1 && Number.isInteger(column.zero)
        ? item + BigInt(column.zero as number)
        : Number(item) * column.scale + Number(column.zero);
    return column.scale === 1 && column.zero === 0 ? item : item * column.scale + Number(column.zero);
  };
  return Array.isArray(value) ? value.map(scaled) : scaled(value);
}
