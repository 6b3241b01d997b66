import type { Type } from "avsc";
import { writeContainer } from "../avro/container-write";
import { parseSchema } from "../avro/schema";
import type { WireForm } from "../avro/wire";
import { type BootcampError, usageError } from "../errors";
import { expectArgument } from "../expect";

export interface EncodeOptions {
  /** What to write with: JSON text or parsed JSON, such as `surveySchema("lsst", "11.1")`. */
  schema: string | object;
  /** How to wrap the record. Default: "confluent" with a `schemaId`, else "container", which carries its schema. */
  form?: WireForm | undefined;
  /** For "confluent": id of the schema, 0 to 2^32 − 1, written with its highest byte first. */
  schemaId?: number | undefined;
}

/** What is used of avsc's types beyond its typings. */
interface Shape {
  readonly typeName: string;
  readonly fields?: readonly { readonly name: string; readonly type: Type }[];
  readonly types?: readonly Type[];
  readonly itemsType?: Type;
  readonly valuesType?: Type;
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
 * const older = encodeAlert(alert.packet, { schema: surveySchema("lsst", "10.0"), schemaId: 1000 });
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
function fitted(type: Type, value: unknown, path: string): unknown {
  const shape = shapeOf(type);
  if (shape.typeName.startsWith("union")) return inUnion(shape, value, path);
  if (shape.fields) {
    if (typeof value !== "object" || value === null) throw misfit(path || "the packet", "record", value);
    const record = value as Record<string, unknown>;
    const at = (name: string) => (path === "" ? name : `${path}.${name}`);
    const written: Record<string, unknown> = Object.create(null); // "__proto__" is a field name like others
    for (const { name, type: inner } of shape.fields) written[name] = fitted(inner, record[name], at(name));
    return written;
  }
  if (shape.itemsType && Array.isArray(value)) {
    return value.map((item, i) => fitted(shape.itemsType!, item, `${path}[${i}]`));
  }
  if (shape.valuesType && typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => [
      key,
      fitted(shape.valuesType!, item, `${path}.${key}`),
    ]);
    return Object.fromEntries(entries);
  }
  const written = typeof value === "number" && Number.isSafeInteger(value) && isLong(shape) ? BigInt(value) : value;
  if (!type.isValid(written)) throw misfit(path, nameOf(shape), value);
  return written;
}

/** The first branch that takes the value; null stands for what is missing. */
function inUnion({ typeName, types = [] }: Shape, value: unknown, path: string): unknown {
  const isMissing = value === null || value === undefined;
  for (const type of types) {
    const { typeName: branch } = shapeOf(type);
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
  throw misfit(path, types.map((type) => nameOf(shapeOf(type))).join(" or "), value);
}

const shapeOf = (type: Type): Shape => type as unknown as Shape;
const isLong = ({ typeName }: Shape): boolean => typeName === "abstract:long" || typeName === "long";
const nameOf = (shape: Shape): string => (isLong(shape) ? "long" : shape.typeName);
const misfit = (path: string, type: string, value: unknown): BootcampError =>
  usageError(`${path} to be ${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`, value);
