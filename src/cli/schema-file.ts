import { readFileSync } from "node:fs";
import { BootcampError } from "../index";

/** The text of a schema named on the command line; undefined when none was. */
export function readSchemaFile(path: string | null | undefined): string | undefined {
  if (path === null || path === undefined) return undefined;
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new BootcampError("FILE_NOT_FOUND", `Expected an Avro schema at ${path}, it cannot be read`, {
      where: path,
      cause: error,
    });
  }
}
