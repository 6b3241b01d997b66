import { Command } from "commander";
import { say } from "../terminal";
import { version } from "../version";
import { load, summaries } from "./summaries";

const start = `
Start with:
  alerts up                           a Kafka on this machine
  alerts stream start                 a night of alerts, visit by visit
  alerts print ztf-stream --limit 5   the first of them

Each command has examples in its help: alerts print --help`;

/**
 * The command line of `alerts`, ready to parse `words`. Only the command that they name is loaded; of the others the list
 * is there. Wrong usage ends the process with 2.
 */
export function alertsProgram(words: readonly string[]): Command {
  const [first, second] = words.filter((word) => !word.startsWith("-"));
  return program((name) => name === (first === "help" ? second : first));
}

/** The same with every command, for completion and tests. */
export const wholeProgram = (): Command => program(() => true);

function program(isLoaded: (name: string) => boolean): Command {
  const made = new Command("alerts")
    .description("Astronomical alert streams on a real Apache Kafka.")
    .version(version)
    .option("-v, --verbose", "say more, and show the stack of an error")
    .addHelpText("after", start)
    .showHelpAfterError("(add --help for the options)")
    .configureOutput({ writeErr: (text) => say(text.trimEnd()) })
    .exitOverride((error) => {
      // commander ends with 1 for wrong usage; the contract here is 2
      process.exit(error.exitCode === 0 ? 0 : 2);
    });
  for (const { name, summary, section } of summaries()) {
    const command = isLoaded(name) ? load(name)() : new Command(name).description(summary).helpGroup(section);
    adopt(made, command);
  }
  return made;
}

/** Adds a command with its parts; how errors end is inherited. */
function adopt(parent: Command, command: Command): void {
  command.copyInheritedSettings(parent);
  for (const part of command.commands) part.copyInheritedSettings(command);
  parent.addCommand(command);
}
