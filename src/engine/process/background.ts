import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { isAlive } from "../../broker/process-alive";
import { privateFolder, readPrivate, unusable, writePrivate } from "../../private-files";
import { engineHome } from "../paths";
import { processesNaming } from "./find-processes";
import { commandLine, endProcess } from "./processes";

/** A process of this project that goes on after the command that started it, kept in `<name>.json`. */
export interface Background<S = unknown> {
  pid: number;
  /** Its whole command line, which tells it from a later process of the same number. */
  command: string;
  log: string;
  /** UTC, ISO 8601. */
  startedAt: string;
  /** What it was started with, for the one who started it. */
  settings: S;
}

export interface BackgroundOptions<S> {
  program: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  settings: S;
}

/** Where its state is kept. */
export const stateFile = (name: string) => join(engineHome(), `${name}.json`);

/** Where its output goes. */
export const logOf = (name: string): string => join(engineHome(), "logs", `${name}.log`);

/**
 * Starts a process in its own session, so that closing the terminal does not end it. Its log begins anew.
 *
 * @throws FILE_ACCESS when its state cannot be kept; then it does not run: no command would find it
 */
export function startBackground<S>(name: string, options: BackgroundOptions<S>): Background<S> {
  const log = logOf(name);
  privateFolder(dirname(log));
  const output = openLog(log);
  const { program, args, env, cwd } = options;
  const child = spawn(program, args, { detached: true, stdio: ["ignore", output, output], env, cwd });
  closeSync(output);
  child.on("error", () => {}); // it has no pid then, and counts as ended
  child.unref();
  const state: Background<S> = {
    pid: child.pid ?? 0,
    command: [program, ...args].join(" "),
    log,
    startedAt: new Date().toISOString(),
    settings: options.settings,
  };
  try {
    saveBackground(name, state);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
  return state;
}

function openLog(log: string): number {
  try {
    return openSync(log, "w", 0o600);
  } catch (error) {
    throw unusable(log, error);
  }
}

/** Settings may hold a token. */
export const saveBackground = (name: string, state: Background): void =>
  writePrivate(stateFile(name), `${JSON.stringify(state, null, 2)}\n`);

/** What was started last under that name, running or not; undefined when it was stopped or never started. */
export function readBackground<S>(name: string): Background<S> | undefined {
  try {
    const state = JSON.parse(readPrivate(stateFile(name)) ?? "null") as Background<S> | null;
    return typeof state?.pid === "number" && typeof state.command === "string" ? state : undefined;
  } catch {
    return undefined;
  }
}

/** True while that very process runs. A pid that belongs to something else by now does not count. */
export async function isRunning(state: Background): Promise<boolean> {
  if (!(state.pid > 0 && isAlive(state.pid))) return false;
  return (await commandLine(state.pid))?.includes(state.command) ?? false;
}

/**
 * Ends the process started under that name and waits until it is gone; forgets it. Resolves true when it ran.
 *
 * @param limitSeconds time it has to end by itself
 * @param state the very process to end; default: the one started last
 */
export async function stopBackground(
  name: string,
  limitSeconds: number,
  state: Background | undefined = readBackground(name),
): Promise<boolean> {
  const ran = state !== undefined && (await isRunning(state));
  if (ran) await endProcess(state.pid, limitSeconds);
  // while it ended, another one may have been started under that name
  if (readBackground(name)?.pid === state?.pid) rmSync(stateFile(name), { force: true });
  return ran;
}

/**
 * Ends the processes that only their command line tells: their state was damaged or removed. Resolves true when there were.
 *
 * @param mark what only they are given
 */
export async function endStrays(mark: string, limitSeconds: number): Promise<boolean> {
  const stray = await processesNaming(mark);
  await Promise.all(stray.map(({ pid }) => endProcess(pid, limitSeconds)));
  return stray.length > 0;
}

/** The log so far, or "" when there is none. At most its last million characters. */
export function readLog(name: string): string {
  const log = logOf(name);
  return existsSync(log) ? readFileSync(log, "utf8").slice(-1_000_000) : "";
}
