import { Argument, Command } from "commander";
import type { BrokerChoice } from "./choose-broker";
import type { Declarations, Values } from "./option";
import { action } from "./run";

/** Headings of the list of commands, in this order. */
export const sections = [
  "On this machine",
  "Alerts in files",
  "Alerts in Kafka",
  "Notebooks and your own work",
] as const;

type ArgumentOf<Word extends string> = Word extends `${string}...${string}`
  ? string[]
  : Word extends `<${string}`
    ? string
    : string | undefined;
type ArgumentsOf<Words extends string> = Words extends `${infer Word} ${infer Rest}`
  ? [ArgumentOf<Word>, ...ArgumentsOf<Rest>]
  : [ArgumentOf<Words>];
/** `"find <id> [paths...]"` → `[string, string[]]` */
type Given<Usage extends string> = Usage extends `${string} ${infer Words}` ? ArgumentsOf<Words> : [];

interface About {
  /** What it does, in the list of commands and on top of its help. */
  summary: string;
  /** Heading that a command of the first level stands under. */
  section?: (typeof sections)[number];
}

interface Spec<Usage extends string, D extends Declarations> extends About {
  /** What the arguments are, by name; for those that do not explain themselves. */
  arguments?: Readonly<Record<string, string>>;
  options?: D;
  /** What the summary does not say, below the options. */
  notes?: string;
  examples: readonly [string, string, ...string[]];
  /** The work; returns its exit code, or nothing for 0. */
  run(...given: [...Given<Usage>, Values<D>]): Promise<unknown>;
}

/** Makes a command, new each time: commander keeps in it what was typed. */
export type Made = () => Command;

/**
 * Declares a command: all there is to say of it, in one place. A file in `commands/` whose default export is one is a
 * command of `alerts`.
 *
 * @param usage its name and arguments, as commander writes them: `print <topic>`, `find <id> [paths...]`
 */
export function command<const Usage extends string, const D extends Declarations = Record<never, never>>(
  usage: Usage,
  spec: Spec<Usage, D>,
): Made {
  const [name = "", ...words] = usage.split(" ");
  return () => {
    const made = titled(name, spec);
    for (const word of words) made.addArgument(new Argument(word, spec.arguments?.[word.replace(/\W/g, "")]));
    for (const [key, option] of Object.entries(spec.options ?? {})) {
      if (option.attributeName() !== key) throw new Error(`${usage}: ${option.flags} is declared as ${key}`);
      made.addOption(option);
      if (option.off) made.addOption(option.off);
    }
    const examples = spec.examples.map((line) => `  ${line}`).join("\n");
    made.addHelpText("after", `${spec.notes ? `\n${spec.notes.trim()}\n` : ""}\nExamples:\n${examples}`);
    return made.action(
      action(async (...given: unknown[]) => {
        const options = given.at(-2) as BrokerChoice;
        if (options.bootstrap !== undefined || options.profile !== undefined) {
          // loaded here: most commands are not told a broker
          const { chooseBroker } = require("./choose-broker") as typeof import("./choose-broker");
          chooseBroker(options);
        }
        return spec.run(...(given.slice(0, -1) as [...Given<Usage>, Values<D>]));
      }),
    );
  };
}

/** Declares a command that only has parts, as `topics` has `list` and `create`. */
export function commands(name: string, about: About, parts: readonly Made[]): Made {
  return () => {
    const made = titled(name, about);
    for (const part of parts) made.addCommand(part());
    return made;
  };
}

function titled(name: string, { summary, section }: About): Command {
  const made = new Command(name).description(summary);
  return section ? made.helpGroup(`${section}:`) : made;
}
