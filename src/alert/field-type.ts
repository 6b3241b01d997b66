import { Type } from "avsc";
import type { AvscType } from "../avro/avsc-type";
import type { WriterSchema } from "../avro/schema";
import type { Alert } from "./alert";
import { type ColumnName, commonFields, type FieldName, pointFields } from "./common-view";

/**
 * What a field holds: `int` 32-bit and `bigint` 64-bit integers, `number` floating point (float32 is a number like any
 * other, which holds it exactly), lists and records of these; `any` where only the values can tell.
 */
export type DataType =
  | "int"
  | "bigint"
  | "number"
  | "string"
  | "boolean"
  | "date"
  | "bytes"
  | "any"
  | { readonly list: DataType }
  | { readonly map: DataType }
  | { readonly record: Readonly<Record<string, DataType>> };

const plainTypes: Readonly<Record<string, DataType>> = {
  int: "int",
  long: "bigint",
  "abstract:long": "bigint",
  float: "number",
  double: "number",
  string: "string",
  enum: "string",
  boolean: "boolean",
  bytes: "bytes",
  fixed: "bytes",
};
const lengthType: AvscType = Type.forSchema("int");
/** No survey nests deeper; recursive types end here. */
const maxDepth = 6;
/** Types that name one another can unfold without end. */
const maxFields = 20_000;

/**
 * The type that a schema gives a path of its packets: "candidate.rb", "prv_candidates", "prv_candidates.0.jd",
 * "prv_candidates.length". Undefined when the schema has no such field.
 */
export function packetType(schema: WriterSchema, path: string): DataType | undefined {
  let type: AvscType | undefined = schema.type;
  for (const part of path.split(".")) {
    for (const branch of branches(type)) if ((type = step(branch, part))) break;
    if (!type) return undefined;
  }
  return dataType(type, 0, { left: maxFields });
}

function step(type: AvscType, part: string): AvscType | undefined {
  if (!type.itemsType) return type.valuesType ?? type.fields?.find((field) => field.name === part)?.type;
  return /^\d+$/.test(part) ? type.itemsType : part === "length" ? lengthType : undefined;
}

const branches = (type: AvscType): readonly AvscType[] =>
  type.types ? type.types.filter((branch) => branch.typeName !== "null") : [type];

function dataType(type: AvscType, depth: number, fields: { left: number }): DataType {
  const [branch, ...others] = branches(type);
  if (!branch) return "any";
  const plain = plainTypes[branch.typeName];
  // a union of int and long holds what a long holds; of anything else the values tell
  if (others.length > 0) {
    const kinds = [branch, ...others].map((each) => plainTypes[each.typeName]);
    if (kinds.every((kind) => kind === "number" || kind === "int")) return "number";
    return kinds.every((kind) => kind === "bigint" || kind === "int") ? "bigint" : "any";
  }
  if (plain) return plain;
  fields.left -= branch.fields?.length ?? 0;
  if (depth >= maxDepth || fields.left < 0) return "any";
  if (branch.itemsType) return { list: dataType(branch.itemsType, depth + 1, fields) };
  if (branch.valuesType) return { map: dataType(branch.valuesType, depth + 1, fields) };
  const record: Record<string, DataType> = Object.create(null);
  for (const field of branch.fields ?? []) record[field.name] = dataType(field.type, depth + 1, fields);
  return branch.fields ? { record } : "any";
}

/** What the fields of the common view hold; where the survey decides, its schema says. */
const valueTypes = { text: "string", number: "number", boolean: "boolean" } as const;
const limitType: DataType = { record: { mjdUtc: "number", band: "string", mag: "number" } };
const forcedType: DataType = {
  record: { mjdUtc: "number", band: "string", fluxNJy: "number", fluxErrNJy: "number" },
};

/**
 * The type of a field of an alert, from its schema where the survey decides (ids, the packet) and from the common view
 * everywhere else. Undefined when an alert of this schema has no such field.
 *
 * @param path a common name (`mag`) or a way into the packet (`packet.candidate.rb`, `history.0.mag`)
 */
export function fieldType(alert: Pick<Alert, "schema" | "sources">, path: string): DataType | undefined {
  const [first, ...rest] = path.split(".") as [string, ...string[]];
  if (first === "packet") {
    if (rest.length > 0) return packetType(alert.schema, rest.join("."));
    return dataType(alert.schema.type, 0, { left: maxFields });
  }
  const common = commonType(alert, first);
  return common && inside(common, rest);
}

const isFieldName = (name: string): name is FieldName => Object.hasOwn(commonFields, name);

/** The type of a name of the common view; undefined for any other name. */
function commonType(alert: Pick<Alert, "schema" | "sources">, name: string): DataType | undefined {
  if (isFieldName(name)) {
    const of = commonFields[name].type;
    if (of !== "id" && of !== "label") return valueTypes[of];
    const source = alert.sources[name as ColumnName];
    const type = (source && packetType(alert.schema, source)) || "any";
    if (of === "label") return type === "bigint" ? "number" : type;
    return type === "int" ? "bigint" : type; // ids are bigint or text
  }
  if (name === "upperLimits") return { list: limitType };
  if (name === "forced") return { list: forcedType };
  if (name === "history")
    return { list: { record: Object.fromEntries(pointFields.map((field) => [field, commonType(alert, field)!])) } };
  if (name === "bytes") return "bytes";
  if (name === "stamps") return { record: { science: "any", template: "any", difference: "any" } };
  return name === "origin" ? "any" : undefined;
}

function inside(type: DataType, parts: readonly string[]): DataType | undefined {
  let found: DataType | undefined = type;
  for (const part of parts) {
    if (found === "any") return "any";
    if (typeof found !== "object") return undefined;
    if ("list" in found) found = /^\d+$/.test(part) ? found.list : part === "length" ? "int" : undefined;
    else found = "map" in found ? found.map : Object.hasOwn(found.record, part) ? found.record[part] : undefined;
  }
  return found;
}
