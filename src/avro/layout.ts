import { Type } from "avsc";
import type { AvscType } from "./avsc-type";
import { asAvroError, decodeRecord } from "./container";
import type { WriterSchema } from "./schema";

type AvscField = NonNullable<AvscType["fields"]>[number];

/**
 * How a top-level field is read: `leaf` (number, text …) and `group` (a record of leaves) together in one pass,
 * `heavy` (arrays, stamps, nested records) each by itself when it is asked for.
 */
export type FieldKind = "leaf" | "group" | "heavy";

/** Reads one part of a record: those fields that were compiled in, and nothing after the last of them. */
type PartReader = (record: Buffer) => any;

/** After so many changes of mind everything light is read at once. */
const maxCompilations = 24;

/**
 * What can be read from records of one schema, and how. Shared by all alerts of that schema.
 *
 * A layout learns: it notes which leaves the program touches and compiles a reader for just those. A filter on five
 * of ZTF's hundred candidate fields then costs 2 µs an alert instead of 60 – without the program saying what it needs.
 */
export class Layout {
  readonly kinds = new Map<string, FieldKind>();
  /** Field names of each group. */
  readonly groups = new Map<string, ReadonlySet<string>>();
  private readonly fields: readonly AvscField[];
  private readonly heavyReaders = new Map<string, PartReader>();
  private readonly wanted = new Map<string, Set<string>>();
  private hotReader: PartReader | undefined;
  private allReader: PartReader | undefined;
  private stale = false;
  private compilations = 0;
  /**
   * Records are read whole: avsc's resolvers keep field names in a plain object, where `constructor` and its like are found
   * without having been put there.
   */
  private readonly isWhole: boolean;

  constructor(readonly schema: WriterSchema) {
    this.fields = schema.type.fields ?? [];
    this.isWhole = hasInheritedName(schema.type);
    for (const { name, type } of this.fields) {
      const record = recordOf(type);
      const light = record?.fields?.every((field) => isLeaf(field.type));
      if (light) this.groups.set(name, new Set(record?.fields?.map((field) => field.name)));
      this.kinds.set(name, light ? "group" : isLeaf(type) ? "leaf" : "heavy");
    }
  }

  /** Notes that the program reads `name` (of `group`), so that later alerts are read with it. */
  want(group: string, name: string): void {
    let names = this.wanted.get(group);
    if (!names) this.wanted.set(group, (names = new Set()));
    if (names.has(name)) return;
    names.add(name);
    this.stale = true;
  }

  /** The leaves wanted so far, in one pass; all of them for the first alert, when nothing is known yet. */
  readWanted(record: Buffer): { values: any; complete: boolean } {
    if (this.isWhole) return { values: this.readAll(record), complete: true };
    if (this.stale && this.compilations < maxCompilations) {
      this.stale = false;
      this.compilations++;
      this.hotReader = compilePart(this.schema, this.fields, (field) => this.wanted.get(field) ?? null);
    }
    if (!this.hotReader || this.stale) return { values: this.readAll(record), complete: true };
    return { values: this.hotReader(record), complete: false };
  }

  /** Every leaf of the record, in one pass. */
  readAll(record: Buffer): any {
    if (this.isWhole) return decodeRecord(this.schema, record);
    this.allReader ??= compilePart(this.schema, this.fields, (field) =>
      this.kinds.get(field) === "heavy" ? null : (this.groups.get(field) ?? new Set([""])),
    );
    return this.allReader(record);
  }

  /** One heavy field. */
  readHeavy(record: Buffer, name: string): unknown {
    if (this.isWhole) return this.readAll(record)[name];
    let reader = this.heavyReaders.get(name);
    if (!reader) {
      const field = this.fields.find((candidate) => candidate.name === name)!;
      this.heavyReaders.set(name, (reader = compilePart(this.schema, [field], () => new Set([""]))));
    }
    return reader(record)[name];
  }
}

const layouts = new WeakMap<WriterSchema, Layout>();

/** The layout of a schema; made once. */
export function layoutOf(schema: WriterSchema): Layout {
  let layout = layouts.get(schema);
  if (!layout) layouts.set(schema, (layout = new Layout(schema)));
  return layout;
}

/**
 * Compiles a reader for some fields. avsc's resolver leaves out what the reader schema does not name, and with
 * `noCheck` it stops after the last field that it does.
 *
 * @param names which leaves of a field: null for none, a set with "" for the field as a whole
 */
function compilePart(
  schema: WriterSchema,
  fields: readonly AvscField[],
  names: (field: string) => ReadonlySet<string> | null,
): PartReader {
  const picked = fields.flatMap((field) => {
    const leaves = names(field.name);
    return leaves
      ? [{ name: field.name, type: leaves.has("") ? field.type : narrow(field.type, leaves, field.name) }]
      : [];
  });
  const reader: AvscType = Type.forSchema({ type: "record", name: schema.name, fields: picked } as never);
  for (const { type } of reader.fields ?? []) withoutMethods(recordOf(type));
  const resolver = reader.createResolver(schema.type);
  return (record) => {
    try {
      return reader.fromBuffer(record, resolver, true);
    } catch (error) {
      throw asAvroError(error);
    }
  };
}

/** Takes avsc's own `clone`, `toString` … away from the records that a reader makes: they are no fields. */
function withoutMethods(type: AvscType | undefined): void {
  const made = type?.typeName === "record" ? type.recordConstructor?.prototype : undefined;
  if (!made || !type?.name?.startsWith("part.")) return; // a whole record is the writer's own type
  for (const name of Object.getOwnPropertyNames(made)) delete made[name];
  Object.setPrototypeOf(made, null);
}

/**
 * The same record type, or nullable record type, with only some of its fields. It is named after the field, with the
 * record's name as alias, since several fields may hold records of one name.
 */
function narrow(type: AvscType, leaves: ReadonlySet<string>, field: string): unknown {
  if (type.types) return type.types.map((branch) => narrow(branch, leaves, field));
  if (!type.fields) return type;
  const fields = type.fields.filter(({ name }) => leaves.has(name));
  return {
    type: "record",
    name: `part.${field}`,
    aliases: [type.name?.includes(".") ? type.name : `.${type.name}`], // without the dot it would mean part.<name>
    fields: fields.map(({ name, type: t }) => ({ name, type: t })),
  };
}

/** True when the type has a field or a symbol of a name that every object inherits a property of: `toString`, `__proto__` … */
function hasInheritedName(type: AvscType, seen = new Set<AvscType>()): boolean {
  if (seen.has(type)) return false;
  seen.add(type);
  const inner = [
    ...(type.types ?? []),
    type.itemsType,
    type.valuesType,
    ...(type.fields ?? []).map((field) => field.type),
  ];
  return (
    (type.fields ?? []).some(({ name }) => name in Object.prototype) ||
    (type.symbols ?? []).some((symbol) => symbol in Object.prototype) ||
    inner.some((each) => each !== undefined && hasInheritedName(each, seen))
  );
}

/** The record behind a record type or a nullable record type. */
function recordOf(type: AvscType): AvscType | undefined {
  if (type.fields) return type;
  const branches = type.types?.filter((branch) => branch.typeName !== "null");
  return branches?.length === 1 && branches[0]?.fields ? branches[0] : undefined;
}

function isLeaf(type: AvscType): boolean {
  if (type.types) return type.types.every(isLeaf);
  return /^(null|boolean|int|long|abstract:long|float|double|string|enum|fixed)$/.test(type.typeName);
}
