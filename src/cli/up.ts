import type { Command } from "commander";
import { type StartEngineOptions, startEngine } from "../index";
import { action, interruptSignal, number } from "./run";

interface UpOptions {
  engine: string;
  port?: string;
  brokers?: string;
  reset?: boolean;
}

/** `alerts up` */
export function register(program: Command): void {
  program
    .command("up")
    .description("start Kafka and wait until it can be used; does nothing when it runs")
    .option("--engine <engine>", "local (Java), docker, external (KAFKA_BOOTSTRAP) or auto", "auto")
    .option("--port <port>", "port on 127.0.0.1; 0 for any free one (default: 9092)")
    .option("--brokers <n>", "1, or 3 with three copies of everything (default: 1)")
    .option("--reset", "empty it first: topics, groups and offsets")
    .action(action(up));
}

async function up(options: UpOptions): Promise<void> {
  const engine = await startEngine({
    engine: options.engine as NonNullable<StartEngineOptions["engine"]>,
    port: number("--port", options.port),
    brokers: number("--brokers", options.brokers) as 1 | 3 | undefined,
    reset: options.reset === true,
    signal: interruptSignal(),
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
  const state = engine.alreadyRunning ? "runs already" : "is ready";
  process.stderr.write(`Kafka ${engine.version} (${engine.engine}) ${state}\n`.replace("  ", " "));
  console.log(engine.bootstrap);
}
