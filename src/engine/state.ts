import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { engineHome } from "./paths";

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

export const statePath = () => join(engineHome(), "engine.json");
export const brokerFolder = (id: number) => join(engineHome(), "kafka", `broker-${id}`);
/** Name of the folder with a broker's data, in the folder of that broker. */
export const DATA_FOLDER = "data";
export const dataFolderOf = (id: number) => join(brokerFolder(id), DATA_FOLDER);
export const allBrokersFolder = () => join(engineHome(), "kafka");

/** The state as written last, or undefined when there is none or it cannot be read. */
export function readState(): EngineState | undefined {
  try {
    const state = JSON.parse(readFileSync(statePath(), "utf8")) as EngineState;
    return typeof state.bootstrap === "string" && Array.isArray(state.brokers) ? state : undefined;
  } catch {
    return undefined;
  }
}

/** Written whole: a reader sees the old state or the new one. */
export function writeState(state: EngineState): void {
  const file = statePath();
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.new-${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(draft, file);
}

export function clearState(): void {
  if (existsSync(statePath())) rmSync(statePath(), { force: true });
}
