import { BootcampError, messageOf } from "../errors";
import { type CellType, cellBytes, narrowLongs, readCell } from "./binary-cells";
import type { ReadTable } from "./table";

/**
 * VOTable 1.5, table 2, without complex numbers. A bit stands in a byte of its own, which is not 0 where it is set: astropy, which
 * writes its booleans so, sets another bit of it than the standard.
 */
const types: Readonly<Record<string, CellType>> = {
  ...{
    boolean: "boolean",
    unsignedByte: "byte",
    short: "short",
    int: "int",
    long: "long",
    float: "float",
    double: "double",
  },
  ...{ bit: "byte", char: "char", unicodeChar: "unicode" },
};

interface Field {
  readonly name: string;
  readonly unit: string;
  readonly type: CellType;
  /** Items of a cell; null where each cell says how many. */
  readonly count: number | null;
  readonly none: string | undefined;
  readonly isBit: boolean;
}

/** The parts of saxes that are used. */
interface Parser {
  on(event: "opentag", heard: (tag: { name: string; attributes: Record<string, string> }) => void): void;
  on(event: "closetag", heard: (tag: { name: string }) => void): void;
  on(event: "text" | "cdata", heard: (text: string) => void): void;
  on(event: "error", heard: (error: Error) => void): void;
  write(text: string): Parser;
  close(): void;
}

/**
 * The first table of a VOTable with its rows: as TABLEDATA, BINARY or BINARY2.
 *
 * @throws CATALOG for what is no XML, a table without rows here, and types that are not read
 */
export function readVoTable(bytes: Buffer, where: string): ReadTable {
  const { SaxesParser } = require("saxes") as { SaxesParser: new () => Parser };
  const fields: Field[] = [];
  const rows: Record<string, unknown>[] = [];
  let [text, serialization, stream, tables] = ["", "", "", 0];
  let cells: string[] = [];
  const parser = new SaxesParser();
  const isFirst = () => tables === 1;
  parser.on("opentag", ({ name, attributes }) => {
    const tag = bare(name);
    if (tag === "TABLE") tables++;
    if (!isFirst()) return;
    if (tag === "FIELD") fields.push(fieldOf(attributes, fields.length + 1, where));
    if (tag === "VALUES" && attributes["null"] !== undefined && serialization === "")
      fields.push({ ...fields.pop()!, none: attributes["null"] });
    if (/^(TABLEDATA|BINARY2?|FITS)$/.test(tag)) serialization = tag;
    if (tag === "STREAM" && attributes["href"] !== undefined)
      throw new BootcampError("CATALOG", `${where}: expected the rows in the VOTable itself, got a link to them`, {
        where,
      });
    if (tag === "TR") cells = [];
    if (/^(TD|STREAM)$/.test(tag)) text = "";
  });
  const heard = (part: string) => {
    text += part;
  };
  parser.on("text", heard);
  parser.on("cdata", heard);
  parser.on("closetag", ({ name }) => {
    if (!isFirst()) return;
    const tag = bare(name);
    if (tag === "TD") cells.push(text);
    if (tag === "TR")
      rows.push(Object.fromEntries(fields.map((field, i) => [field.name, textCell(field, cells[i] ?? "")])));
    if (tag === "STREAM") stream = text;
  });
  parser.on("error", (error) => {
    throw new BootcampError("CATALOG", `${where}: expected a VOTable, but ${messageOf(error)}`, {
      where,
      cause: error,
    });
  });
  parser.write(bytes.toString("utf8")).close();
  if (serialization === "FITS")
    throw new BootcampError("CATALOG", `${where}: expected TABLEDATA or BINARY, got FITS inside of a VOTable`, {
      where,
    });
  if (serialization.startsWith("BINARY"))
    readBinary(Buffer.from(stream, "base64"), fields, serialization === "BINARY2", rows, where);
  narrowLongs(
    rows,
    fields.filter(({ type }) => type === "long").map(({ name }) => name),
  );
  return {
    columns: fields.map(({ name }) => name),
    rows,
    units: new Map(fields.filter(({ unit }) => unit !== "").map(({ name, unit }) => [name, unit])),
  };
}

const bare = (name: string): string => name.slice(name.indexOf(":") + 1).toUpperCase();

function fieldOf(attributes: Record<string, string>, number: number, where: string): Field {
  const { datatype = "char", arraysize = "1" } = attributes;
  const name = attributes["name"] ?? attributes["ID"] ?? `column${number}`;
  const type = types[datatype];
  if (type === undefined || /x/.test(arraysize) || (datatype === "bit" && arraysize !== "1"))
    throw new BootcampError(
      "CATALOG",
      `${where}: expected numbers or text in column "${name}", got ${datatype} [${arraysize}]`,
      { where },
    );
  const count = /\*/.test(arraysize) ? null : Number(arraysize);
  return { name, unit: attributes["unit"] ?? "", type, count, none: undefined, isBit: datatype === "bit" };
}

function textCell({ type, count, none, isBit }: Field, text: string): unknown {
  const cell = text.trim();
  if (type === "char" || type === "unicode") return cell;
  const one = (word: string): unknown => {
    if (isBit) return word === "" ? null : word !== "0";
    if (word === "" || word === none || /^nan$/i.test(word)) return type === "boolean" ? null : Number.NaN;
    if (type === "boolean") return /^(t|true|1)$/i.test(word) ? true : /^(f|false|0)$/i.test(word) ? false : null;
    if (type === "long" && /^[+-]?\d+$/.test(word)) return BigInt(word);
    return Number(word.replace(/^\+?inf$/i, "Infinity").replace(/^-inf$/i, "-Infinity"));
  };
  return count === 1 ? one(cell) : cell === "" ? [] : cell.split(/\s+/).map(one);
}

/** BINARY2 puts a bit for each column before the row, set where it has no value. */
function readBinary(
  data: Buffer,
  fields: readonly Field[],
  hasFlags: boolean,
  rows: Record<string, unknown>[],
  where: string,
): void {
  const flags = hasFlags ? Math.ceil(fields.length / 8) : 0;
  for (let at = 0; at < data.length; ) {
    const mask = data.subarray(at, at + flags);
    at += flags;
    const row: Record<string, unknown> = {};
    fields.forEach((field, i) => {
      const count = field.count ?? (readCell("int", data, at, 1, where) as number);
      if (field.count === null) at += 4;
      const value =
        count > 0
          ? readCell(field.type, data, at, count, where)
          : field.type === "char" || field.type === "unicode"
            ? ""
            : [];
      at += count * cellBytes[field.type];
      const isNone =
        ((mask[i >> 3] ?? 0) & (128 >> (i & 7))) !== 0 || (field.none !== undefined && String(value) === field.none);
      row[field.name] = isNone ? (typeof value === "string" ? "" : Number.NaN) : field.isBit ? value !== 0 : value;
    });
    rows.push(row);
  }
}
