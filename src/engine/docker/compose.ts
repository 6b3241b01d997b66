import type { BootcampError } from "../../errors";
import { engineRoot } from "../paths";
import { missingProgram, type RunResult, run } from "../process/programs";

/** The command in front of every Compose argument: `docker compose`, or the older `docker-compose`. */
export type Compose = readonly [program: string, ...args: string[]];

/** A daemon that does not answer within this time is not used. */
const ASK_SECONDS = 6;

/** Version of the Docker daemon, or the reason why there is none, as an error to throw or to tell. */
export async function dockerDaemon(signal?: AbortSignal): Promise<{ version: string } | BootcampError> {
  const answer = await run("docker", ["version", "--format", "{{.Server.Version}}"], {
    timeoutSeconds: ASK_SECONDS,
    signal,
  });
  if (!answer) return missingProgram("docker", "Docker is not installed");
  const version = answer.stdout.trim();
  if (answer.code !== 0 || !version) return missingProgram("daemon", "no Docker daemon answers");
  return { version };
}

/** Compose as it is installed here, and its version. */
export async function findCompose(signal?: AbortSignal): Promise<{ compose: Compose; version: string } | undefined> {
  for (const compose of [["docker", "compose"], ["docker-compose"]] as const) {
    const [program, ...args] = compose;
    const answer = await run(program, [...args, "version", "--short"], { timeoutSeconds: ASK_SECONDS, signal });
    if (answer?.code === 0) return { compose, version: answer.stdout.trim() };
  }
  return undefined;
}

export interface ComposeOptions {
  signal?: AbortSignal | undefined;
  timeoutSeconds?: number;
  env?: Record<string, string>;
}

/**
 * Runs Compose on the project's file, in its folder: so the name of the project, under which Compose keeps containers and
 * volumes, is the one that `docker compose` has there when it is called by hand.
 */
export async function runCompose(
  compose: Compose,
  args: readonly string[],
  options: ComposeOptions = {},
): Promise<RunResult> {
  const [program, ...first] = compose;
  const answer = await run(program, [...first, ...args], {
    ...options,
    cwd: engineRoot,
    env: { ...process.env, ...options.env },
  });
  return answer ?? { code: 127, stdout: "", stderr: `${program} is gone` };
}
