import { relative } from "node:path";
import type { Command } from "commander";
import { stopStreamCommand, streamCommand } from "../advice";
import { DEFAULT_PROFILE } from "../broker/profile-variables";
import * as engine from "../engine";
import { BootcampError, usageError } from "../errors";
import * as kafka from "../kafka";
import { checkTopicName } from "../kafka/admin/topics";
import { printText, say } from "../terminal";
import { json } from "./json";
import { action, interruptSignal, number } from "./run";
import { checkData, chooseData, prepareData } from "./stream-data";

interface StartFlags {
  data?: string;
  topic?: string;
  every?: string;
  fast?: boolean;
  engine: string;
  port?: string;
  profile?: string;
  survey: string;
  stamps: string;
  alerts?: string;
  visits?: string;
  loop?: boolean;
  append?: boolean;
  keep?: boolean;
}

/** `alerts stream start | stop | status`: what ./launch_alert_system.sh does. */
export function register(program: Command): void {
  const stream = program.command("stream").description("a night of alerts, published in the background");
  stream
    .command("start")
    .description("start Kafka, empty the topic and publish visit by visit; returns when the first visit is in Kafka")
    .option(
      "--data <path>",
      'folder or file of alerts; "simulated" for the simulated night (default: the newest in data/)',
    )
    .option("--topic <name>", "topic to publish to (default: ztf-stream; lsst: lsst-stream)")
    .option("--every <seconds>", "seconds from visit to visit (default: 1; lsst: 38, as its simulated visits)")
    .option("--fast", "instead: as fast as possible")
    .option("--engine <engine>", "local, docker, external or auto", "auto")
    .option("--port <port>", "port of Kafka on 127.0.0.1 (default: the one it had last, else 9092)")
    .option("--survey <name>", "whose packets the simulated night holds: ztf, or lsst (4 visits of 10,000)", "ztf")
    .option("--stamps <which>", "cutouts of the LSST night: some, all (4.5 GB more) or none", "some")
    .option("--alerts <n>", "of the LSST night (default: 10000 a visit)")
    .option("--visits <n>", "of the LSST night (default: 4)")
    .option("--loop", "begin again after the last visit")
    .option("--append", "add to what the topic holds")
    .option("--keep", "leave a stream of the same settings as it is")
    .action(action(start));
  stream
    .command("stop")
    .description("end the stream; Kafka and its topics stay")
    .action(
      action(async () => {
        const wasRunning = await engine.stopStream({ signal: interruptSignal(), onProgress: say });
        say(wasRunning ? "the stream is stopped" : "no stream was running here");
      }),
    );
  stream.command("status").description("what is published, and how far it is").option("--json").action(action(status));
}

async function start(flags: StartFlags): Promise<void> {
  const signal = interruptSignal();
  const isLsst = flags.survey === "lsst";
  const secondsPerVisit = flags.fast ? 0 : paceOf(flags.every ?? (isLsst ? "38" : "1"));
  if (flags.fast && flags.every !== undefined) throw usageError("--every or --fast, not both", flags.every);
  if (!isLsst && (flags.alerts ?? flags.visits) !== undefined)
    throw usageError(
      "--alerts and --visits with --survey lsst",
      flags.survey,
      "the ZTF night is one whose answers the lessons know",
    );
  const topic = flags.topic ?? (isLsst ? "lsst-stream" : "ztf-stream");
  // before anything is started or ended: what is mistyped must not cost a start of Kafka, or the stream that runs
  checkTopicName(topic);
  const data = chooseData(flags.data, flags.survey);
  await checkData(data, flags, signal);
  const profile = namedProfile();
  const bootstrap = profile === undefined ? await startKafka(flags, signal) : await brokerOf(profile, flags);
  const settings: engine.StreamSettings = {
    data: data.path,
    topic,
    ...(isLsst && data.simulate && { simulate: { ...data.simulate, stamps: flags.stamps, ...sizeOf(flags) } }),
    secondsPerVisit,
    loop: flags.loop === true,
    bootstrap,
  };
  if (flags.keep && (await isKept(settings))) return;
  await engine.stopStream({ signal, onProgress: say });
  say(`Data: ${data.about}`);
  await prepareData(data, signal);
  const stream = await engine.startStream(settings, { append: flags.append === true, signal, onProgress: say });
  say(`the stream goes on in the background; its log: ${short(stream.log)}`);
  if (!flags.keep) {
    const login = flags.profile === undefined ? "" : ` --profile ${flags.profile}`;
    say("");
    say(`Next: npx alerts print ${settings.topic} --limit 5${login}`);
    say(`Stop the stream: ${stopStreamCommand()}`);
  }
}

