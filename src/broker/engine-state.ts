import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { BootcampError } from "../errors";
import { readPrivate, writePrivate } from "../private-files";
import { bootcampHome } from "../version";
import { isAlive } from "./process-alive";

/** A Kafka that can be started here, or one that somebody else runs. */
export type EngineKind = "local" | "docker" | "external";

export interface BrokerState {
  id: number;
  pid: number;
  port: number;
  controllerPort: number;
  /** Its configuration file; stands in the command line of the process, which tells it from any other process. */
  config: string;
  log: string;
  /** Further options of its JVM. */
  jvm?: string[];
  /** `host:port` at which it shows its measurements to Prometheus; only when monitoring was asked for. */
  metrics?: string;
}

/** The doors of an engine that was started secure; the address without a lock stays the admin's. */
export interface SecureState {
  /** `host:port` for TLS with user and password, or a token. */
  bootstrap: string;
  /** `host:port` for TLS with a certificate of the client's own. */
  mtlsBootstrap: string;
  /** Where tokens for OAUTHBEARER are to be had. */
  tokenUrl: string;
  /** Settings of the practice profiles. Holds a password: mode 600. */
  envFile: string;
}

/** What is known of the engine that was started, kept in `engine.json`. */
export interface EngineState {
  engine: EngineKind;
  version: string;
  bootstrap: string;
  /** UTC, ISO 8601. */
  startedAt: string;
  /** Brokers started here; empty for docker. */
  brokers: BrokerState[];
  /** Only when it was started secure. */
  secure?: SecureState;
}

export const statePath = () => join(bootcampHome(), "engine.json");
export const brokerFolder = (id: number) => join(bootcampHome(), "kafka", `broker-${id}`);
/** Name of the folder with a broker's data, in the folder of that broker. */
export const DATA_FOLDER = "data";
export const dataFolderOf = (id: number) => join(brokerFolder(id), DATA_FOLDER);
export const allBrokersFolder = () => join(bootcampHome(), "kafka");

/** Folder of certificates, keys and the practice password of this engine, or a file in it. */
export const secureFile = (...parts: string[]): string => join(bootcampHome(), "secure", ...parts);

/** Connection settings of the practice profiles, written by `alerts up --secure`. */
export const practiceEnvFile = (): string => secureFile("practice.env");

/**
 * False when every broker that was started is gone: then somebody else may listen at its address. One in Docker counts as
 * running. Nothing is asked over the network, and no other program.
 */
export const seemsToRun = ({ brokers }: EngineState): boolean =>
  brokers.length === 0 || brokers.some(({ pid, config }) => pid > 0 && isAlive(pid) && isGiven(pid, config));

/** A pid may belong to something else by now; its command line tells, where it can be read. */
function isGiven(pid: number, config: string): boolean {
  const file = `/proc/${pid}/cmdline`;
  try {
    return !existsSync(file) || readFileSync(file, "utf8").includes(config);
  } catch {
    return false; // it ended just now
  }
}

/**
 * The state as written last, or undefined when nothing was started here.
 *
 * @throws FILE_ACCESS when it is damaged, or not this user's own: taken for none, another Kafka would be used in its place
 */
export function readState(): EngineState | undefined {
  const text = readPrivate(statePath());
  if (text === undefined) return undefined;
  try {
    const state: unknown = JSON.parse(text);
    if (isState(state)) return state;
  } catch {
    // cut short, or no JSON at all
  }
  throw new BootcampError("FILE_ACCESS", "Expected the state of the Kafka that was started here, the file is damaged", {
    where: statePath(),
    remedy: "npx alerts down ends what still runs, npx alerts up starts it again; topics and offsets stay",
  });
}

function isState(value: unknown): value is EngineState {
  const { engine, bootstrap, brokers, startedAt } = Object(value) as Record<string, unknown>;
  return (
    ["local", "docker"].includes(engine as string) &&
    typeof bootstrap === "string" &&
    /^[^,]+:\d+(,[^,]+:\d+)*$/.test(bootstrap) &&
    typeof startedAt === "string" &&
    Array.isArray(brokers) &&
    brokers.every(isBroker)
  );
}

function isBroker(value: unknown): value is BrokerState {
  const { id, pid, port, controllerPort, config, log, jvm } = Object(value) as Record<string, unknown>;
  return (
    [id, pid, port, controllerPort].every(Number.isInteger) &&
    [config, log, ...(Array.isArray(jvm) ? jvm : [])].every((text) => typeof text === "string") &&
    (jvm === undefined || Array.isArray(jvm))
  );
}

export const writeState = (state: EngineState): void =>
  writePrivate(statePath(), `${JSON.stringify(state, null, 2)}\n`);

export const clearState = (): void => rmSync(statePath(), { force: true });
