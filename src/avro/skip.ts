import { isUtf8 } from "node:buffer";
import { BootcampError } from "../errors";
import type { AvscType } from "./avsc-type";
import type { WriterSchema } from "./schema";
import { isWidthless, maxWidthlessItems } from "./width";

/** Moves from the start of a record to its end without decoding anything. */
type Skip = (bytes: Buffer, position: number, end: number) => number;

const maxVarintBytes = 10;
/** Records in records in the bytes; recursive schemas have no limit of their own, the stack has one. */
const maxRecordDepth = 200;

const skippers = new WeakMap<WriterSchema, Skip>();

/**
 * The skipper of a schema, compiled once.
 *
 * Every message from Kafka is walked from end to end before it is handed on, so that damage is found where its offset is
 * known. A Rubin packet with a year of history has 100,000 fields: avsc's own way of skipping takes 2 ms for it, this
 * one, generated for the schema, a tenth.
 */
export function skipperOf(schema: WriterSchema): Skip {
  let skip = skippers.get(schema);
  if (!skip) skippers.set(schema, (skip = new Generator().compile(schema.type)));
  return skip;
}

/** Writes the source of one function per record type. Names and values of the schema never get into it, only sizes. */
class Generator {
  private readonly functions: string[] = [];
  private readonly named = new Map<AvscType, string>();
  private variables = 0;

  compile(top: AvscType): Skip {
    const start = this.record(top);
    const source = `"use strict";\n${this.functions.join("\n")}\nreturn ${start};`;
    const helpers = { fail, tooLong, tooDeep, length, text, count, widthless, symbol };
    const skip = new Function(...Object.keys(helpers), source)(...Object.values(helpers));
    return (bytes, position, end) => {
      widthless.items = 0;
      return skip(bytes, position, end, 0);
    };
  }

  /** Name of the function that skips a record of this type; recursion is why it is a function. */
  private record(type: AvscType): string {
    const known = this.named.get(type);
    if (known) return known;
    const name = `skip${this.named.size}`;
    this.named.set(type, name);
    const body = (type.fields ?? []).map((field) => this.code(field.type)).join("\n");
    this.functions.push(`function ${name}(b, p, end, d) {
if (d > ${maxRecordDepth}) tooDeep();
${body}\nif (p > end) fail(b, p, end);\nreturn p;\n}`);
    return name;
  }

  private code(type: AvscType): string {
    if (type.types) return this.union(type.types);
    switch (type.typeName) {
      case "null":
        return "";
      case "boolean":
        return "p += 1;";
      case "float":
        return "p += 4;";
      case "double":
        return "p += 8;";
      case "int":
      case "long":
      case "abstract:long":
        return this.varint();
      case "enum":
        return `p = symbol(b, p, end, ${Number(type.symbols?.length)});`;
      case "string":
        return "p = text(b, p, end);";
      case "bytes":
        return "p = length(b, p, end);";
      case "fixed":
        return `p += ${Number(type.size)};`;
      case "array":
        return isWidthless(type.itemsType!) ? this.widthlessBlocks() : this.blocks(this.code(type.itemsType!));
      case "map":
        return this.blocks(`p = text(b, p, end);\n${this.code(type.valuesType!)}`);
      default:
        return `p = ${this.record(type)}(b, p, end, d + 1);`;
    }
  }

  private varint(): string {
    const start = `v${this.variables++}`;
    return `const ${start} = p; while (b[p++] > 127); if (p - ${start} > ${maxVarintBytes}) tooLong(p);`;
  }

  /** The branch is a zigzag integer: its byte is twice the index. No schema has 64 branches. */
  private union(branches: readonly AvscType[]): string {
    const cases = branches.map((branch, i) => `case ${2 * i}: { ${this.code(branch)} break; }`);
    return `switch (b[p++]) {\n${cases.join("\n")}\ndefault: fail(b, p, end);\n}`;
  }

  private widthlessBlocks(): string {
    return "p = widthless(b, p, end);";
  }

  private blocks(item: string): string {
    const n = `n${this.variables++}`;
    return `for (;;) {
  let ${n} = count(b, p, end);
  p = count.position;
  if (${n} === 0) break;
  for (; ${n} > 0; ${n}--) {
    ${item}
    if (p > end) fail(b, p, end);
  }
}`;
  }
}

