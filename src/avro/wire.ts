import { BootcampError, messageOf } from "../errors";
import { type ContainerRecord, endOfRecord, firstBytes, isContainer, readContainer } from "./container";
import { gunzip } from "./decompress";
import { foreignKind } from "./foreign";
import { schemaOfKey } from "./key-schema";
import { parseSchema, type WriterSchema } from "./schema";
import { type SchemaSource, schemaOfId } from "./schema-ids";

/** How an alert is wrapped: with its schema, with the id of a schema, or with nothing. */
export type WireForm = "container" | "confluent" | "bare";

export interface WireOptions {
  /** Schema of bytes that come without one: JSON text, parsed JSON, or what `parseSchema` gave. */
  schema?: string | object | undefined;
  /** Overrides the guess from the first bytes. */
  form?: WireForm | undefined;
  /** Where the schema of a wire id is looked up that is not known here: an `avro.SchemaRegistry`. */
  registry?: SchemaSource | undefined;
  /** Key of the Kafka message: with Fink, the schema of bare records for which no other is configured. */
  key?: string | Buffer | null | undefined;
}

/** One record and how it came. */
export interface WireRecord extends ContainerRecord {
  readonly form: WireForm;
  /** The whole message or file, after gzip. */
  readonly received: Buffer;
}

export const confluentHeader = 5;

/**
 * Finds the Avro records in the bytes of a message or file, whatever they are wrapped in.
 *
 * Recognised: gzip around anything; an object container ("Obj" 01); Confluent's header (00 and a big-endian schema id:
 * registered here, one of Rubin's, or fetched from a registry); bare Avro when `schema` is given, or else is the `key`. A
 * bare record may begin with 00 as well: then the reading that ends exactly with the bytes wins, and if both do, the
 * message is refused until `form` decides.
 *
 * @throws NOT_AVRO, SCHEMA_UNKNOWN, GZIP and the errors of {@link readContainer}
 */
export function* readWire(bytes: Buffer, options: WireOptions = {}): Generator<WireRecord> {
  yield* unwrap(bytes, options, 0);
}

/** Data can be made that expand to themselves for ever. */
const maxGzipDepth = 3;

function* unwrap(bytes: Buffer, options: WireOptions, depth: number): Generator<WireRecord> {
  if (bytes.length === 0) {
    throw new BootcampError("AVRO_TRUNCATED", "Expected an alert, got no bytes at all: the file or message is empty");
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b && options.form === undefined) {
    if (depth === maxGzipDepth) {
      throw new BootcampError("GZIP", `Expected an alert within ${maxGzipDepth} layers of gzip, there is one more`);
    }
    yield* unwrap(unwrapGzip(bytes), options, depth + 1);
    return;
  }
  if (options.form ? options.form === "container" : isContainer(bytes)) {
    for (const found of readContainer(bytes)) yield { ...found, form: "container", received: bytes };
    return;
  }
  const schema = options.schema === undefined ? undefined : asSchema(options.schema);
  const id = bytes[0] === 0 && bytes.length >= confluentHeader ? bytes.readUInt32BE(1) : undefined;
  if (options.form !== "bare" && id !== undefined) {
    const wired = schemaOf(id, schema, bytes, options);
    if (wired) {
      yield { record: bytes.subarray(confluentHeader), schema: wired, form: "confluent", received: bytes };
      return;
    }
  }
  const bare = options.form === "confluent" ? undefined : (schema ?? schemaOfKey(options.key));
  if (!bare) throw unknownSchema(bytes, id, options);
  yield { record: bytes, schema: bare, form: "bare", received: bytes };
}

/** The schema to read a body after a Confluent header with; undefined when the bytes are rather a bare record. */
function schemaOf(
  id: number,
  configured: WriterSchema | undefined,
  bytes: Buffer,
  options: WireOptions,
): WriterSchema | undefined {
  const wired = schemaOfId(id, options.registry);
  if (options.form === "confluent") return wired ?? configured;
  if (!configured) {
    const isBare = wired && fitsKey(options.key, bytes) && !fits(wired, bytes.subarray(confluentHeader));
    return isBare ? undefined : wired;
  }
  const asWire = fits(wired ?? configured, bytes.subarray(confluentHeader));
  const asBare = fits(configured, bytes);
  if (asWire && asBare) {
    throw new BootcampError(
      "SCHEMA_UNKNOWN",
      `Expected one reading of the message, got two: schema id ${id}, or a bare record`,
      {
        remedy: 'say which it is with form: "confluent" or form: "bare"',
      },
    );
  }
  return asBare ? undefined : (wired ?? configured);
}

/** True when the bytes are one record of the schema, to their end. */
export function fits(schema: WriterSchema, record: Buffer): boolean {
  try {
    return endOfRecord(schema, record) === record.length;
  } catch {
    return false; // only a question; the error is raised again when the record is really read
  }
}

/** True when the key of the message is a schema and its value one bare record of it. */
export function fitsKey(key: WireOptions["key"], record: Buffer): boolean {
  try {
    const schema = schemaOfKey(key);
    return schema !== undefined && fits(schema, record);
  } catch {
    return false; // as above
  }
}

const parsedObjects = new WeakMap<object, WriterSchema>();

/** A schema as options give it, parsed once. */
export function asSchema(schema: string | object): WriterSchema {
  if (typeof schema === "string") return parseSchema(schema);
  if ("fingerprint" in schema) return schema as WriterSchema;
  let parsed = parsedObjects.get(schema);
  if (!parsed) parsedObjects.set(schema, (parsed = parseSchema(schema)));
  return parsed;
}

function unknownSchema(bytes: Buffer, id: number | undefined, { form, registry }: WireOptions): BootcampError {
  if (id !== undefined && form !== "bare") {
    const swapped = bytes.readUInt32LE(1);
    if (schemaOfId(swapped, registry)) {
      return new BootcampError(
        "WIRE_ORDER",
        `Expected a big-endian schema id, got ${id}, which is ${swapped} in little-endian order`,
        { remedy: "the producer has to write the id with its highest byte first, as Confluent's wire form has it" },
      );
    }
    const asked = registry?.failure?.(id);
    if (asked) return asked;
    return new BootcampError("SCHEMA_UNKNOWN", `Expected a schema for wire id ${id}, none is known`, {
      remedy:
        "register it: avro.registerSchema(id, schema), name a registry (--registry URL), or pass { schema } (--schema FILE)",
    });
  }
  const foreign = form === undefined ? foreignKind(bytes) : null;
  if (foreign)
    return new BootcampError("NOT_AVRO", `Expected an Avro alert, got ${foreign.what}`, { remedy: foreign.remedy });
  return form === undefined
    ? new BootcampError("NOT_AVRO", `Expected an Avro alert, got ${firstBytes(bytes)}`, {
        remedy: "if these are bare Avro records, pass their { schema } (--schema FILE)",
      })
    : new BootcampError("SCHEMA_UNKNOWN", `Expected a schema for the ${form} form, got none`, {
        remedy: "pass { schema } (--schema FILE)",
      });
}

function unwrapGzip(bytes: Buffer): Buffer {
  try {
    return gunzip(bytes);
  } catch (error) {
    throw new BootcampError("GZIP", `Expected gzip data, they cannot be expanded: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
