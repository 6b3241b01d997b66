import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { root } from "../helpers/data";
import { inProcess } from "../helpers/in-process";

interface Program {
  alertsProgram(words: readonly string[]): Command;
  wholeProgram(): Command;
}
const { alertsProgram, wholeProgram } = require(join(root, "dist/cli/program.js")) as Program;
const program = wholeProgram();

/** Commands that do something, each with the words that lead to it. */
const leaves = (command: Command, path: string[] = []): [string, Command][] =>
  command.commands.flatMap((part) => {
    const words = [...path, part.name()];
    return part.commands.length > 0 ? leaves(part, words) : [[words.join(" "), part] as [string, Command]];
  });

it("has a command for each file in commands, and loads only the one that is named", () => {
  const files = readdirSync(join(root, "src/cli/commands")).map((name) => name.replace(/\.ts$/, ""));
  const names = (made: Command) => made.commands.map((command) => command.name()).toSorted();
  expect(names(program)).toEqual(files.toSorted());
  const one = alertsProgram(["-v", "print", "topics"]);
  expect(names(one)).toEqual(files.toSorted());
  const loaded = one.commands.filter((command) => command.options.length + command.commands.length > 0);
  expect(loaded.map((command) => command.name())).toEqual(["print"]);
});

it("shows the list of commands without loading any of them", () => {
  const told = "process.on('exit', () => process.stderr.write(Object.keys(require.cache).join('\\n')))";
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["-e", `${told}; require("./dist/cli/main.js")`, "x", "--help"],
    {
      cwd: root,
      encoding: "utf8",
    },
  );
  for (const command of program.commands) expect(stdout).toMatch(new RegExp(`^  ${command.name()} +\\w`, "m"));
  const files = stderr.split("\n").filter((path) => path.startsWith(join(root, "dist")));
  expect(files.length).toBeGreaterThan(3);
  const inRooms = files
    .map((path) => relative(join(root, "dist"), path))
    .filter((path) => !/^(cli\/)?[\w-]+\.js$/.test(path));
  expect(inRooms).toEqual([]);
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
