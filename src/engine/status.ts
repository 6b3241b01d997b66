import { DEFAULT_BOOTSTRAP } from "../broker/address";
import { externalSettings } from "../broker/credentials";
import {
  type BrokerState,
  brokerFolder,
  type EngineKind,
  type EngineState,
  readState,
  type SecureState,
} from "../broker/engine-state";
import { inspectContainer } from "./docker/docker";
import { diskFull, isDiskFull } from "./local/disk-full";
import { lastFailure } from "./local/last-words";
import { isRunning } from "./local/local";
import { type MonitoringStatus, monitoringStatus } from "./monitoring/monitoring";
import { ping } from "./ping";
import { residentBytes } from "./process/processes";

/** What is known of the Kafka in use. */
export interface EngineStatus {
  /** Who runs Kafka; "none" when none is named or found, and none was started here or has ended. */
  engine: EngineKind | "none";
  /** True when brokers answer now. */
  reachable: boolean;
  /** Release of Kafka; empty when somebody else runs it. */
  version: string;
  bootstrap: string;
  /** Its doors with TLS and a login, and the file of the practice profiles; only when it was started secure. */
  secure?: SecureState;
  brokers: BrokerStatus[];
  /** Where it is watched; only when that was asked for. */
  monitoring?: MonitoringStatus;
  /** Topics besides Kafka's own; undefined when no broker answers. */
  topics?: number;
  /** Seconds since it was started here. */
  uptimeSeconds?: number;
  /** Resident memory of all its processes. */
  memoryBytes?: number;
  /** What the broker said when it was asked in vain. */
  problem?: string;
}

/** One broker, as it answers. */
export interface BrokerStatus {
  id: number;
  address: string;
  answers: boolean;
  pid?: number;
  memoryBytes?: number;
  /** What it said last, of one that was started here and ended by itself. */
  lastWords?: string;
  /** Its log file, or the command that shows its log. */
  log?: string;
}

/**
 * What runs, where, since when, and whether it answers. Starts nothing.
 *
 * @throws FILE_ACCESS when the record of what was started here is damaged
 * @example
 * const { reachable, bootstrap, topics } = await engine.status();
 */
export async function engineStatus(): Promise<EngineStatus> {
  const named = process.env.KAFKA_BOOTSTRAP?.trim();
  const state = named ? undefined : readState();
  const bootstrap = named || state?.bootstrap || DEFAULT_BOOTSTRAP;
  const brokers = state ? await brokersOf(state) : [];
  const ended = state?.engine === "local" && brokers.every(({ pid }) => pid === undefined);
  // whatever answers at the address of brokers that are gone is somebody else's
  const answer = ended ? { problem: endOf(brokers) } : await ask(bootstrap, Boolean(named));
  const found = "brokers" in answer ? answer : undefined;
  // nothing was started here, yet something answers at the usual place: a container started by hand, for instance
  const engine = named ? "external" : ended ? "none" : (state?.engine ?? (found ? "external" : "none"));
  for (const { id, address } of found?.brokers ?? []) {
    const known = brokers.find((broker) => broker.id === id);
    if (known) known.answers = true;
    else brokers.push({ id, address, answers: true });
  }
  const monitoring = await monitoringStatus(state);
  const memory = brokers.reduce((sum, broker) => sum + (broker.memoryBytes ?? 0), 0);
  return {
    engine,
    reachable: found !== undefined,
    version: state?.version ?? "",
    bootstrap,
    ...(state?.secure && { secure: state.secure }),
    brokers,
    ...(monitoring && { monitoring }),
    ...(found && { topics: found.topics }),
    ...(!ended && state?.startedAt && { uptimeSeconds: Math.round((Date.now() - Date.parse(state.startedAt)) / 1000) }),
    ...(memory > 0 && { memoryBytes: memory }),
    ...("problem" in answer && { problem: answer.problem }),
  };
}

/** In one sentence: three brokers mostly end for one reason. */
function endOf(brokers: readonly BrokerStatus[]): string {
  const words = brokers.map(({ lastWords }) => lastWords);
  return `ended: ${[...new Set(words)].join("; ")}`;
}

function lastWordsOf(broker: BrokerState): string {
  const words = lastFailure(broker);
  const folder = brokerFolder(broker.id);
  if (isDiskFull(folder, words ?? "")) return diskFull(folder).message;
  return words ?? "its log names no failure; it was killed, or the computer stopped";
}

async function ask(bootstrap: string, external: boolean) {
  try {
    return await ping(bootstrap, external ? { settings: externalSettings(), limitSeconds: 8 } : {});
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

async function brokersOf(state: EngineState): Promise<BrokerStatus[]> {
  if (state.engine === "docker") {
    const container = await inspectContainer();
    return container ? [{ id: 1, address: state.bootstrap, answers: false, ...container }] : [];
  }
  return Promise.all(
    state.brokers.map(async (broker) => {
      const running = await isRunning(broker);
      const memoryBytes = running ? await residentBytes(broker.pid) : undefined;
      return {
        id: broker.id,
        address: `127.0.0.1:${broker.port}`,
        answers: false,
        ...(running ? { pid: broker.pid } : { lastWords: lastWordsOf(broker) }),
        ...(memoryBytes !== undefined && { memoryBytes }),
        log: broker.log,
      };
    }),
  );
}
