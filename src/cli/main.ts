#!/usr/bin/env node
import { Command } from "commander";
import { projectRoot, version } from "../index";
import { addProfileOption } from "./broker-option";
import { outliveReader } from "./output";
import { loadSettings } from "./settings";

loadSettings(projectRoot);
for (const stream of [process.stdout, process.stderr]) outliveReader(stream);

const program = new Command("alerts")
  .description("Astronomical alert streams on a real Apache Kafka.")
  .version(version)
  .option("-v, --verbose", "say more, and show the stack of an error")
  .showHelpAfterError("(add --help for the options)")
  .exitOverride((error) => {
    // commander ends with 1 for wrong usage; the contract here is 2
    process.exit(error.exitCode === 0 ? 0 : 2);
  });

// Each command is one file of that name.
const commands = [
  "up",
  "down",
  "status",
  "doctor",
  "setup",
  "stream",
  "lab",
  "download",
  "read",
  "local",
  "find",
  "topics",
  "simulate",
  "send",
  "print",
  "poll",
  "filter",
  "dead",
  "groups",
  "monitor",
  "load",
  "play",
  "progress",
  "shell",
  "web",
];
for (const name of commands) {
  (require(`./${name}`) as { register(program: Command): void }).register(program);
}
addProfileOption(program);

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`alerts: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