/** The profile of `--profile` or KAFKA_PROFILE, unless it is the default one, whose Kafka may have to be started. */
function namedProfile(): string | undefined {
  const name = process.env.KAFKA_PROFILE?.trim();
  return name && name.toLowerCase() !== DEFAULT_PROFILE ? name : undefined;
}

/** A profile names a broker that is there: nothing is started. */
async function brokerOf(profile: string, { engine, port }: StartFlags): Promise<string> {
  const toStart = port !== undefined ? `--port ${port}` : engine === "auto" ? undefined : `--engine ${engine}`;
  if (toStart !== undefined) {
    throw new BootcampError("USAGE", `Expected a profile or a Kafka to start here, got ${profile} and ${toStart}`, {
      remedy: "leave one of them out: the broker of a profile is there already",
    });
  }
  const bootstrap = kafka.bootstrapServers(profile);
  await kafka.listTopics(); // a login that fails is said before a night is simulated
  say(`Using the broker of the profile ${profile} at ${bootstrap}`);
  return bootstrap;
}

async function startKafka(flags: StartFlags, signal: AbortSignal): Promise<string> {
  const started = await engine.start({
    engine: flags.engine as NonNullable<engine.StartEngineOptions["engine"]>,
    ...(flags.port !== undefined && { port: number("--port", flags.port)! }),
    signal,
    onProgress: say,
  });
  if (started.engine !== "external") delete process.env.KAFKA_BOOTSTRAP;
  say(`Kafka (${started.engine}) ${started.alreadyRunning ? "runs" : "is ready"} at ${started.bootstrap}`);
  return started.bootstrap;
}

/** Only what was asked for: the rest is up to the sender. */
function sizeOf({ alerts, visits }: StartFlags): { alerts?: number; visits?: number } {
  return {
    ...(alerts !== undefined && { alerts: number("--alerts", alerts)! }),
    ...(visits !== undefined && { visits: number("--visits", visits)! }),
  };
}

function paceOf(every: string): number {
  const seconds = number("--every", every)!;
  if (!(seconds > 0)) throw usageError("--every above 0 s", seconds, "as fast as possible is: --fast");
  return seconds;
}

async function isKept(settings: engine.StreamSettings): Promise<boolean> {
  const now = await engine.streamStatus();
  if (!now || !(now.running || now.finished) || JSON.stringify(now.settings) !== JSON.stringify(settings)) return false;
  try {
    if (!now.running && (await kafka.describeTopic(settings.topic)).messages === 0n) return false;
  } catch {
    return false; // its topic is gone
  }
  say(`The stream of ${short(settings.data)} to ${settings.topic} ${progress(now)}; it is left as it is`);
  return true;
}

async function status(options: { json?: boolean }): Promise<number> {
  const now = await engine.streamStatus();
  if (options.json) printText(json(now ?? { running: false }));
  else if (!now) printText(`no stream was started here\n  → start one: ${streamCommand()}`);
  else printText(`${short(now.settings.data)} → ${now.settings.topic}: ${progress(now)}\nlog: ${short(now.log)}`);
  return now?.running || now?.finished ? 0 : 1;
}

function progress(now: engine.StreamStatus): string {
  const visits = `${now.visits} ${now.visits === 1 ? "visit" : "visits"}`;
  return now.running ? `runs, ${visits} so far` : now.finished ? `has ended, ${visits}` : `was cut off after ${visits}`;
}

/** A path as a person at this prompt would type it. */
function short(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith("..") ? path : near || ".";
}
