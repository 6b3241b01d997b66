import { join } from "node:path";
import { allBrokersFolder, clearState, type EngineState, readState } from "../broker/engine-state";
import { BootcampError, messageOf } from "../errors";
import { dockerDaemon } from "./docker/compose";
import { isRunning, STOP_SECONDS } from "./local/local";
import { checkoutFile } from "./paths";
import { processesNaming } from "./process/find-processes";
import { endProcess } from "./process/processes";
import { closeTokens } from "./secure/secure";

/**
 * The state on disk if its processes run; the state of processes that are gone is cleared away, and so is a damaged one
 * when no broker of this folder runs.
 *
 * @throws FILE_ACCESS when it is damaged and brokers run
 */
export async function runningState(): Promise<EngineState | undefined> {
  let state: EngineState | undefined;
  try {
    state = readState();
  } catch (error) {
    if ((await strayBrokers()).length > 0) throw error;
    clearState();
    return undefined;
  }
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
export async function reachableState(
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<EngineState | undefined> {
  const state = await runningState();
  if (state?.engine !== "docker") return state;
  const daemon = await dockerDaemon(signal);
  if (!(daemon instanceof BootcampError)) return state;
  const later = `docker compose -f ${checkoutFile("docker-compose.yml")} down`;
  say(
    `Kafka last ran in Docker, and ${daemon.message}: its containers come back with Docker, and their data; to stop them then: ${later}`,
  );
  clearState();
  return undefined;
}

/** Ends the brokers of this folder that no state names, as it is damaged or was removed. The caller holds the engine's lock. */
export async function endStrayBrokers(say: (line: string) => void): Promise<void> {
  let why = "The state of the Kafka that was started here is gone";
  try {
    if (readState()) return;
  } catch (error) {
    why = messageOf(error).split("\n")[0]!;
  }
  const stray = await strayBrokers();
  if (stray.length > 0) say(`${why}; ending the brokers found by their folder`);
  await Promise.all(stray.map(({ pid }) => endProcess(pid, STOP_SECONDS)));
}

/** Processes that are given a configuration in the folder of this engine's brokers. */
const strayBrokers = () => processesNaming(join(allBrokersFolder(), "broker-"));
