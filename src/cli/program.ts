import { Command } from "commander";
import { say } from "../terminal";
import { version } from "../version";
import { addProfileOption } from "./broker-option";
import { addExamples } from "./examples";

// Each command is one file of that name.
const commands = [
  "up",
  "down",
  "status",
  "doctor",
  "setup",
  "stream",
  "lab",
  "kernel",
  "download",
  "read",
  "local",
  "find",
  "sql",
  "new",
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

/** The command line of `alerts`, ready to parse. Wrong usage ends the process with 2. */
export function alertsProgram(): Command {
  const program = new Command("alerts")
    .description("Astronomical alert streams on a real Apache Kafka.")
    .version(version)
    .option("-v, --verbose", "say more, and show the stack of an error")
    .showHelpAfterError("(add --help for the options)")
    .configureOutput({ writeErr: (text) => say(text.trimEnd()) })
    .exitOverride((error) => {
      // commander ends with 1 for wrong usage; the contract here is 2
      process.exit(error.exitCode === 0 ? 0 : 2);
    });
  for (const name of commands) (require(`./${name}`) as { register(program: Command): void }).register(program);
  addProfileOption(program);
  addExamples(program);
  return program;
}
