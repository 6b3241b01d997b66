import { type Command, Option } from "commander";

/** Commands that talk to a broker; those that start one or read files only take no profile. */
const talkative = new Set([
  "topics",
  "send",
  "print",
  "filter",
  "dead",
  "groups",
  "load",
  "play",
  "poll",
  "monitor",
  "shell",
  "web",
  "doctor",
]);

/**
 * Gives every command that talks to a broker the option `--profile`, also those that are parts of another one. The
 * choice goes by KAFKA_PROFILE, which the library and every program started from here look at.
 */
export function addProfileOption(program: Command): void {
  for (const command of program.commands) if (talkative.has(command.name())) addTo(command);
}

function addTo(command: Command): void {
  if (command.commands.length > 0) {
    for (const part of command.commands) addTo(part);
    return;
  }
  command.addOption(
    new Option(
      "--profile <name>",
      "broker and login to use (see .env.example); practice: the one of alerts up --secure",
    ).argParser((name: string) => {
      process.env.KAFKA_PROFILE = name;
      return name;
    }),
  );
}
