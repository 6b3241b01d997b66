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

interface AvscType {
  readonly typeName: string;
  readonly fields?: readonly { name: string; type: AvscType }[];
  readonly types?: readonly AvscType[];
  readonly itemsType?: AvscType;
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
    const json = JSON.parse(schema.text);
    trees.set(schema, (tree = fieldsOf(schema.type as unknown as AvscType, json, new Docs(json), 0)));
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

function fieldsOf(type: AvscType, json: unknown, docs: Docs, depth: number): SchemaField[] {
  const written = docs.record(json)?.fields ?? [];
  docs.unfolded += type.fields?.length ?? 0;
  if (docs.unfolded > maxFields) return [];
  return (type.fields ?? []).map((field, i) => toField(field.name, field.type, written[i], docs, depth));
}

function toField(name: string, type: AvscType, written: any, docs: Docs, depth: number): SchemaField {
  const branch = type.types?.find((each) => each.typeName !== "null") ?? type;
  const shape = shapes[branch.typeName] ?? "other";
  const inner = shape === "array" ? plain(branch.itemsType!) : branch;
  const fields = inner.typeName === "record" && depth < maxDepth ? fieldsOf(inner, written?.type, docs, depth + 1) : [];
  return { name, doc: typeof written?.doc === "string" ? written.doc : "", shape, fields };
}

const plain = (type: AvscType): AvscType => type.types?.find((each) => each.typeName !== "null") ?? type;

/** Finds the written definition of a record behind names, unions and arrays. */
class Docs {
  /** Fields that were made so far. */
  unfolded = 0;
  private readonly records = new Map<string, any>();

  constructor(json: unknown) {
    this.collect(json);
  }

  record(json: any, depth = 0): any {
    if (depth > maxDepth * 4 || json === null || json === undefined) return undefined;
    if (typeof json === "string") return this.records.get(last(json));
    if (Array.isArray(json)) return json.map((each) => this.record(each, depth + 1)).find(Boolean);
    return Array.isArray(json.fields) ? json : this.record(json.type === "array" ? json.items : json.type, depth + 1);
  }

  private collect(json: any): void {
    if (Array.isArray(json)) for (const each of json) this.collect(each);
    else if (json !== null && typeof json === "object") {
      if (Array.isArray(json.fields)) {
        this.records.set(last(String(json.name)), json);
        for (const field of json.fields) this.collect(field?.type);
      } else for (const each of [json.type, json.items, json.values]) this.collect(each);
    }
  }
}

const last = (name: string): string => name.slice(name.lastIndexOf(".") + 1);
