import { loadSchema } from "../files/load-schema";

/**
 * The text of the schema that `--schema` names: a file, or several with commas between them; undefined when none was named.
 * @throws USAGE when it cannot be read or is none: with it every alert would be undecodable
 */
export function readSchemaFile(path: string | null | undefined): string | undefined {
  return path === null || path === undefined ? undefined : loadSchema(path.split(","));
}
