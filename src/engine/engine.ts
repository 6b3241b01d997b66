import { join } from "node:path";
import { externalSettings } from "../broker/credentials";
import { allBrokersFolder, clearState, type EngineKind, type EngineState } from "../broker/engine-state";
import { BootcampError, isBootcampError, usageError } from "../errors";
import { startDocker, stopDocker, whyNotDocker } from "./docker/docker";
import { checkOptions, checkSame, portOf, type StartEngineOptions } from "./engine-options";
import { brokersFor, dataLayout } from "./local/data-layout";
import { emptyBrokers, endBrokers } from "./local/local";
import { reviveLocal, startLocal } from "./local/start-local";
import { type MonitoringStatus, requirePrometheus, startMonitoring, stopMonitoring } from "./monitoring/monitoring";
import { engineHome } from "./paths";
import { ping } from "./ping";
import { withLock } from "./process/lock";
import { endStrayBrokers, reachableState, runningState } from "./running";
import { closeTokens } from "./secure/secure";

/** A Kafka that is ready. */
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
 * const { bootstrap } = await engine.start({ engine: "local", port: 0 });
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
  } else await endStrayBrokers(say); // two brokers on one folder damage it
  const local = {
    say,
    signal: options.signal,
    reset: options.reset ?? false,
    secure: options.secure ?? false,
    monitoring: options.monitoring ?? false,
  };
  const data = options.reset ? undefined : dataLayout();
  const brokers = brokersFor(data, options.brokers);
  if (options.secure && brokers > 1) {
    throw usageError("1 broker with --secure", brokers, "start empty: npx alerts up --secure --reset");
  }
  if (wanted === "docker" || (wanted === "auto" && brokers === 1 && !options.secure)) {
    const reason = await whyNotDocker({ say, signal: options.signal });
    if (reason === undefined) {
      if (wanted === "auto") say("Using Docker: its daemon answers and the Kafka image is there");
      return { ...(await startDocker({ ...local, port: options.port })), alreadyRunning: false };
    }
    if (wanted === "docker") throw reason;
    say(`Using Java: ${reason.message}`);
  }
  return {
    ...(await startLocal({ ...local, port: options.port, lastPorts: data?.ports, brokers })),
    alreadyRunning: false,
  };
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

/**
 * Stops the Kafka that was started here and waits until it is gone; resolves what was stopped, or undefined when nothing
 * ran. A Kafka named by `KAFKA_BOOTSTRAP` is never touched. One in a Docker that is gone is forgotten.
 *
 * @param options.reset also removes topics, groups and offsets
 * @param options.onProgress called with one line when something has to be waited for or cannot be stopped
 * @throws MISSING_PROGRAM when it runs in Docker and Compose is gone
 * @example
 * await engine.stop({ reset: true });
 */
export async function stopEngine(
  options: { reset?: boolean; signal?: AbortSignal; onProgress?: (line: string) => void } = {},
): Promise<EngineState | undefined> {
  const say = options.onProgress ?? (() => {});
  return withLock(
    lockFile(),
    async () => {
      await stopMonitoring(options.reset);
      await endStrayBrokers(say);
      const state = await reachableState(say, options.signal);
      if (state) await stopState(state, options.reset);
      else await closeTokens(); // of a start that was killed before its end
      if (options.reset) emptyBrokers();
      return state;
    },
    { signal: options.signal, onWait: waiting(say), goWithout: true },
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
