import { join } from "node:path";
import { BootcampError, isBootcampError, usageError } from "../errors";
import { DEFAULT_PORT } from "./address";
import { composeProject, dockerDaemon } from "./compose";
import { externalSettings } from "./credentials";
import { startDocker, stopDocker, whyNotDocker } from "./docker";
import { emptyBrokers, endBrokers, isRunning } from "./local";
import { withLock } from "./lock";
import { type MonitoringStatus, requirePrometheus, startMonitoring, stopMonitoring } from "./monitoring/monitoring";
import { engineHome } from "./paths";
import { ping } from "./ping";
import { closeTokens } from "./secure/secure";
import { reviveLocal, startLocal } from "./start-local";
import { allBrokersFolder, clearState, type EngineKind, type EngineState, readState } from "./state";

export interface StartEngineOptions {
  /** What to run; `auto` chooses. Default `auto`. */
  engine?: "auto" | EngineKind;
  /** Port on 127.0.0.1; 0 for any free one. Three brokers take this one and the next two. Default 9092. */
  port?: number;
  /** One broker, or three with three copies of everything (`local` only). Default 1. */
  brokers?: 1 | 3;
  /**
   * Also listens as Rubin's brokers do, with TLS and a login, so that such a connection can be practised; the profile
   * `practice` holds its settings (one broker, `local` only). Default false.
   */
  secure?: boolean;
  /** Also starts `alerts monitor` and Prometheus, and has local brokers show their own measurements. Default false. */
  monitoring?: boolean;
  /** Empties topics, groups and offsets first. Default false. */
  reset?: boolean;
  signal?: AbortSignal | undefined;
  /** Called with one line whenever something is chosen or takes a while. */
  onProgress?: ((line: string) => void) | undefined;
}

export interface StartedEngine extends EngineState {
  /** True when it ran already and nothing was started. */
  alreadyRunning: boolean;
  /** Where it is watched; only when that was asked for. */
  monitoring?: MonitoringStatus;
}

/**
 * Starts Kafka and resolves when it can be used: brokers answer and consumer groups work. Does nothing when it runs.
 *
 * `auto` takes the Kafka named by `KAFKA_BOOTSTRAP`, else Docker when a daemon answers and has the image or can pull it,
 * else the jars of the same release on this machine's Java.
 *
 * @throws PORT_TAKEN when another process listens on the port; the message names it
 * @throws MISSING_PROGRAM without Java or Maven (`local`), a Docker daemon (`docker`) or Prometheus (`monitoring`)
 * @throws ENGINE_FAILED when Kafka ends while it starts, with the lines of its log that say why
 * @throws KAFKA_UNREACHABLE when nothing answers at `KAFKA_BOOTSTRAP` (`external`)
 * @throws USAGE for settings that do not fit one another, or differ from those of a Kafka that runs
 * @throws ABORTED when `signal` fires; nothing is left running
 * @example
 * const { bootstrap } = await startEngine({ engine: "local", port: 0 });
 */
export async function startEngine(options: StartEngineOptions = {}): Promise<StartedEngine> {
  const say = options.onProgress ?? (() => {});
  checkOptions(options);
  const wanted = options.engine ?? "auto";
  if (options.monitoring) await requirePrometheus(options.signal);
  if (wanted === "external" || (wanted === "auto" && process.env.KAFKA_BOOTSTRAP)) {
    if (wanted === "auto") say("Using the Kafka that KAFKA_BOOTSTRAP names");
    return watched(await startExternal(options), options, say);
  }
  return withLock(lockFile(), async () => watched(await startHere(options, wanted, say), options, say), {
    signal: options.signal,
    onWait: waiting(say),
  });
}

async function watched(
  engine: StartedEngine,
  { monitoring, signal }: StartEngineOptions,
  say: (line: string) => void,
): Promise<StartedEngine> {
  return monitoring ? { ...engine, monitoring: await startMonitoring(engine, say, signal) } : engine;
}

