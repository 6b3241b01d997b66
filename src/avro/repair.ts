import { BootcampError, describeValue } from "../errors";
import { protoField } from "./proto-field";

/** An Avro schema as JSON: a name, a union (array) or a definition (object). */
export type SchemaJson = string | SchemaJson[] | { [key: string]: unknown };

const primitives = new Set(["null", "boolean", "int", "long", "float", "double", "bytes", "string"]);
/** Deeper nesting than any alert has; stops a hostile schema from exhausting the stack. */
const maxDepth = 64;
/** Types and branches; Rubin's largest schema has 800. Ten times as many take a second to compile. */
const maxParts = 10_000;

/**
 * Rewrites a schema so that a strict reader accepts it, without changing how bytes are read.
 *
 * Real packets need this: ZTF gives union defaults that match the second branch (refused by avsc), others repeat
 * a field name within a record or define a record twice. Defaults, docs, aliases and logical types do not
 * affect the bytes, so they are dropped; repeated field names get a suffix (`flux`, `flux_2`); a record
 * defined again becomes a reference when equal and gets a suffixed name when different.
 *
 * @param schema the schema as it came
 * @returns the repaired schema; the input is left alone
 * @throws SCHEMA_INVALID for something that is no schema at all
 */
export function repairSchema(schema: SchemaJson): SchemaJson {
  return new Repair().visit(schema, "", 0);
}

/** The definitions as they were written, with their documentation, by the names that the repaired schema gives them. */
export function writtenDefinitions(schema: SchemaJson): ReadonlyMap<string, Record<string, unknown>> {
  const repair = new Repair();
  repair.visit(schema, "", 0);
  return repair.written;
}

class Repair {
  readonly written = new Map<string, Record<string, unknown>>();
  /** Full name as written → name of its latest definition here: what a reference to it means. */
  private readonly names = new Map<string, string>();
  /** Full name and text of a definition → its name here. */
  private readonly definitions = new Map<string, string>();
  private readonly taken = new Set<string>();
  private readonly copies = new Map<string, number>();
  private parts = 0;

  visit(schema: SchemaJson, namespace: string, depth: number): SchemaJson {
    if (depth > maxDepth)
      throw new BootcampError("SCHEMA_INVALID", `Expected a schema nested at most ${maxDepth} deep`);
    if (++this.parts > maxParts)
      throw new BootcampError("SCHEMA_INVALID", `Expected a schema of at most ${maxParts} types and fields`);
    if (typeof schema === "string") return this.reference(schema, namespace);
    if (Array.isArray(schema)) return this.union(schema, namespace, depth);
    if (schema === null || typeof schema !== "object") {
      throw new BootcampError("SCHEMA_INVALID", `Expected an Avro schema, got ${describeValue(schema)}`);
    }
    const type = schema["type"];
    if (type === "record" || type === "error") return this.record(schema, namespace, depth);
    if (type === "enum") return this.named(schema, namespace, { symbols: schema["symbols"] });
    if (type === "fixed") return this.named(schema, namespace, { size: schema["size"] });
    if (type === "array") return { type, items: this.visit(schema["items"] as SchemaJson, namespace, depth + 1) };
    if (type === "map") return { type, values: this.visit(schema["values"] as SchemaJson, namespace, depth + 1) };
    // {"type": "long", "logicalType": …} or {"type": {"type": "array", …}}
    return this.visit(type as SchemaJson, namespace, depth + 1);
  }

  private union(branches: SchemaJson[], namespace: string, depth: number): SchemaJson {
    return branches.map((branch) => this.visit(branch, namespace, depth + 1));
  }

  private reference(name: string, namespace: string): string {
    if (primitives.has(name)) return name;
    const known = this.names.get(qualify(name, namespace)) ?? this.names.get(name);
    if (!known) throw new BootcampError("SCHEMA_INVALID", `Expected a defined type, got the unknown name "${name}"`);
    return known;
  }

  private named(schema: Record<string, unknown>, namespace: string, rest: Record<string, unknown>): SchemaJson {
    const { name, again } = this.define(schema, namespace);
    return again ? name : { type: schema["type"], name, ...rest };
  }

  private record(schema: Record<string, unknown>, namespace: string, depth: number): SchemaJson {
    const { name, again, space } = this.define(schema, namespace);
    if (again) return name;
    if (!Array.isArray(schema["fields"])) {
      throw new BootcampError(
        "SCHEMA_INVALID",
        `Expected record ${name} to have fields, got ${describeValue(schema["fields"])}`,
      );
    }
    const used = new Map<string, number>();
    const fields = (schema["fields"] as Record<string, unknown>[]).map((field) => {
      if (typeof field?.["name"] !== "string") {
        const got = describeValue(field?.["name"]);
        throw new BootcampError("SCHEMA_INVALID", `Expected every field of record ${name} to have a name, got ${got}`);
      }
      const plain = field["name"] === "__proto__" ? protoField : identifier(field["name"]);
      const seen = (used.get(plain) ?? 0) + 1;
      used.set(plain, seen);
      return {
        name: seen === 1 ? plain : `${plain}_${seen}`,
        type: this.visit(field["type"] as SchemaJson, space, depth + 1),
      };
    });
    return { type: "record", name, fields };
  }

  private define(schema: Record<string, unknown>, namespace: string) {
    const written = String(schema["name"] ?? "unnamed");
    const space = String(schema["namespace"] ?? (written.includes(".") ? written.replace(/\.[^.]*$/, "") : namespace));
    const full = qualify(written, space);
    const text = JSON.stringify(schema);
    const definition = `${full} ${text}`;
    const known = this.definitions.get(definition);
    if (known !== undefined) {
      this.names.set(full, known);
      return { name: known, again: true, space };
    }
    const plain = full.split(".").map(identifier).join(".");
    let name = plain;
    let n = this.copies.get(plain) ?? 2; // not from 2 on each time: 10,000 definitions of one name take seconds then
    for (; this.taken.has(name); n++) name = `${plain}_${n}`;
    this.copies.set(plain, n);
    this.taken.add(name);
    this.names.set(full, name);
    this.definitions.set(definition, name);
    this.written.set(name, schema);
    return { name, again: false, space };
  }
}

function qualify(name: string, namespace: string): string {
  return name.includes(".") || !namespace ? name : `${namespace}.${name}`;
}

/** Avro names allow letters, digits and underscore; anything else is replaced, not refused. */
function identifier(name: string): string {
  const cleaned = name.replace(/\W/g, "_");
  return /^[A-Za-z_]/.test(cleaned) ? cleaned : `_${cleaned}`;
}
