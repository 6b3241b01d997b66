import { basename, join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { untilInterrupted } from "../../cell";
import { BootcampError } from "../../errors";
import { checkoutFile, engineHome } from "../paths";
import {
  type Background,
  endStrays,
  isRunning,
  logOf,
  readBackground,
  readLog,
  startBackground,
  stateFile,
  stopBackground,
} from "../process/background";
import { withLock } from "../process/lock";
import { aborted, lastLines } from "../process/programs";

/** What a stream in the background publishes, and where. */
export interface StreamSettings {
  /** Folder or file of alerts; of a simulated night that is made as it is sent, its name. */
  data: string;
  /** Set for such a night. */
  simulate?: { survey: string; seed: number; stamps: string; alerts?: number; visits?: number };
  topic: string;
  /** 0: as fast as possible. */
  secondsPerVisit: number;
  /** Begin again after the last visit. */
  loop: boolean;
  /** Broker, `host:port`. */
  bootstrap: string;
}

/** Options of {@link startStream}. */
export interface StartStreamOptions {
  /** Add to what the topic holds. Default false: the topic is emptied first. */
  append?: boolean;
  signal?: AbortSignal | undefined;
  /** Called with each line the stream prints until its first visit is acknowledged. */
  onProgress?: ((line: string) => void) | undefined;
}

/** Options of {@link stopStream}. */
export interface StopStreamOptions {
  signal?: AbortSignal | undefined;
  /** Called when another start or stop has to be waited for. */
  onProgress?: ((line: string) => void) | undefined;
}

/** A stream that was started here. */
export interface StreamStatus {
  running: boolean;
  /** True when it came to its end and every alert was acknowledged. */
  finished: boolean;
  /** Visits acknowledged so far. */
  visits: number;
  pid: number;
  log: string;
  settings: StreamSettings;
}

const NAME = "stream";
/** Stands in the command line of a sender that was started here. */
const mark = () => `--kept-in=${stateFile(NAME)}`;
/** A publisher that is told to stop waits for the broker's answer to what it sent. */
const STOP_SECONDS = 10;

/**
 * Publishes alerts in the background, visit by visit; resolves when the first visit is acknowledged. A stream that was
 * started here before is stopped first; of two starts at once the second waits, and its stream is the one that stays.
 *
 * @throws ENGINE_FAILED when it ends before its first visit, with what it said
 * @throws ABORTED when `signal` fires; the stream is stopped then
 * @example
 * const { bootstrap } = await engine.start();
 * await engine.startStream({ data: "data/20181129", topic: "ztf-stream", secondsPerVisit: 2, loop: false, bootstrap });
 */
export async function startStream(settings: StreamSettings, options: StartStreamOptions = {}): Promise<StreamStatus> {
  const stoppable = { ...options, signal: untilInterrupted(options.signal) };
  return alone(stoppable, () => start(settings, stoppable));
}

async function start(settings: StreamSettings, options: StartStreamOptions): Promise<StreamStatus> {
  await stop();
  const state = startBackground<StreamSettings>(NAME, {
    program: process.execPath,
    args: sendCommand(settings, options.append ?? false),
    env: { ...process.env, BOOTCAMP_HOME: engineHome(), ...addressFor(settings) },
    settings,
  });
  for (let shown = 0; ; await wait(50)) {
    // asked before the log is read, so that the last words of one that just ended are seen
    const running = await isRunning(state);
    const lines = readLog(NAME).split("\n").slice(0, -1);
    for (const line of lines.slice(shown)) {
      shown++;
      const visit = recordOf(line);
      if (visit?.number === undefined) {
        options.onProgress?.(line);
        continue;
      }
      const { number, alerts } = visit;
      options.onProgress?.(`visit ${number} is in Kafka: ${alerts} ${alerts === 1 ? "alert" : "alerts"}`);
      return statusOf(state);
    }
    if (options.signal?.aborted) {
      await stopBackground(NAME, STOP_SECONDS, state);
      throw aborted("Starting the stream");
    }
    if (!running) {
      await stopBackground(NAME, STOP_SECONDS, state);
      const words = options.onProgress ? "" : `:\n${lastLines(lines.join("\n"))}`;
      throw new BootcampError("ENGINE_FAILED", `The stream ended before its first visit${words}`, {
        where: state.log,
        remedy: "mend what its last line says, then launch it again",
      });
    }
  }
}

/**
 * Ends the stream that was started here; resolves true when one was running.
 *
 * @throws ABORTED when `signal` fires while another start or stop is waited for
 * @example
 * await engine.stopStream();
 */
export const stopStream = (options: StopStreamOptions = {}): Promise<boolean> => alone(options, stop);

/** Also the one whose state was lost. */
async function stop(): Promise<boolean> {
  const ran = await stopBackground(NAME, STOP_SECONDS);
  return (await endStrays(mark(), STOP_SECONDS)) || ran;
}

/** One start or stop at a time: a sender whose state another start has overwritten would be found by no command. */
function alone<T>(options: StopStreamOptions & { goWithout?: boolean }, work: () => Promise<T>): Promise<T> {
  const { onProgress, ...rest } = options;
  const file = join(engineHome(), "stream.lock");
  const onWait = (pid: number) =>
    onProgress?.(`Waiting for another start or stop of the stream (process ${pid}, lock ${file})`);
  return withLock(file, work, { ...rest, onWait });
}

/**
 * The stream that was started here last, running or at its end; undefined when there is none.
 * @example
 * const status = await engine.streamStatus();
 */
export async function streamStatus(): Promise<StreamStatus | undefined> {
  const state = readBackground<StreamSettings>(NAME);
  return state && statusOf(state);
}

async function statusOf(state: Background<StreamSettings>): Promise<StreamStatus> {
  const running = await isRunning(state);
  const records = readLog(NAME)
    .split("\n")
    .flatMap((line) => recordOf(line) ?? []);
  return {
    running,
    finished: !running && records.at(-1)?.interrupted === false,
    visits: records.filter(({ number }) => number !== undefined).length,
    pid: state.pid,
    log: logOf(NAME),
    settings: state.settings,
  };
}

/** What `alerts send --json` prints of a visit, with its number, and in the end of all, with whether it was interrupted. */
interface SendRecord {
  number?: number;
  alerts: number;
  interrupted?: boolean;
}

/** The log holds the sender's warnings as well, and what a crash leaves of a line. */
function recordOf(line: string): SendRecord | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as SendRecord;
  } catch {
    return undefined;
  }
}

