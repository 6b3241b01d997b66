import type { AvscType } from "./avsc-type";
import { writtenDefinitions } from "./repair";
import type { WriterSchema } from "./schema";

/** What a field holds, as far as reading it goes; null branches of unions are left out. */
export type FieldShape = "number" | "integer" | "text" | "boolean" | "bytes" | "record" | "array" | "other";

/** A field of a schema with its documentation, which says units and the meaning of numbers. */
export interface SchemaField {
  /** As the packet has it (repeated names with their suffix). */
  readonly name: string;
  readonly doc: string;
  readonly shape: FieldShape;
  /** Fields of the record, or of the records in the array. */
  readonly fields: readonly SchemaField[];
}

/** No survey nests deeper; recursive types end here. */
const maxDepth = 6;
/** Records that name one another can unfold without end: what lies beyond is left out. Rubin's unfold to 400 fields. */
const maxFields = 50_000;
const shapes: Record<string, FieldShape> = {
  float: "number",
  double: "number",
  int: "integer",
  long: "integer",
  "abstract:long": "integer",
  string: "text",
  enum: "text",
  boolean: "boolean",
  bytes: "bytes",
  fixed: "bytes",
  record: "record",
  array: "array",
};

const trees = new WeakMap<WriterSchema, readonly SchemaField[]>();

/** The fields of a schema as a tree; made once. */
export function fieldTree(schema: WriterSchema): readonly SchemaField[] {
  let tree = trees.get(schema);
  if (!tree) {
    const docs = { written: writtenDefinitions(JSON.parse(schema.text)), unfolded: 0 };
    trees.set(schema, (tree = fieldsOf(schema.type, docs, 0)));
  }
  return tree;
}

/** The field at a path such as "candidate.rb"; undefined when the schema has none. Arrays are not entered. */
export function fieldAt(schema: WriterSchema, path: string): SchemaField | undefined {
  let fields = fieldTree(schema);
  let found: SchemaField | undefined;
  for (const name of path.split(".")) {
    found = fields.find((field) => field.name === name);
    if (!found) return undefined;
    fields = found.shape === "record" ? found.fields : [];
  }
  return found;
}

interface Docs {
  readonly written: ReadonlyMap<string, any>;
  /** Fields that were made so far. */
  unfolded: number;
}

function fieldsOf(type: AvscType, docs: Docs, depth: number): SchemaField[] {
  const written = docs.written.get(type.name ?? "")?.fields ?? [];
  docs.unfolded += type.fields?.length ?? 0;
  if (docs.unfolded > maxFields) return [];
  return (type.fields ?? []).map((field, i) => toField(field.name, field.type, written[i], docs, depth));
}

function toField(name: string, type: AvscType, written: any, docs: Docs, depth: number): SchemaField {
  const branch = plain(type);
  const shape = shapes[branch.typeName] ?? "other";
  const inner = shape === "array" ? plain(branch.itemsType!) : branch;
  const fields = inner.typeName === "record" && depth < maxDepth ? fieldsOf(inner, docs, depth + 1) : [];
  return { name, doc: typeof written?.doc === "string" ? written.doc : "", shape, fields };
}

/** The branch of a union that is not null. */
const plain = (type: AvscType): AvscType => type.types?.find((each) => each.typeName !== "null") ?? type;
