import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../write-whole";
import { type Made, sections } from "./command";

/** What the list of commands shows of one. */
export interface Summary {
  readonly name: string;
  readonly summary: string;
  readonly section: string;
}

/** Written by the build: with it `alerts --help` loads no command. */
const file = join(__dirname, "summaries.json");

/** Loads the one command of this name. */
export const load: (name: string) => Made = (name) => (require(`./commands/${name}`) as { default: Made }).default;

/** All commands, by section and name. The files in `commands/` decide which there are. */
export function summaries(): Summary[] {
  const names = readdirSync(join(__dirname, "commands"))
    .filter((name) => /^\w+\.[jt]s$/.test(name))
    .map((name) => name.slice(0, -3));
  const written = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Summary[]) : [];
  const isCurrent = written.length === names.length && written.every(({ name }) => names.includes(name));
  return isCurrent ? written : read(names);
}

function read(names: readonly string[]): Summary[] {
  const place = ({ section }: Summary) => sections.findIndex((each) => section === `${each}:`);
  return names
    .map((name) => {
      const command = load(name)();
      return { name, summary: command.description(), section: command.helpGroup() };
    })
    .sort((a, b) => place(a) - place(b) || (a.name < b.name ? -1 : 1));
}

if (require.main === module) {
  writeWhole(file, "[]");
  writeWhole(file, JSON.stringify(summaries()));
}