async function startHere(
  options: StartEngineOptions,
  wanted: "auto" | EngineKind,
  say: (line: string) => void,
): Promise<StartedEngine> {
  const running = await reachableState(say, options.signal);
  if (running && options.reset) await stopState(running);
  else if (running) {
    checkSame(running, options, wanted);
    if (await keepRunning(running, options, say)) return { ...running, alreadyRunning: true };
  }
  const local = {
    say,
    signal: options.signal,
    reset: options.reset ?? false,
    secure: options.secure ?? false,
    monitoring: options.monitoring ?? false,
  };
  const brokers = options.brokers ?? 1;
  if (wanted === "docker" || (wanted === "auto" && brokers === 1 && !options.secure)) {
    const reason = await whyNotDocker({ say, signal: options.signal });
    if (reason === undefined) {
      if (wanted === "auto") say("Using Docker: its daemon answers and the Kafka image is there");
      return { ...(await startDocker({ ...local, port: options.port })), alreadyRunning: false };
    }
    if (wanted === "docker") throw reason;
    say(`Using Java: ${reason.message}`);
  }
  return { ...(await startLocal({ ...local, port: options.port ?? DEFAULT_PORT, brokers })), alreadyRunning: false };
}

/** Waits for a Kafka that was started before; false when it ended just now, so that it has to be started again. */
async function keepRunning(
  running: EngineState,
  { signal }: StartEngineOptions,
  say: (line: string) => void,
): Promise<boolean> {
  if (running.engine === "docker") {
    await startDocker({ say: () => {}, signal, reset: false, port: portOf(running) });
    return true;
  }
  try {
    await reviveLocal(running, say, signal);
    return true;
  } catch (error) {
    if (!isBootcampError(error, "ENGINE_FAILED") || (await runningState())) throw error;
    return false;
  }
}

async function startExternal(options: StartEngineOptions): Promise<StartedEngine> {
  const bootstrap = process.env.KAFKA_BOOTSTRAP?.trim();
  if (!bootstrap) throw usageError("KAFKA_BOOTSTRAP for the engine external", bootstrap, "set it, e.g. in .env");
  if (options.reset) {
    throw usageError(
      "--reset for a Kafka that was started here",
      "one named by KAFKA_BOOTSTRAP",
      "delete its topics one by one: npx alerts topics --help",
    );
  }
  try {
    await ping(bootstrap, { settings: externalSettings(), limitSeconds: 8 });
  } catch (cause) {
    if (cause instanceof BootcampError) throw cause;
    throw new BootcampError("KAFKA_UNREACHABLE", `No Kafka answers there: ${(cause as Error).message}`, {
      where: bootstrap,
      remedy: "npx alerts doctor --broker tells why; or unset KAFKA_BOOTSTRAP to start a Kafka here",
      cause,
    });
  }
  const state: EngineState = { engine: "external", version: "", bootstrap, startedAt: "", brokers: [] };
  return { ...state, alreadyRunning: true };
}

function checkOptions({ engine, port, brokers, secure, signal }: StartEngineOptions): void {
  if (signal?.aborted) throw new BootcampError("ABORTED", "Starting Kafka was interrupted");
  if (engine !== undefined && !["auto", "local", "docker", "external"].includes(engine)) {
    throw usageError("auto, local, docker or external as engine", engine);
  }
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw usageError("a port between 0 and 65535", port);
  }
  if (brokers !== undefined && brokers !== 1 && brokers !== 3) throw usageError("1 or 3 brokers", brokers);
  if (brokers === 3 && engine === "docker") {
    throw usageError("1 broker for the engine docker", brokers, "three brokers run with --engine local");
  }
  if (secure) checkSecure(engine ?? "auto", brokers);
}

function checkSecure(engine: "auto" | EngineKind, brokers: number | undefined): void {
  const possible = "npx alerts up --secure --engine local";
  if (brokers === 3) throw usageError("1 broker with --secure", brokers, `leave --brokers out: ${possible}`);
  if (engine !== "local" && engine !== "auto") throw usageError("the engine local with --secure", engine, possible);
  if (engine === "auto" && process.env.KAFKA_BOOTSTRAP) {
    throw usageError("--secure for a Kafka that is started here", "one named by KAFKA_BOOTSTRAP", possible);
  }
}

