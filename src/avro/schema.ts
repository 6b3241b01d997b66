import { createHash } from "node:crypto";
import { BootcampError, describeValue } from "../errors";
import type { AvscType } from "./avsc-type";
import { mainType, namedTypes } from "./named-types";
import { repairSchema, type SchemaJson } from "./repair";
import { buildType } from "./types";

/** A writer's schema, ready to read with. One object per text while it is in use: compare the text. */
export interface WriterSchema {
  /** The schema as it came, as JSON text. */
  readonly text: string;
  /** Full name of the top record, e.g. "ztf.alert" or "lsst.v11_0.alert". */
  readonly name: string;
  /** Names of the top-level fields in the order of the bytes. */
  readonly fields: readonly string[];
  /** The avsc type that reads records of this schema. */
  readonly type: AvscType;
  /** SHA-256 of the text, hex: what caches and messages call the schema by. */
  readonly fingerprint: string;
}

/** JSON may be nested deeper than the stack allows. */
function repaired(json: SchemaJson): SchemaJson {
  try {
    return repairSchema(json);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new BootcampError("SCHEMA_INVALID", "Expected a schema, got JSON that is nested too deep", { cause: error });
  }
}

const cache = new Map<string, WriterSchema>();
/** More versions than all surveys together have; keeps forged schemas from filling the memory. */
const maxSchemas = 256;
/** What was compiled for a schema takes 1 to 2 kB for each of its fields. All of Rubin's and ZTF's versions have 10,000 together. */
const maxFields = 50_000;
let cachedFields = 0;

/** Lists of types that were met, with what their main type is. */
const lists = new Map<string, WriterSchema>();
const maxLists = 16;

/** The most lately used stay; readers, layouts and views hang on the schema and go with it. */
function keep(made: WriterSchema): void {
  cache.set(made.text, made);
  cachedFields += countFields(made);
  for (const oldest of cache.values()) {
    if (cache.size <= maxSchemas && cachedFields <= maxFields) return;
    if (oldest === made) return;
    cache.delete(oldest.text);
    cachedFields -= countFields(oldest);
  }
}

/** Every field in the text has a name; one that is only mentioned in a documentation does no harm. */
const countFields = ({ text }: WriterSchema): number => text.split('"name"').length;
/** Rubin's largest schema has 120,000 with its documentation. */
const maxSchemaChars = 4_000_000;

/**
 * Makes a schema ready to read with; the same text gives the same object.
 *
 * @param schema JSON text, or the parsed JSON; of a list of types the one is meant that no other names
 * @throws SCHEMA_INVALID when it is no Avro record schema
 * @example
 * const schema = parseSchema(readFileSync("alert.avsc", "utf8"));
 */
export function parseSchema(schema: string | object): WriterSchema {
  if (typeof schema !== "string" && (typeof schema !== "object" || schema === null))
    throw new BootcampError("SCHEMA_INVALID", `Expected a schema in JSON, got ${describeValue(schema)}`);
  const text = typeof schema === "string" ? schema : JSON.stringify(schema);
  const known = lists.get(text) ?? cache.get(text);
  if (known) {
    cache.delete(known.text);
    cache.set(known.text, known);
    return known;
  }
  // each definition is compared by its text, with all that is nested in it: 64 levels of it
  if (text.length > maxSchemaChars)
    throw new BootcampError(
      "SCHEMA_INVALID",
      `Expected a schema of at most ${maxSchemaChars} characters, got ${text.length}`,
    );
  let json: SchemaJson;
  try {
    json = JSON.parse(text) as SchemaJson;
  } catch (error) {
    throw new BootcampError("SCHEMA_INVALID", `Expected a schema in JSON, got ${describeValue(text)}`, {
      cause: error,
    });
  }
  const types = Array.isArray(json) ? namedTypes(json) : undefined;
  if (types && types.size === (json as SchemaJson[]).length && types.size > 0) {
    const made = parseSchema(JSON.stringify(mainType(types)));
    if (lists.size >= maxLists) lists.delete(lists.keys().next().value!);
    lists.set(text, made);
    return made;
  }
  const type: AvscType = buildType(repaired(json));
  if (type.typeName !== "record") {
    throw new BootcampError("SCHEMA_INVALID", `Expected a record schema for an alert, got ${type.typeName}`);
  }
  const made: WriterSchema = {
    text,
    name: type.name!,
    fields: type.fields!.map((field) => field.name),
    type,
    get fingerprint() {
      return createHash("sha256").update(text).digest("hex");
    },
  };
  keep(made);
  return made;
}

/** The schemas that were met so far, the last 256 of them. */
export const seenSchemas = (): WriterSchema[] => [...cache.values()];
