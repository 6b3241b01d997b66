import { BootcampError } from "../errors";
import { lsstSchemaOfId } from "./known";
import { parseSchema, type WriterSchema } from "./schema";

const registered = new Map<number, WriterSchema>();

/** Where schemas of ids that are not known here may be found: what was fetched from a schema registry so far. */
export interface SchemaSource {
  get(id: number): WriterSchema | undefined;
  /** Why an id that was looked for has none. */
  failure?(id: number): BootcampError | undefined;
}

/**
 * Makes a schema known under the id that messages in Confluent's wire form carry. Rubin's ids, 300 (3.0) to 1101 (11.1),
 * are known without; a schema registered here goes before them.
 *
 * @param id 0 to 2^32 − 1
 * @param schema JSON text or parsed JSON
 * @throws SCHEMA_INVALID when the id was registered with another schema, or the schema cannot be used
 * @throws USAGE when the id is no such number
 * @example
 * avro.registerSchema(4711, readFileSync("alert.avsc", "utf8"));
 */
export function registerSchema(id: number, schema: string | object): void {
  if (!Number.isInteger(id) || id < 0 || id > 0xffffffff) {
    throw new BootcampError("USAGE", `Expected a schema id from 0 to 2^32 − 1, got ${id}`);
  }
  const parsed = parseSchema(schema);
  const known = registered.get(id);
  if (known && known.text !== parsed.text) {
    throw new BootcampError("SCHEMA_INVALID", `Expected schema id ${id} to stay ${known.name}, got ${parsed.name}`);
  }
  registered.set(id, parsed);
}

/** True for an id that was registered by the program itself. */
export const isRegistered = (id: number): boolean => registered.has(id);

/** The schema of a wire id: registered here, else Rubin's, else fetched from the registry before. */
export function schemaOfId(id: number, source?: SchemaSource): WriterSchema | undefined {
  return registered.get(id) ?? source?.get(id) ?? lsstSchemaOfId(id);
}
