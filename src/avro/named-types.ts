import { BootcampError } from "../errors";
import type { SchemaJson } from "./repair";

/** Types by their full names. */
export type NamedTypes = ReadonlyMap<string, Record<string, unknown>>;

/** Of one list; each is compared with each. Rubin has 12 files to a version. */
const mostTypes = 200;

const primitives = new Set(["null", "boolean", "int", "long", "float", "double", "bytes", "string"]);

/** The full name of a definition at the top of a file, where no namespace surrounds it. */
function fullName(type: Record<string, unknown>): string {
  const name = String(type["name"]);
  const space = type["namespace"];
  return name.includes(".") || typeof space !== "string" || space === "" ? name : `${space}.${name}`;
}

/** The named types at the top of a schema: itself, or those in its list. */
export function namedTypes(json: SchemaJson): NamedTypes {
  const all = (Array.isArray(json) ? json : [json]).filter(
    (each): each is Record<string, unknown> =>
      typeof each === "object" && !Array.isArray(each) && each?.["name"] !== undefined,
  );
  return new Map(all.map((type) => [fullName(type), type]));
}

/**
 * A schema with the types that it only names put in where each is named first, so that it stands alone.
 *
 * Surveys publish a schema in several files that name one another (Rubin: `lsst.v10_0.alert` names `lsst.v10_0.diaSource`), and
 * Avro knows no way to say where a type is defined.
 *
 * @param schema the main type
 * @param others what it may name; a short name counts if only one of them ends in it
 * @example
 * inlined({ type: "record", name: "a", fields: [{ name: "b", type: "b" }] }, namedTypes(list))
 */
export function inlined(schema: SchemaJson, others: NamedTypes): SchemaJson {
  const defined = new Set<string>();
  const byEnd = new Map<string, string | undefined>();
  for (const name of others.keys()) {
    const end = name.slice(name.lastIndexOf(".") + 1);
    byEnd.set(end, byEnd.has(end) ? undefined : name);
  }
  const visit = (type: SchemaJson, space: string): SchemaJson => {
    if (typeof type === "string") {
      if (primitives.has(type)) return type;
      const qualified = type.includes(".") || space === "" ? type : `${space}.${type}`;
      if (defined.has(qualified) || defined.has(type)) return type;
      const name = [qualified, type, byEnd.get(type)].find((each) => each !== undefined && others.has(each));
      if (name === undefined) return type; // whoever reads the schema says that it is not defined
      if (defined.has(name)) return name;
      const found = others.get(name)!;
      return visit({ ...found, name, namespace: name.includes(".") ? name.replace(/\.[^.]*$/, "") : "" }, "");
    }
    if (Array.isArray(type)) return type.map((branch) => visit(branch, space));
    if (type === null || typeof type !== "object") return type;
    const { name, namespace, type: kind, fields, items, values } = type;
    let inner = space;
    if (name !== undefined && (kind === "record" || kind === "error" || kind === "enum" || kind === "fixed")) {
      const text = String(name);
      inner = text.includes(".") ? text.replace(/\.[^.]*$/, "") : typeof namespace === "string" ? namespace : space;
      defined.add(text.includes(".") || inner === "" ? text : `${inner}.${text}`);
    }
    const each = (field: unknown) =>
      field !== null && typeof field === "object" && "type" in field
        ? { ...field, type: visit(field.type as SchemaJson, inner) }
        : field;
    return {
      ...type,
      ...(Array.isArray(fields) ? { fields: fields.map(each) } : {}),
      ...(items === undefined ? {} : { items: visit(items as SchemaJson, inner) }),
      ...(values === undefined ? {} : { values: visit(values as SchemaJson, inner) }),
      ...(typeof kind === "object" && kind !== null ? { type: visit(kind as SchemaJson, inner) } : {}),
    };
  };
  return visit(schema, "");
}

/**
 * The type of a list that no other type of it names: what records are of, the others being its parts.
 *
 * @throws SCHEMA_INVALID when there is none, or more than one
 */
export function mainType(types: NamedTypes): SchemaJson {
  if (types.size > mostTypes)
    throw new BootcampError("SCHEMA_INVALID", `Expected a list of at most ${mostTypes} types, got ${types.size}`);
  const standing = [...types].map(([name, type]) => ({ name, text: JSON.stringify(inlined(type, types)) }));
  const isPart = (name: string) =>
    standing.some((other) => other.name !== name && namesIn(JSON.parse(other.text)).has(name));
  const main = [...types.keys()].filter((name) => !isPart(name));
  if (main.length === 1) return inlined(types.get(main[0]!)!, types);
  throw new BootcampError(
    "SCHEMA_INVALID",
    `Expected one type that no other of the list names, got ${main.length}: ${main.slice(0, 5).join(", ")}`,
    { remedy: "name the file of the alert's schema alone: the types it names are found beside it" },
  );
}

/** Full names of all types that are defined within a schema that stands alone. */
function namesIn(schema: SchemaJson, space = "", found = new Set<string>()): Set<string> {
  if (Array.isArray(schema)) for (const branch of schema) namesIn(branch, space, found);
  else if (schema !== null && typeof schema === "object") {
    const name = schema["name"];
    let inner = space;
    if (typeof name === "string" && typeof schema["type"] === "string") {
      inner = name.includes(".") ? name.replace(/\.[^.]*$/, "") : String(schema["namespace"] ?? space);
      found.add(name.includes(".") || inner === "" ? name : `${inner}.${name}`);
    }
    for (const part of ["fields", "items", "values", "type"]) {
      const value = schema[part];
      if (part === "fields" && Array.isArray(value)) for (const field of value) namesIn(field?.type, inner, found);
      else if (typeof value === "object" && value !== null) namesIn(value as SchemaJson, inner, found);
    }
  }
  return found;
}
