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
  "sql",
  "monitor",
  "shell",
  "web",
  "doctor",
  "stream start",
]);

/**
 * Gives every command that talks to a broker the option `--profile`, also those that are parts of another one. The
 * choice goes by KAFKA_PROFILE, which the library and every program started from here look at.
 */
export function addProfileOption(program: Command): void {
  for (const command of program.commands) addTo(command, command.name());
}

function addTo(command: Command, name: string, isPart = false): void {
  const talks = isPart || talkative.has(name);
  for (const part of command.commands) addTo(part, `${name} ${part.name()}`, talks);
  if (!talks || command.commands.length > 0) return;
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
