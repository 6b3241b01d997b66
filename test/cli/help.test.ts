import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { root } from "../helpers/data";
import { inProcess } from "../helpers/in-process";

const { alertsProgram } = require(join(root, "dist/cli/program.js")) as { alertsProgram(): Command };
const program = alertsProgram();

/** Commands that do something, each with the words that lead to it. */
const leaves = (command: Command, path: string[] = []): [string, Command][] =>
  command.commands.flatMap((part) => {
    const words = [...path, part.name()];
    return part.commands.length > 0 ? leaves(part, words) : [[words.join(" "), part] as [string, Command]];
  });

it("every file that has a command is asked for it", () => {
  const folder = join(root, "src/cli");
  const files = readdirSync(folder).filter((name) =>
    /^export function register\(program/m.test(readFileSync(join(folder, name), "utf8")),
  );
  const commands = program.commands.map((command) => `${command.name()}.ts`);
  expect(commands.toSorted()).toEqual(files.toSorted());
});

describe("the help of every command", () => {
  it.each(leaves(program))("has two examples, which name options that there are: %s", async (name) => {
    const { code, stdout } = await inProcess([...name.split(" "), "--help"]);
    expect(code).toBe(0);
    const lines = stdout.slice(stdout.indexOf("\nExamples:\n")).match(/\balerts .*/g) ?? [];
    expect(lines.length).toBeGreaterThanOrEqual(2);
    for (const line of lines) {
      const words = line
        .replace(/\s{2,}.*/, "")
        .replace(/ \|.*/, "")
        .split(/\s+/)
        .slice(1);
      let command: Command | undefined = program;
      for (const word of words) {
        const part: Command | undefined = command.commands.find((each) => each.name() === word);
        if (part) command = part;
        const option = /^(--?[a-z][\w-]*)/.exec(word)?.[1];
        const isThere = !option || command.options.some((each) => each.long === option || each.short === option);
        expect([line, word, isThere]).toEqual([line, word, true]);
      }
      expect([line, command === program]).toEqual([line, false]);
    }
  });
});
