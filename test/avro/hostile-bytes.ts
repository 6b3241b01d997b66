import { deflateRawSync, gzipSync } from "node:zlib";
import { writeContainer } from "../../src/avro/container-write";
import { parseSchema } from "../../src/avro/schema";

/** Avro's zigzag integer. */
function long(value: number): Buffer {
  const out: number[] = [];
  let rest = value < 0 ? BigInt(-value) * 2n - 1n : BigInt(value) * 2n;
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
  return Buffer.from([...out, Number(rest)]);
}
const record = (type: unknown) => parseSchema({ type: "record", name: "bomb", fields: [{ name: "x", type }] });
const claims = 2 ** 40;
/** A container of one record, whose block is compressed. */
function deflated(schema: ReturnType<typeof record>, block: Buffer): Buffer {
  const plain = writeContainer(schema, []);
  const name = plain.indexOf(Buffer.from("null"));
  const head = Buffer.concat([
    plain.subarray(0, name - 1),
    Buffer.from([14]),
    Buffer.from("deflate"),
    plain.subarray(name + 4),
  ]);
  const packed = deflateRawSync(block);
  return Buffer.concat([head, long(1), long(packed.length), packed, plain.subarray(-16)]);
}
export const id = (bytes: number[]) => Buffer.from([0, ...bytes]);
/** A body of Rubin 11.0 that is no such thing: text where ids and numbers are. */
const nonsense = Buffer.alloc(2000, "not a packet ");

/** A schema whose records hold one another. */
const recursive = (type: unknown) => parseSchema({ type: "record", name: "n", fields: [{ name: "next", type }] }).text;

