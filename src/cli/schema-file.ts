import { loadSchema } from "../files/load-schema";

/** Of the option `--registry <url>`. */
export const registryHelp =
  "schema registry that knows the ids of the messages (default: SCHEMA_REGISTRY_URL); its user and password: see .env.example";

/** Of the option `--schema <file>`. */
export const schemaHelp = "Avro schema (.avsc) of alerts that come without one; several files with commas between";

/**
 * The text of the schema that `--schema` names: a file, or several with commas between them; undefined when none was named.
 * @throws USAGE when it cannot be read or is none: with it every alert would be undecodable
 */
export function readSchemaFile(path: string | null | undefined): string | undefined {
  return path === null || path === undefined ? undefined : loadSchema(path.split(","));
}