/** Items of no width in a record: there is nothing to skip, but somebody may want to make a list of them. */
function widthless(bytes: Buffer, position: number, end: number): number {
  let at = position;
  for (;;) {
    const items = blockCount(bytes, at, end);
    at = varint.position;
    if (items === 0) return at;
    widthless.items += items;
    if (widthless.items > maxWidthlessItems) {
      const message = `Expected at most ${maxWidthlessItems} items without bytes in a record, got ${widthless.items}`;
      throw new BootcampError("AVRO_CORRUPT", message);
    }
  }
}
widthless.items = 0;

/** Bytes beyond the end read as undefined, which no branch matches: then the record was cut short. */
function fail(bytes: Buffer, position: number, end: number): never {
  throw position > end
    ? new BootcampError("AVRO_TRUNCATED", `Expected a whole record, the bytes end after ${bytes.length}`)
    : new BootcampError("AVRO_CORRUPT", `Expected bytes that fit the schema, byte ${position - 1} does not`);
}

function tooLong(position: number): never {
  throw new BootcampError(
    "AVRO_CORRUPT",
    `Expected an integer of at most ${maxVarintBytes} bytes before byte ${position}`,
  );
}

function tooDeep(): never {
  throw new BootcampError("AVRO_CORRUPT", `Expected records nested at most ${maxRecordDepth} deep, there are more`);
}

/** Skips the number of an enumeration's symbol. */
function symbol(bytes: Buffer, position: number, end: number, symbols: number): number {
  const index = varint(bytes, position, end);
  if (index >= 0 && index < symbols) return varint.position;
  throw new BootcampError("AVRO_CORRUPT", `Expected a number below ${symbols} for a symbol, got ${index}`);
}

/** Reads an integer; the position behind it is left in `varint.position`. Beyond 2^53 it is not exact, and too large anyway. */
function varint(bytes: Buffer, position: number, end: number): number {
  let value = 0;
  let scale = 1;
  let at = position;
  for (;;) {
    const byte = bytes[at++];
    if (byte === undefined) fail(bytes, end + 1, end);
    if (at - position > maxVarintBytes) tooLong(at);
    value += (byte & 127) * scale;
    if (byte < 128) break;
    scale *= 128;
  }
  varint.position = at;
  return value % 2 ? -(value + 1) / 2 : value / 2;
}
varint.position = 0;

/** Skips a length and so many bytes. */
function length(bytes: Buffer, position: number, end: number): number {
  const size = varint(bytes, position, end);
  if (size < 0) fail(bytes, varint.position, end);
  return size > end - varint.position ? fail(bytes, end + 1, end) : varint.position + size;
}

/**
 * Skips text, which Avro has in UTF-8: what is not would be shown with replaced letters, and other readers refuse the record
 * (fastavro does). Nearly all text of packets is ASCII, and short.
 */
function text(bytes: Buffer, position: number, end: number): number {
  const next = length(bytes, position, end);
  let at = varint.position;
  while (at < next && bytes[at]! < 128) at++;
  if (at < next && !isUtf8(bytes.subarray(at, next))) {
    throw new BootcampError("AVRO_CORRUPT", `Expected text in UTF-8, got other bytes from byte ${at} on`);
  }
  return next;
}

/** Items of a block; a negative count is followed by the block's size. The position behind is left in `varint.position`. */
function blockCount(bytes: Buffer, position: number, end: number): number {
  const items = varint(bytes, position, end);
  if (items >= 0) return items;
  varint(bytes, varint.position, end);
  return -items;
}

/**
 * Items of a block. A count that the bytes left cannot hold is refused before anything is read for it. The position
 * behind is left in `count.position`.
 */
function count(bytes: Buffer, position: number, end: number): number {
  const items = blockCount(bytes, position, end);
  count.position = varint.position;
  const left = end - count.position;
  if (items > left) {
    throw new BootcampError(
      "AVRO_CORRUPT",
      `Expected at most ${Math.max(left, 0)} items in the bytes left, got ${items}`,
    );
  }
  return items;
}
count.position = 0;
