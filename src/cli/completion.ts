import type { Argument, Command, Option } from "commander";

/** A command and its parts as completion needs them, from the declarations that the help is made of. */
export interface Node {
  /** The words that lead to it: `topics list`; empty for `alerts` itself. */
  readonly path: string;
  readonly parts: readonly { readonly name: string; readonly summary: string }[];
  readonly options: readonly CompletedOption[];
  /** Whether its arguments are files or folders. */
  readonly takesFiles: boolean;
}

export interface CompletedOption {
  readonly names: readonly string[];
  readonly summary: string;
  /** What may follow: words, a file or folder, something unknown, or nothing. */
  readonly value: readonly string[] | "file" | "other" | "none";
}

/** Placeholders of options and arguments that a file name stands for. */
const fileNames = /file|folder|path|sources|notebooks/;

/** The tree of commands, flat: `alerts` first. */
export function nodesOf(command: Command, path = ""): Node[] {
  const parts = command.commands.map((part) => ({ name: part.name(), summary: part.description() }));
  const takesFiles = command.registeredArguments.some((argument: Argument) => fileNames.test(argument.name()));
  const inherited = path === "" ? [] : rootOf(command).options.filter(({ long }) => long === "--verbose");
  const options = [...command.options, ...inherited].filter(({ hidden }) => !hidden).map(completed);
  const help: CompletedOption = { names: ["-h", "--help"], summary: "show its help", value: "none" };
  const own: Node = { path, parts, options: [...options, help], takesFiles };
  return [own, ...command.commands.flatMap((part) => nodesOf(part, `${path} ${part.name()}`.trim()))];
}

const rootOf = (command: Command): Command => (command.parent ? rootOf(command.parent) : command);

function completed({ long, short, description, required, optional, argChoices, flags }: Option): CompletedOption {
  const names = [short, long].filter((name) => name !== undefined);
  const placeholder = /<(.*)>/.exec(flags)?.[1] ?? "";
  const value = !required && !optional ? "none" : (argChoices ?? (fileNames.test(placeholder) ? "file" : "other"));
  return { names, summary: description, value };
}
