import type { AvscType } from "../avro/avsc-type";
import { writeContainer } from "../avro/container-write";
import { parseSchema } from "../avro/schema";
import type { WireForm } from "../avro/wire";
import { type BootcampError, usageError } from "../errors";
import { expectArgument } from "../expect";

/** Options of {@link encodeAlert}. */
export interface EncodeOptions {
  /** What to write with: JSON text or parsed JSON, such as `avro.surveySchema("lsst", "11.1")`. */
  schema: string | object;
  /** How to wrap the record. Default: "confluent" with a `schemaId`, else "container", which carries its schema. */
  form?: WireForm | undefined;
  /** For "confluent": id of the schema, 0 to 2^32 − 1, written with its highest byte first. */
  schemaId?: number | undefined;
}

/**
 * Writes one packet as an alert: the way back from `decodeAlert`, for alerts of one's own and of other schema versions.
 *
 * Fields that the schema does not have are left out. A field that the packet does not have becomes null where the schema
 * allows null; defaults of a schema are not applied. Whole numbers may be given for 64-bit integers while they are exact.
 *
 * @param packet the survey's own names; `alert.packet` and what `alert.decode()` gives will do
 * @throws USAGE naming the field that is missing or of another type, or for "confluent" without an id; SCHEMA_INVALID
 * @example
 * const older = encodeAlert(alert.packet, { schema: avro.surveySchema("ztf", "4.02"), schemaId: 402 });
 */
export function encodeAlert(packet: object, options: EncodeOptions): Buffer {
  expectArgument("object", packet, "the packet to be a record");
  expectArgument("object", options, "options { schema }");
  const { schemaId, form = schemaId === undefined ? "container" : "confluent" } = options;
  const schema = parseSchema(options.schema);
  const record = schema.type.toBuffer(fitted(schema.type, packet, ""));
  if (form === "bare") return record;
  if (form === "container") return writeContainer(schema, [record]);
  if (schemaId === undefined || !Number.isInteger(schemaId) || schemaId < 0 || schemaId > 0xffffffff) {
    throw usageError("a schemaId of 32 bits for Confluent's wire form", schemaId);
  }
  const header = Buffer.alloc(5); // byte 0 is Confluent's mark, 0
  header.writeUInt32BE(schemaId, 1);
  return Buffer.concat([header, record]);
}

/** The value as avsc writes it; says where it does not fit, which avsc does not. */
function fitted(type: AvscType, value: unknown, path: string): unknown {
  if (type.typeName.startsWith("union")) return inUnion(type, value, path);
  if (type.fields) {
    if (typeof value !== "object" || value === null) throw misfit(path || "the packet", "record", value);
    const record = value as Record<string, unknown>;
    const at = (name: string) => (path === "" ? name : `${path}.${name}`);
    const written: Record<string, unknown> = Object.create(null); // "__proto__" is a field name like others
    for (const { name, type: inner } of type.fields) written[name] = fitted(inner, record[name], at(name));
    return written;
  }
  if (type.itemsType && Array.isArray(value)) {
    return value.map((item, i) => fitted(type.itemsType!, item, `${path}[${i}]`));
  }
  if (type.valuesType && typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => [key, fitted(type.valuesType!, item, `${path}.${key}`)]);
    return Object.fromEntries(entries);
  }
  const written = typeof value === "number" && Number.isSafeInteger(value) && isLong(type) ? BigInt(value) : value;
  if (!type.isValid(written)) throw misfit(path, nameOf(type), value);
  return written;
}

/** The first branch that takes the value; null stands for what is missing. */
function inUnion({ typeName, types = [] }: AvscType, value: unknown, path: string): unknown {
  const isMissing = value === null || value === undefined;
  for (const type of types) {
    const branch = type.typeName;
    if (isMissing && branch === "null") return null;
    if (isMissing || branch === "null") continue;
    try {
      const inside = fitted(type, value, path);
      return typeName === "union:wrapped" ? { [type.branchName ?? branch]: inside } : inside;
    } catch (error) {
      // of null and one more the error names the field within; of several the next may take the value
      if (types.length <= 2) throw error;
    }
  }
  throw misfit(path, types.map(nameOf).join(" or "), value);
}

const isLong = ({ typeName }: AvscType): boolean => typeName === "abstract:long" || typeName === "long";
const nameOf = (type: AvscType): string => (isLong(type) ? "long" : type.typeName);
const misfit = (path: string, type: string, value: unknown): BootcampError =>
  usageError(`${path} to be ${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`, value);
