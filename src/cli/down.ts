import type { Command } from "commander";
import * as engine from "../engine";
import { say } from "../terminal";
import { action, interruptSignal } from "./run";

/** `alerts down` */
export function register(program: Command): void {
  program
    .command("down")
    .description("stop the Kafka that was started here and wait until it is gone")
    .option("--reset", "also remove its topics, groups and offsets")
    .action(action(down));
}

async function down(options: { reset?: boolean }): Promise<void> {
  const stopped = await engine.stop({
    reset: options.reset === true,
    signal: interruptSignal(),
    onProgress: (line) => say(line),
  });
  const what = stopped ? `Kafka (${stopped.engine}) stopped` : "no Kafka was running here";
  say(`${what}${options.reset ? "; its data are removed" : ""}`);
  if (process.env.KAFKA_BOOTSTRAP) say("the one named by KAFKA_BOOTSTRAP is left as it is");
}
