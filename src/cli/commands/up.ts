import { relative } from "node:path";
import type { SecureState } from "../../broker/engine-state";
import * as engine from "../../engine";
import { printText, say } from "../../terminal";
import { command } from "../command";
import { choice, flag, number, port, type Values } from "../option";
import { interruptSignal } from "../run";

const engines = ["auto", "local", "docker", "external"] as const;

const options = {
  engine: choice("--engine <engine>", "what runs Kafka; external: the broker in KAFKA_BOOTSTRAP", engines, "auto"),
  port: port("--port <port>", "port on 127.0.0.1; 0 for any free one (default: the last one used, else 9092)"),
  brokers: number(
    "--brokers <n>",
    "1, or 3 with three copies of everything (default: as many as its data were made with, else 1)",
  ),
  secure: flag(
    "--secure",
    "also open listeners with TLS and logins, under the group rules of Rubin's broker (needs --engine local)",
  ),
  monitoring: flag("--monitoring", "also start alerts monitor and Prometheus, with the brokers' own metrics"),
  reset: flag("--reset", "first delete its topics, groups and offsets"),
};
type Given = Values<typeof options>;

export default command("up", {
  summary: "start Kafka and wait until it answers; does nothing if it runs already",
  section: "On this machine",
  options,
  examples: ["alerts up", "alerts up --brokers 3 --port 0"],
  run: up,
});

async function up(options: Given): Promise<void> {
  const started = await engine.start({
    engine: options.engine,
    port: options.port,
    brokers: options.brokers as 1 | 3 | undefined,
    secure: options.secure,
    monitoring: options.monitoring === true,
    reset: options.reset === true,
    signal: interruptSignal(),
    onProgress: (line) => say(line),
  });
  const state = started.alreadyRunning ? "runs already" : "is ready";
  say(`Kafka ${started.version} (${started.engine}) ${state}`.replace("  ", " "));
  if (started.monitoring) say(`  watch    ${started.monitoring.prometheus} (Prometheus)`);
  if (started.secure) say(practice(started.secure));
  printText(started.bootstrap);
}

/** What to do next: a stream as Rubin's, and the locked door to read it through. */
function practice({ bootstrap, envFile }: SecureState): string {
  const near = relative(process.cwd(), envFile);
  return [
    `  secure   ${bootstrap}: TLS, SCRAM-SHA-512; profile practice, in ${near.startsWith("..") ? envFile : near}`,
    "  publish  npx alerts send --simulate lsst --alerts 400 --form confluent --topic practice-stream --partitions 45 --compression snappy",
    "  read     npx alerts print practice-stream --profile practice",
  ].join("\n");
}
