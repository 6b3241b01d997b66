import type { Command } from "commander";
import * as engine from "../engine";
import { say } from "../terminal";
import { action, interruptSignal } from "./run";

export function register(program: Command): void {
  program
    .command("setup")
    .description("install what npm does not: the Python environment with JupyterLab, and the Kafka jars")
    .option("--test", "also the Python packages of the tests")
    .option("--no-python", "leave the Python environment out")
    .option("--no-kafka", "leave the Kafka jars out")
    .action(
      action(async (options: { test?: boolean; python: boolean; kafka: boolean }) => {
        const report = await engine.setup({
          ...options,
          signal: interruptSignal(),
          onProgress: (line) => say(line),
        });
        const what = report.installed.length > 0 ? `installed ${report.installed.join(", ")}` : "everything is there";
        say(`${what}: ${report.folder}`);
      }),
    );
}
