import { relative } from "node:path";
import type { Command } from "commander";
import type { SecureState } from "../broker/engine-state";
import * as engine from "../engine";
import { printText, say } from "../terminal";
import { action, interruptSignal, number } from "./run";

interface UpOptions {
  engine: string;
  port?: string;
  brokers?: string;
  secure?: boolean;
  monitoring?: boolean;
  reset?: boolean;
}

/** `alerts up` */
export function register(program: Command): void {
  program
    .command("up")
    .description("start Kafka and wait until it can be used; does nothing when it runs")
    .option("--engine <engine>", "local (Java), docker, external (KAFKA_BOOTSTRAP) or auto", "auto")
    .option("--port <port>", "port on 127.0.0.1; 0 for any free one (default: the one it had last, else 9092)")
    .option("--brokers <n>", "1, or 3 with three copies of everything (default: as its data are of, else 1)")
    .option("--secure", "also listen with TLS and logins; logins and groups as Rubin has them (--engine local)")
    .option("--monitoring", "also start alerts monitor and Prometheus, with the brokers' own measurements")
    .option("--reset", "empty it first: topics, groups and offsets")
    .action(action(up));
}

async function up(options: UpOptions): Promise<void> {
  const started = await engine.start({
    engine: options.engine as NonNullable<engine.StartEngineOptions["engine"]>,
    port: number("--port", options.port),
    brokers: number("--brokers", options.brokers) as 1 | 3 | undefined,
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
