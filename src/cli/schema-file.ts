import { readFileSync } from "node:fs";
import { BootcampError, messageOf, parseSchema } from "../index";

/** Of the option `--registry <url>`. */
export const registryHelp =
  "schema registry that knows the ids of the messages (default: SCHEMA_REGISTRY_URL); its user and password: see .env.example";

/**
 * The text of a schema named on the command line; undefined when none was.
 * @throws USAGE when it cannot be read or is none: with it every alert would be undecodable
 */
export function readSchemaFile(path: string | null | undefined): string | undefined {
  if (path === null || path === undefined) return undefined;
  try {
    const text = readFileSync(path, "utf8");
    parseSchema(text);
    return text;
  } catch (error) {
    throw new BootcampError("USAGE", `Expected an Avro schema in ${path}, got: ${messageOf(error)}`, {
      where: path,
      cause: error,
    });
  }
}