/** Bytes that want to be an alert, the code they are refused with, and the schema of those that come without one. */
export const hostile: Record<string, { bytes: Buffer; code: string; schema?: string }> = {
  nothing: { bytes: Buffer.alloc(0), code: "AVRO_TRUNCATED" },
  "no Avro": { bytes: Buffer.from("<html></html>"), code: "NOT_AVRO" },
  "an unknown wire id": { bytes: Buffer.concat([id([0, 0, 0, 77]), nonsense]), code: "SCHEMA_UNKNOWN" },
  "a little-endian wire id": { bytes: Buffer.concat([id([0x4c, 4, 0, 0]), nonsense]), code: "WIRE_ORDER" },
  "a header without a body": { bytes: id([0, 0, 4, 0x4c]), code: "AVRO_TRUNCATED" },
  "a body cut short": { bytes: Buffer.concat([id([0, 0, 4, 0x4c]), long(5)]), code: "AVRO_TRUNCATED" },
  "a schema that does not fit": { bytes: Buffer.concat([id([0, 0, 4, 0x4c]), nonsense]), code: "AVRO_CORRUPT" },
  "an array claiming 2^40 nulls": {
    bytes: long(claims),
    schema: record({ type: "array", items: "null" }).text,
    code: "AVRO_CORRUPT",
  },
  "an array claiming 2^40 numbers": {
    bytes: Buffer.concat([long(claims), nonsense]),
    schema: record({ type: "array", items: "double" }).text,
    code: "AVRO_CORRUPT",
  },
  "a map claiming 2^40 entries": {
    bytes: Buffer.concat([long(claims), nonsense]),
    schema: record({ type: "map", values: "int" }).text,
    code: "AVRO_CORRUPT",
  },
  "an array of −2^40 numbers": {
    bytes: Buffer.concat([long(-claims), long(50), nonsense]),
    schema: record({ type: "array", items: "double" }).text,
    code: "AVRO_CORRUPT",
  },
  "an array whose block claims 2^40 bytes": {
    bytes: Buffer.concat([long(-500), long(claims), nonsense]),
    schema: record({ type: "array", items: "double" }).text,
    code: "AVRO_TRUNCATED",
  },
  "a map of −2^40 entries": {
    bytes: Buffer.concat([long(-claims), long(20), nonsense]),
    schema: record({ type: "map", values: "int" }).text,
    code: "AVRO_CORRUPT",
  },
  "an array of 2^40 empty records": {
    bytes: long(claims),
    schema: record({ type: "array", items: { type: "record", name: "e", fields: [] } }).text,
    code: "AVRO_CORRUPT",
  },
  "a text of −7 bytes": {
    bytes: Buffer.concat([long(-7), nonsense]),
    schema: record("string").text,
    code: "AVRO_CORRUPT",
  },
  "a branch that a union has not": {
    bytes: Buffer.from([200, 1]),
    schema: record(["null", "int"]).text,
    code: "AVRO_CORRUPT",
  },
  "a symbol that an enumeration has not": {
    bytes: Buffer.from([200, 1]),
    schema: record({ type: "enum", name: "e", symbols: ["a"] }).text,
    code: "AVRO_CORRUPT",
  },
  "records in records, five million deep": {
    bytes: Buffer.alloc(5_000_000, 2),
    schema: recursive(["null", "n"]),
    code: "AVRO_CORRUPT",
  },
  "arrays of arrays without end": {
    bytes: Buffer.alloc(5_000_000, 2),
    schema: recursive({ type: "array", items: "n" }),
    code: "AVRO_CORRUPT",
  },
  "a schema that holds itself": { bytes: Buffer.alloc(10), schema: recursive("n"), code: "AVRO_CORRUPT" },
  "a schema nested too deep": {
    bytes: withSchema(`${"[".repeat(50_000)}${"]".repeat(50_000)}`),
    code: "SCHEMA_INVALID",
  },
  "a record type nested too deep": { bytes: withSchema(deep("record")), code: "SCHEMA_INVALID" },
  "a schema of too many fields": { bytes: withSchema(wide(200_000)), code: "SCHEMA_INVALID" },
  "a schema that is no JSON": { bytes: withSchema("{{{"), code: "SCHEMA_INVALID" },
  "a text of 2^40 bytes": {
    bytes: Buffer.concat([long(claims), nonsense]),
    schema: record("string").text,
    code: "AVRO_TRUNCATED",
  },
  "an integer of endless bytes": {
    bytes: Buffer.alloc(100_000, 0xff),
    schema: record("long").text,
    code: "AVRO_CORRUPT",
  },
  "a gzip bomb": { bytes: gzipSync(Buffer.alloc(300_000_000)), code: "GZIP" },
  "gzip in gzip without end": {
    bytes: [1, 2, 3, 4].reduce((inner) => gzipSync(inner), Buffer.from("x")),
    code: "GZIP",
  },
  "a deflate bomb": { bytes: deflated(record("bytes"), Buffer.alloc(300_000_000)), code: "AVRO_CORRUPT" },
  "a container claiming 2^40 records": { bytes: forgedCount(), code: "AVRO_CORRUPT" },
};
function forgedCount(): Buffer {
  const schema = parseSchema({ type: "record", name: "empty", fields: [] });
  const plain = writeContainer(schema, []);
  return Buffer.concat([plain, long(claims), long(0), plain.subarray(-16)]);
}

/** A container with this text as its schema. */
function withSchema(text: string): Buffer {
  const key = Buffer.from("avro.schema");
  const parts = [long(1), long(key.length), key, long(Buffer.byteLength(text)), Buffer.from(text), long(0)];
  return Buffer.concat([Buffer.from("Obj\u0001"), ...parts, Buffer.alloc(16)]);
}

function deep(type: string): string {
  const inner = '{"type":"array","items":';
  const nest = `${inner.repeat(20_000)}"int"${"}".repeat(20_000)}`;
  return `{"type":"${type}","name":"b","fields":[{"name":"x","type":${nest}}]}`;
}

function wide(count: number): string {
  const fields = Array.from({ length: count }, (_, i) => ({ name: `f${i}`, type: "int" }));
  return JSON.stringify({ type: "record", name: "b", fields });
}