function sendCommand(settings: StreamSettings, append: boolean): string[] {
  const { data, topic, secondsPerVisit, loop } = settings;
  const source = basename(resolve(data)).replace(/\.(tar|tgz|avro|gz)\b.*$/, "");
  const { simulate } = settings;
  const what = simulate
    ? Object.entries(simulate).flatMap(([name, value]) => [
        name === "survey" ? "--simulate" : `--${name}`,
        String(value),
      ])
    : [resolve(data)];
  const send = [
    checkoutFile("dist", "cli", "main.js"),
    "send",
    ...what,
    "--topic",
    topic,
    "--source",
    source,
    "--json",
    mark(),
  ];
  const pace = secondsPerVisit === 0 ? ["--fast"] : ["--every", String(secondsPerVisit)];
  return [...send, ...pace, ...(append ? [] : ["--fresh"]), ...(loop ? ["--loop"] : [])];
}

/**
 * A Kafka started here is found through its state, even when the environment names another one. Empty, not absent: the
 * sender reads `.env` itself, and would empty the topic of the broker named there.
 */
function addressFor({ bootstrap }: StreamSettings): NodeJS.ProcessEnv {
  return process.env.KAFKA_BOOTSTRAP?.trim() === bootstrap ? {} : { KAFKA_BOOTSTRAP: "" };
}
