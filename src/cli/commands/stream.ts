import { relative } from "node:path";
import { stopStreamCommand, streamCommand } from "../../advice";
import { DEFAULT_PROFILE } from "../../broker/profile-variables";
import * as engine from "../../engine";
import { BootcampError, usageError } from "../../errors";
import * as kafka from "../../kafka";
import { checkTopicName } from "../../kafka/admin/topics";
import { printText, say } from "../../terminal";
import { command, commands } from "../command";
import { json } from "../json";
import { choice, flag, number, text, under, type Values } from "../option";
import { interruptSignal } from "../run";
import { broker } from "../shared-options";
import { checkData, chooseData, prepareData } from "../stream-data";

const startOptions = {
  data: text(
    "--data <path>",
    'folder or file of alerts; "simulated" for the simulated night (default: the newest in data/)',
  ),
  topic: text("--topic <name>", "topic to publish to (default: ztf-stream; lsst: lsst-stream)"),
  every: number(
    "--every <seconds>",
    "time from visit to visit (default: 1; lsst: 38, the pace of its simulated visits)",
  ),
  fast: flag("--fast", "instead: as fast as possible"),
  loop: flag("--loop", "start again after the last visit"),
  append: flag("--append", "add to what the topic holds"),
  keep: flag("--keep", "leave a stream with the same settings as it is"),
  ...under("Simulated night", {
    survey: choice("--survey <name>", "whose packets it holds; lsst has 4 visits of 10,000", ["ztf", "lsst"], "ztf"),
    stamps: choice(
      "--stamps <which>",
      "how many LSST packets have cutouts; all takes 4.5 GB more",
      ["all", "some", "none"],
      "some",
    ),
    alerts: number("--alerts <n>", "alerts in the LSST night (default: 10000 a visit)"),
    visits: number("--visits <n>", "visits in the LSST night (default: 4)"),
  }),
  engine: choice("--engine <engine>", "what runs Kafka", ["auto", "local", "docker", "external"], "auto"),
  port: number("--port <port>", "port of Kafka on 127.0.0.1 (default: the last one used, else 9092)"),
  ...broker,
};
type StartFlags = Values<typeof startOptions>;
const statusOptions = { json: flag("--json", "print JSON") };

export default commands(
  "stream",
  { summary: "publish a night of alerts in the background", section: "On this machine" },
  [
    command("start", {
      summary: "start Kafka, empty the topic and publish visit by visit; returns when the first visit is in Kafka",
      options: startOptions,
      examples: ["alerts stream start --every 2", "alerts stream start --survey lsst --visits 2 --keep"],
      run: start,
    }),
    command("stop", {
      summary: "end the stream; Kafka and its topics stay",
      examples: ["alerts stream stop", "alerts stream status"],
      async run() {
        const wasRunning = await engine.stopStream({ signal: interruptSignal(), onProgress: say });
        say(wasRunning ? "the stream is stopped" : "no stream was running here");
      },
    }),
    command("status", {
      summary: "show what is being published, and how far it is",
      options: statusOptions,
      notes: "Exit code 1 when no stream runs or has finished.",
      examples: ["alerts stream status", "alerts stream status --json"],
      run: status,
    }),
  ],
);

async function start(flags: StartFlags): Promise<void> {
  const signal = interruptSignal();
  const isLsst = flags.survey === "lsst";
  const secondsPerVisit = flags.fast ? 0 : paceOf(flags.every ?? (isLsst ? 38 : 1));
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
    engine: flags.engine,
    ...(flags.port !== undefined && { port: flags.port }),
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
    ...(alerts !== undefined && { alerts }),
    ...(visits !== undefined && { visits }),
  };
}

function paceOf(seconds: number): number {
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

async function status(options: Values<typeof statusOptions>): Promise<number> {
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
