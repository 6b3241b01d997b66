import { DEFAULT_PORT } from "../../broker/address";
import { type EngineState, writeState } from "../../broker/engine-state";
import { BootcampError } from "../../errors";
import { kafkaVersion } from "../paths";
import { ping } from "../ping";
import { freePort, LOOPBACK, portIsFree, portTaken } from "../process/ports";
import { lastLines, missingProgram, run } from "../process/programs";
import { untilReady } from "../process/until-ready";
import { type Compose, dockerDaemon, findCompose, runCompose } from "./compose";

interface Watch {
  say: (line: string) => void;
  signal?: AbortSignal | undefined;
}

export interface DockerOptions extends Watch {
  /** Port on 127.0.0.1; undefined for the one of `KAFKA_PORT` or the default, 0 for any free one. */
  port: number | undefined;
  reset: boolean;
}

const SERVICE = "kafka";
/** The image is 400 MB or so; who waits longer than this is better served by Java. */
const PULL_SECONDS = 180;
const READY_SECONDS = 90;

/**
 * Undefined when Kafka can run in Docker now: a daemon answers, Compose is there, and so is the image, or it could be
 * pulled. Otherwise the reason, as an error to throw or to tell.
 */
export async function whyNotDocker({ say, signal }: Watch): Promise<BootcampError | undefined> {
  const daemon = await dockerDaemon(signal);
  if (daemon instanceof BootcampError) return daemon;
  const found = await findCompose(signal);
  if (!found)
    return missingProgram("compose", "Docker answers, but neither docker compose nor docker-compose is there");
  const image = await run("docker", ["image", "inspect", kafkaImage()], { timeoutSeconds: 10, signal });
  if (image?.code === 0) return undefined;
  say(`Pulling ${kafkaImage()} (once)`);
  const pull = await runCompose(found.compose, ["pull", SERVICE], { timeoutSeconds: PULL_SECONDS, signal });
  if (pull.code === 0) return undefined;
  return new BootcampError("DOWNLOAD", `Docker could not pull ${kafkaImage()}: ${lastLines(pull.stderr, 1)}`, {
    remedy: "check the network, or use Java instead: npx alerts up --engine local",
  });
}

/** Image of the release that is also pinned for the jars. */
export const kafkaImage = () => `apache/kafka:${kafkaVersion()}`;

/** Starts Kafka's container and waits until groups can be used. One that runs already is kept, with its port. */
export async function startDocker({ port, reset, say, signal }: DockerOptions): Promise<EngineState> {
  const compose = await requireCompose(signal);
  if (reset) await stopDocker(true);
  // without a port of its own, the one of the environment or of .env, as Compose reads it
  const chosen = port === 0 ? await freePort() : port;
  say(`Starting the container of Kafka ${kafkaVersion()}`);
  const up = await runCompose(compose, ["up", "-d", SERVICE], { env: portSetting(chosen), signal });
  if (up.code !== 0) throw await couldNotStart(up.stderr, chosen ?? (Number(process.env.KAFKA_PORT) || DEFAULT_PORT));
  const published = await runCompose(compose, ["port", SERVICE, "9092"], { timeoutSeconds: 15, signal });
  const state: EngineState = {
    engine: "docker",
    version: kafkaVersion(),
    bootstrap: `${LOOPBACK}:${/:(\d+)\s*$/.exec(published.stdout)?.[1] ?? chosen ?? DEFAULT_PORT}`,
    startedAt: new Date().toISOString(),
    brokers: [],
  };
  writeState(state);
  await untilContainerReady(compose, state, signal);
  return state;
}

const portSetting = (port: number | undefined): Record<string, string> =>
  port === undefined ? {} : { KAFKA_PORT: String(port) };

async function couldNotStart(stderr: string, port: number): Promise<BootcampError> {
  if (/already allocated|already in use/.test(stderr) && !(await portIsFree(port))) return portTaken(port);
  return new BootcampError("ENGINE_FAILED", `Compose could not start Kafka:\n${lastLines(stderr, 4)}`, {
    remedy: "read the log of that container with docker logs, or use Java: npx alerts up --engine local",
  });
}

async function untilContainerReady(compose: Compose, state: EngineState, signal?: AbortSignal): Promise<void> {
  const failure = await untilReady({
    what: "Starting Kafka's container",
    seconds: READY_SECONDS,
    everyMs: 250,
    signal,
    lives: () => containerRuns(compose, signal).catch(() => true),
    isReady: async () => {
      await ping(state.bootstrap, { groups: true, limitSeconds: 10 });
      return true;
    },
  }).catch(async (error) => {
    await stopDocker(false);
    throw error;
  });
  if (!failure) return;
  const logs = await runCompose(compose, ["logs", "--tail", "6", SERVICE], { timeoutSeconds: 10 });
  throw new BootcampError("ENGINE_FAILED", `Kafka's container did not get ready:\n${lastLines(logs.stdout, 6)}`, {
    remedy: "start empty with npx alerts up --reset, or use Java instead: npx alerts up --engine local",
    ...failure,
  });
}

async function containerRuns(compose: Compose, signal?: AbortSignal): Promise<boolean> {
  const id = await containerId(compose, signal);
  if (!id) return false;
  const answer = await run("docker", ["inspect", "-f", "{{.State.Running}}", id], { timeoutSeconds: 10, signal });
  return answer?.stdout.trim() === "true";
}

async function containerId(compose: Compose, signal?: AbortSignal): Promise<string | undefined> {
  const answer = await runCompose(compose, ["ps", "-q", SERVICE], { timeoutSeconds: 15, signal });
  return answer.stdout.trim().split("\n")[0] || undefined;
}

/** Stops and removes the containers of the project; with `reset` also their data. */
export async function stopDocker(reset: boolean): Promise<void> {
  const compose = await requireCompose();
  // without the profiles, "down" would leave the stream and the monitoring running
  const profiles = ["stream", "filter", "monitoring"].flatMap((name) => ["--profile", name]);
  const down = await runCompose(compose, [...profiles, "down", ...(reset ? ["-v"] : [])]);
  if (down.code === 0) return;
  throw new BootcampError("ENGINE_FAILED", `Compose could not stop the containers:\n${lastLines(down.stderr, 4)}`, {
    remedy: "stop them with docker stop, then npx alerts down again",
  });
}

/** What Docker says of the running container, for the status. */
export async function inspectContainer(): Promise<{ pid?: number; memoryBytes?: number; log: string } | undefined> {
  const found = await findCompose();
  const id = found && (await containerId(found.compose));
  if (!id) return undefined;
  const inspect = await run("docker", ["inspect", "-f", "{{.State.Pid}}", id], { timeoutSeconds: 10 });
  const stats = await run("docker", ["stats", "--no-stream", "--format", "{{.MemUsage}}", id], { timeoutSeconds: 10 });
  const [, amount, unit] = /^([\d.]+)\s*([KMG])i?B/.exec(stats?.stdout.trim() ?? "") ?? [];
  const power = { K: 1, M: 2, G: 3 }[unit ?? ""];
  const pid = Number(inspect?.stdout.trim());
  return {
    ...(pid > 0 && { pid }),
    ...(amount && power && { memoryBytes: Number(amount) * 1024 ** power }),
    log: `docker logs ${id.slice(0, 12)}`,
  };
}

async function requireCompose(signal?: AbortSignal): Promise<Compose> {
  const daemon = await dockerDaemon(signal);
  if (daemon instanceof BootcampError) throw daemon;
  const found = await findCompose(signal);
  if (!found) throw missingProgram("compose", "Neither docker compose nor docker-compose is there");
  return found.compose;
}
