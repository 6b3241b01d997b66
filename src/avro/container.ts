import { BootcampError } from "../errors";
import { decompressBlock } from "./codecs";
import { inlined, namedTypes } from "./named-types";
import { parseSchema, type WriterSchema } from "./schema";
import { skipperOf } from "./skip";

/** First bytes of an Avro Object Container File. */
export const containerMagic: Buffer = Buffer.from("Obj\x01", "latin1");
const syncLength = 16;
/** Records of no width are legal Avro; a forged count of them must not run for ever. */
const maxEmptyRecords = 1e5;
/** Types in the list of a container; each is compiled. */
const maxBranches = 64;

export interface ContainerRecord {
  /** The record alone: a view into the container, or into the decompressed block. */
  readonly record: Buffer;
  readonly schema: WriterSchema;
}

/** True for bytes that begin like an Avro Object Container File. */
export function isContainer(bytes: Buffer): boolean {
  return bytes.length >= 4 && bytes.compare(containerMagic, 0, 4, 0, 4) === 0;
}

interface Header {
  /** One schema, or the branches of a list: each record then begins with the number of its own. */
  schema: WriterSchema | readonly (WriterSchema | null)[];
  codec: string;
  /** Offset of the sync marker. */
  end: number;
}

/**
 * Headers seen lately. ZTF puts 23 kB of schema in front of every alert: comparing bytes with the last header takes
 * microseconds, parsing it anew takes milliseconds.
 */
const recentHeaders: { bytes: Buffer; header: Header }[] = [];
const maxHeaders = 16;

function readHeader(bytes: Buffer): Header {
  for (const { bytes: known, header } of recentHeaders) {
    if (bytes.length >= known.length && bytes.compare(known, 0, known.length, 0, known.length) === 0) return header;
  }
  const cursor = new Cursor(bytes, containerMagic.length);
  const meta = new Map<string, Buffer>();
  for (let count = cursor.long(); count !== 0; count = cursor.long()) {
    if (count < 0) cursor.long(); // byte size of the block of entries: not needed
    for (let n = Math.abs(count); n > 0; n--) meta.set(cursor.bytes().toString("utf8"), cursor.bytes());
  }
  const text = meta.get("avro.schema");
  if (!text) throw new BootcampError("NOT_AVRO", "Expected a schema in the container's header, got none");
  const header = {
    schema: schemaOf(text.toString("utf8")),
    codec: meta.get("avro.codec")?.toString("utf8") || "null",
    end: cursor.position,
  };
  recentHeaders.unshift({ bytes: Buffer.from(bytes.subarray(0, header.end)), header });
  recentHeaders.length = Math.min(recentHeaders.length, maxHeaders);
  return header;
}

/** Alerts and their retractions may come in one container: its schema is a list, and each record one of its types. */
function schemaOf(text: string): Header["schema"] {
  if (!/^\s*\[/.test(text)) return parseSchema(text);
  const branches = parseJson(text);
  if (!Array.isArray(branches) || branches.length === 0 || branches.length > maxBranches) {
    const got = Array.isArray(branches) ? `${branches.length} of them` : "none";
    throw new BootcampError("SCHEMA_INVALID", `Expected a list of 1 to ${maxBranches} types, got ${got}`);
  }
  // Avro forbids a list directly in a list, and an alert is a record
  if (branches.some(Array.isArray) || !branches.some((branch) => branch?.type === "record")) {
    throw new BootcampError("SCHEMA_INVALID", "Expected records in the list of types in the container's header");
  }
  const types = namedTypes(branches);
  return branches.map((branch) =>
    branch?.type === "record" ? parseSchema(JSON.stringify(inlined(branch, types))) : null,
  );
}

function parseJson(text: string): any {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BootcampError("SCHEMA_INVALID", "Expected a schema in JSON in the container's header", { cause });
  }
}

/**
 * Walks the records of an Avro Object Container File without decoding them.
 *
 * @param bytes the whole file or message
 * @returns the records in order; views, not copies, when the codec is null
 * @throws NOT_AVRO, AVRO_TRUNCATED, AVRO_CORRUPT, AVRO_CODEC, SCHEMA_INVALID – after the records before the damage
 */
