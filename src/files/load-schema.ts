import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { inlined, mainType, namedTypes } from "../avro/named-types";
import type { SchemaJson } from "../avro/repair";
import { parseSchema } from "../avro/schema";
import { BootcampError, messageOf } from "../errors";
import { checkedPaths } from "./read-alerts";

/** Ten times what any survey publishes in one folder (Rubin: 12 files to a version). */
const mostBeside = 200;
const mostBytes = 4_000_000;

/**
 * The schema of alerts from the files in which a survey publishes it, as one text that stands alone.
 *
 * @param paths an `.avsc` file, whose named types are looked for in the other `.avsc` files of its folder; or a list of files,
 *   of which the type that no other names is meant. A file may hold a list of types likewise.
 * @throws USAGE when a file cannot be read, or they are no schema together
 * @example
 * const night = readAlerts("night", { schema: loadSchema("schemas/lsst.v10_0.alert.avsc") });
 */
export function loadSchema(paths: string | readonly string[]): string {
  const list = checkedPaths(paths);
  try {
    const given = list.map(readJson);
    const types = new Map(given.flatMap((json) => [...namedTypes(json)]));
    const beside = new Map([...(list.length === 1 ? besides(list[0]!) : []), ...types]);
    const main = types.size > 1 ? mainType(types) : ([...types.values()][0] ?? given[0]!);
    const whole = JSON.stringify(inlined(main, beside));
    parseSchema(whole);
    return whole;
  } catch (error) {
    const where = list.join(", ");
    throw new BootcampError("USAGE", `Expected an Avro schema in ${where}, got: ${messageOf(error)}`, {
      where,
      cause: error,
    });
  }
}

function readJson(path: string): SchemaJson {
  return JSON.parse(readFileSync(path, "utf8")) as SchemaJson;
}

/** Types in the other schema files of the folder; what is no schema there concerns nobody. */
function besides(path: string): [string, Record<string, unknown>][] {
  const folder = dirname(resolve(path));
  const names = readdirSync(folder).filter((name) => name.endsWith(".avsc"));
  return names.slice(0, mostBeside).flatMap((name) => {
    const file = join(folder, name);
    try {
      return file === resolve(path) || statSync(file).size > mostBytes ? [] : [...namedTypes(readJson(file))];
    } catch {
      return [];
    }
  });
}
