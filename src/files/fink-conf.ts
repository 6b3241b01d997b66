import { readFileSync } from "node:fs";
import { BootcampError, usageError } from "../errors";

/** What a conf file of fink_simulator asks for. */
export interface FinkConf {
  /** NALERTS_PER_OBS; Infinity for -1: all of them at once. */
  readonly alertsPerObservation: number;
  /** NOBSERVATIONS; Infinity for -1: as many as the alerts make. */
  readonly observations: number;
  /** TIME_INTERVAL, seconds. */
  readonly intervalSeconds: number;
  /** DISPLAY_FIELD as a path into the packet; null for None. */
  readonly displayField: string | null;
  /** EXTERNAL_SCHEMA, a file; null for None. */
  readonly schemaFile: string | null;
  /** NPARTITIONS. */
  readonly partitions: number;
  /** KAFKA_TOPIC. */
  readonly topic: string;
  /** KAFKA_IPPORT_SIM, else KAFKA_IPPORT; null where neither is given. */
  readonly bootstrap: string | null;
  /** FINK_DATA_SIM; null when it is not given. */
  readonly data: string | null;
}

/** The keys that mean something here, with fink_simulator's defaults. */
const defaults: Readonly<Record<string, string>> = {
  NALERTS_PER_OBS: "3",
  NOBSERVATIONS: "4",
  TIME_INTERVAL: "5",
  DISPLAY_FIELD: "objectId",
  EXTERNAL_SCHEMA: "None",
  NPARTITIONS: "1",
  KAFKA_TOPIC: "ztf_public_20200101",
  KAFKA_IPPORT_SIM: "",
  FINK_DATA_SIM: "",
};
/** Keys of its conf files that only serve to make up an address. */
const helpers = ["KAFKA_PORT_SIM", "KAFKA_IPPORT", "KAFKA_IP", "KAFKA_PORT"];

/**
 * Reads a conf file of fink_simulator: a shell file of assignments, which is read and never run.
 *
 * @param path the file
 * @param environment for `$NAME` of variables that the file does not set; default: this process's
 * @throws FILE_NOT_FOUND; USAGE, with the line, for anything but assignments, an unknown key, an unset variable, or a
 *   value that cannot be
 * @example
 * files.readFinkConf("fink_alert_simulator.conf").alertsPerObservation; // 3
 */
export function readFinkConf(path: string, environment: NodeJS.ProcessEnv = process.env): FinkConf {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new BootcampError("FILE_NOT_FOUND", `Expected a conf file at ${path}, it cannot be read`, {
      where: path,
      cause: error,
    });
  }
  const values = new Map(Object.entries(defaults));
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const where = `${path}:${index + 1}`;
    const stripped = line.trim();
    if (stripped === "" || stripped.startsWith("#")) continue;
    const [, key, rest] = /^(?:export\s+)?([A-Za-z_]\w*)=(.*)$/.exec(stripped) ?? [];
    if (key === undefined || rest === undefined) throw usageError(`${where}: a line KEY=value`, stripped);
    if (!Object.hasOwn(defaults, key) && !helpers.includes(key)) {
      throw usageError(`${where}: one of the keys ${Object.keys(defaults).join(", ")}`, key);
    }
    values.set(
      key,
      readValue(rest, where, (name) => values.get(name) ?? environment[name]),
    );
  }
  return toConf(values, path);
}

/** A line that names itself twice doubles its value. */
const longest = 10_000;

/** One shell word: quotes taken off, variables put in; what follows it may only be a comment. */
function readValue(text: string, where: string, lookUp: (name: string) => string | undefined): string {
  let value = "";
  let at = 0;
  let quote = "";
  for (; at < text.length; at++) {
    const char = text[at]!;
    if (quote === "" && /\s/.test(char)) break;
    if (char === quote) quote = "";
    else if (quote === "" && (char === '"' || char === "'")) quote = char;
    else if (char === "`" || (char === "$" && text[at + 1] === "(" && quote !== "'")) {
      throw usageError(`${where}: a value that can be read without running anything`, text);
    } else if (char === "$" && quote !== "'") {
      const found = /^\$(?:(\w+)|\{(\w+)(?::?-([^}]*))?\})/.exec(text.slice(at));
      if (!found) throw usageError(`${where}: a variable as $NAME or \${NAME}`, text);
      const name = found[1] ?? found[2]!;
      const known = lookUp(name) || found[3];
      if (known === undefined) throw usageError(`${where}: a variable that is set`, `$${name}`, `export ${name}=…`);
      value += known;
      if (value.length > longest) throw usageError(`${where}: a value of at most ${longest} characters`, value);
      at += found[0].length - 1;
    } else if (char === "\\" && quote !== "'" && at + 1 < text.length) value += text[++at];
    else value += char;
  }
  if (quote !== "") throw usageError(`${where}: a closing ${quote}`, text);
  const rest = text.slice(at).trim();
  if (rest !== "" && !rest.startsWith("#")) throw usageError(`${where}: nothing after the value`, rest);
  return value;
}

function toConf(values: ReadonlyMap<string, string>, path: string): FinkConf {
  const get = (key: string) => values.get(key) ?? "";
  const whole = (key: string, allowsAll: boolean): number => {
    const number = Number(get(key));
    if (allowsAll && number === -1) return Number.POSITIVE_INFINITY;
    if (get(key).trim() !== "" && Number.isInteger(number) && number >= 1) return number;
    throw usageError(`${path}: ${key} of 1 or more${allowsAll ? ", or -1 for all" : ""}`, get(key));
  };
  const intervalSeconds = Number(get("TIME_INTERVAL"));
  if (!(intervalSeconds > 0)) throw usageError(`${path}: TIME_INTERVAL above 0 s`, get("TIME_INTERVAL"));
  if (get("KAFKA_TOPIC") === "") throw usageError(`${path}: a name as KAFKA_TOPIC`, "");
  const orNull = (text: string) => (text === "" || text === "None" ? null : text);
  return {
    alertsPerObservation: whole("NALERTS_PER_OBS", true),
    observations: whole("NOBSERVATIONS", true),
    intervalSeconds,
    displayField: orNull(get("DISPLAY_FIELD").replaceAll(",", ".")),
    schemaFile: orNull(get("EXTERNAL_SCHEMA")),
    partitions: whole("NPARTITIONS", false),
    topic: get("KAFKA_TOPIC"),
    bootstrap: orNull(get("KAFKA_IPPORT_SIM")) ?? orNull(get("KAFKA_IPPORT")),
    data: orNull(get("FINK_DATA_SIM")),
  };
}