export function* readContainer(bytes: Buffer): Generator<ContainerRecord> {
  if (!isContainer(bytes)) {
    throw new BootcampError("NOT_AVRO", `Expected an Avro container ("Obj" 01), got ${firstBytes(bytes)}`);
  }
  const { schema, codec, end } = readHeader(bytes);
  const cursor = new Cursor(bytes, end);
  const sync = cursor.take(syncLength, "the sync marker");
  const empty = { records: 0 };
  while (cursor.position < bytes.length) {
    const count = cursor.long();
    const block = decompressBlock(codec, cursor.take(cursor.long(), "a block of records"));
    const marker = cursor.take(syncLength, "the sync marker after a block");
    if (!marker.equals(sync)) {
      throw new BootcampError(
        "AVRO_CORRUPT",
        `Expected the container's sync marker before byte ${cursor.position}, got other bytes`,
      );
    }
    yield* splitBlock(block, count, schema, empty);
  }
}

/** @param empty counts the records without bytes over all blocks */
function* splitBlock(
  block: Buffer,
  count: number,
  schema: Header["schema"],
  empty: { records: number },
): Generator<ContainerRecord> {
  let position = 0;
  for (let n = 0; n < count; n++) {
    let one = schema as WriterSchema;
    if (Array.isArray(schema)) {
      const cursor = new Cursor(block, position);
      const branch = cursor.long();
      one = schema[branch];
      if (!one) {
        throw new BootcampError(
          "AVRO_CORRUPT",
          `Expected a record of one of ${schema.length} types, got type ${branch}`,
        );
      }
      position = cursor.position;
    }
    const next = endOfRecord(one, block, position);
    if (next === position && (count > maxEmptyRecords || ++empty.records > maxEmptyRecords)) {
      const claim = Math.max(count, empty.records);
      throw new BootcampError(
        "AVRO_CORRUPT",
        `Expected records with bytes in them, got a claim of ${claim} empty ones`,
      );
    }
    yield { record: block.subarray(position, next), schema: one };
    position = next;
  }
  if (position !== block.length) {
    throw new BootcampError(
      "AVRO_CORRUPT",
      `Expected ${count} records to fill a block of ${block.length} bytes, they end at ${position}`,
    );
  }
}

/**
 * Offset just after the record that starts at `position`, found by skipping its fields.
 *
 * @throws AVRO_TRUNCATED or AVRO_CORRUPT when the bytes do not hold a whole record
 */
export function endOfRecord(schema: WriterSchema, bytes: Buffer, position = 0): number {
  try {
    return skipperOf(schema)(bytes, position, bytes.length);
  } catch (error) {
    throw asAvroError(error);
  }
}

/**
 * Every field of a record.
 *
 * @throws AVRO_TRUNCATED or AVRO_CORRUPT when the bytes do not hold a whole record and nothing more
 */
export function decodeRecord(schema: WriterSchema, record: Buffer): unknown {
  try {
    return schema.type.fromBuffer(record);
  } catch (error) {
    throw asAvroError(error);
  }
}

/** Any error of the decoder as one of ours. */
export function asAvroError(error: unknown): BootcampError {
  if (error instanceof BootcampError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return /truncated/.test(message)
    ? new BootcampError("AVRO_TRUNCATED", "Expected a whole record, the bytes end before it does", { cause: error })
    : new BootcampError("AVRO_CORRUPT", `Expected bytes that fit the schema: ${message}`, { cause: error });
}

/** The first bytes in hex and as text, for messages about unknown data. */
export function firstBytes(bytes: Buffer): string {
  if (bytes.length === 0) return "no bytes at all";
  const head = bytes.subarray(0, 8);
  return `${head.toString("hex").replace(/../g, "$& ").trim()} ("${head.toString("latin1").replace(/[^\x20-\x7e]/g, ".")}")`;
}

class Cursor {
  constructor(
    private readonly buffer: Buffer,
    public position: number,
  ) {}

  long(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++) {
      const byte = this.buffer[this.position++];
      if (byte === undefined) {
        throw new BootcampError("AVRO_TRUNCATED", `Expected more after byte ${this.buffer.length}, the data end there`);
      }
      value += (byte & 127) * scale;
      scale *= 128;
      if (byte < 128) return value % 2 ? -(value + 1) / 2 : value / 2;
    }
    throw new BootcampError("AVRO_CORRUPT", `Expected an integer of at most 10 bytes before byte ${this.position}`);
  }

  bytes(): Buffer {
    return this.take(this.long(), "header data");
  }

  take(length: number, what: string): Buffer {
    const left = this.buffer.length - this.position;
    if (length < 0) throw new BootcampError("AVRO_CORRUPT", `Expected a length for ${what}, got ${length}`);
    if (length > left) {
      throw new BootcampError("AVRO_TRUNCATED", `Expected ${length} bytes for ${what}, the data end after ${left}`);
    }
    this.position += length;
    return this.buffer.subarray(this.position - length, this.position);
  }
}