/** A Kafka that runs is kept; but not when something else was asked for in so many words. */
function checkSame(running: EngineState, { port, brokers, secure }: StartEngineOptions, wanted: string): void {
  const first = portOf(running);
  const count = Math.max(1, running.brokers.length);
  const differs =
    (wanted !== "auto" && wanted !== running.engine) ||
    (brokers !== undefined && brokers !== count) ||
    (port !== undefined && port !== 0 && port !== first) ||
    (secure !== undefined && secure !== Boolean(running.secure));
  if (!differs) return;
  const locked = (isSecure: boolean) => (isSecure ? ", secure" : "");
  const runs = `${running.engine}, ${count} broker(s), ${running.bootstrap}${locked(Boolean(running.secure))}`;
  const kind = wanted === "auto" ? running.engine : wanted;
  const asked = `${kind}, ${brokers ?? count} broker(s), port ${port ?? first}${locked(secure ?? Boolean(running.secure))}`;
  throw new BootcampError("USAGE", `Expected the engine that runs (${runs}), got ${asked}`, {
    remedy: "stop it first: npx alerts down",
  });
}

const portOf = (state: EngineState) => Number(state.bootstrap.split(",")[0]?.split(":")[1]);

/** The state on disk if its processes run; the state of processes that are gone is cleared away. */
export async function runningState(): Promise<EngineState | undefined> {
  const state = readState();
  if (!state || state.engine === "docker") return state;
  const alive = await Promise.all(state.brokers.map(isRunning));
  if (alive.every(Boolean)) return state;
  // of three brokers some may still run: a lesson on failures kills one
  if (alive.some(Boolean)) return state;
  if (state.secure) await closeTokens();
  clearState();
  return undefined;
}

/**
 * The same, without a Kafka in a Docker that is gone: it can be neither used nor stopped, and whoever does not need it
 * is not to wait for Docker to come back.
 */
async function reachableState(say: (line: string) => void, signal?: AbortSignal): Promise<EngineState | undefined> {
  const state = await runningState();
  if (state?.engine !== "docker") return state;
  const daemon = await dockerDaemon(signal);
  if (!(daemon instanceof BootcampError)) return state;
  const later = `docker compose -p ${composeProject()} down`;
  say(
    `Kafka last ran in Docker, and ${daemon.message}: its containers come back with Docker, and their data; to stop them then: ${later}`,
  );
  clearState();
  return undefined;
}

/**
 * Stops the Kafka that was started here and waits until it is gone; resolves what was stopped, or undefined when nothing
 * ran. A Kafka named by `KAFKA_BOOTSTRAP` is never touched. One in a Docker that is gone is forgotten.
 *
 * @param options.reset also removes topics, groups and offsets
 * @param options.onProgress called with one line when something has to be waited for or cannot be stopped
 * @throws MISSING_PROGRAM when it runs in Docker and Compose is gone
 * @example
 * await stopEngine({ reset: true });
 */
export async function stopEngine(
  options: { reset?: boolean; signal?: AbortSignal; onProgress?: (line: string) => void } = {},
): Promise<EngineState | undefined> {
  const say = options.onProgress ?? (() => {});
  return withLock(
    lockFile(),
    async () => {
      await stopMonitoring(options.reset);
      const state = await reachableState(say, options.signal);
      if (state) await stopState(state, options.reset);
      else await closeTokens(); // of a start that was killed before its end
      if (options.reset) emptyBrokers();
      return state;
    },
    { signal: options.signal, onWait: waiting(say) },
  );
}

async function stopState(state: EngineState, reset = false): Promise<void> {
  if (state.engine === "docker") await stopDocker(reset);
  else await endBrokers(state.brokers);
  if (state.secure) await closeTokens();
  clearState();
}

const waiting = (say: (line: string) => void) => (pid: number) =>
  say(`Waiting for another start or stop of Kafka (process ${pid}, lock ${lockFile()})`);

const lockFile = () => join(engineHome(), "engine.lock");

/** Folder of topics and offsets of the engine `local`. */
export const engineDataFolder = allBrokersFolder;
