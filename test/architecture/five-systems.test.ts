import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import * as library from "../../src";
import { root } from "../helpers/data";

interface Row {
  system: string;
  was: string;
  here: string;
  tests: { file: string; title: string }[];
}

const rows = readRows(readFileSync(join(root, "docs/five-systems.md"), "utf8"));

function readRows(page: string): Row[] {
  const rows: Row[] = [];
  let system = "";
  for (const line of page.split("\n")) {
    if (line.startsWith("## ")) system = line.slice(3);
    if (!line.startsWith("| ") || line.startsWith("| it could")) continue;
    const [, was, here, shown, rest] = line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
    expect(rest, `three cells in: ${line}`).toBe("");
    const tests = (shown ?? "").split("<br>").map((text) => {
      const [, file, title] = /^`([^`]+)` › (.+)$/.exec(text) ?? [];
      return { file: file ?? "", title: title ?? "" };
    });
    rows.push({ system, was: was!, here: here!, tests });
  }
  return rows;
}

/** What stands in backticks. */
const codes = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);

const { wholeProgram } = require(join(root, "dist/cli/program.js")) as { wholeProgram(): Command };
const program = wholeProgram();

/** What is wrong with `alerts send --every 39`, or nothing. */
function wrongInCommand(line: string): string | undefined {
  const [, ...words] = line.split(/\s+/);
  let command: Command = program;
  for (const word of words) {
    const part = command.commands.find((each) => each.name() === word);
    if (part) command = part;
    else if (command === program && !word.startsWith("-")) return `no command ${word}`;
    if (word.startsWith("-") && word !== "--help" && !command.options.some((o) => o.long === word || o.short === word))
      return `${command.name()} has no ${word}`;
  }
  return undefined;
}

/** `plot.sky` of the library. */
const memberOf = (value: any, path: string): unknown => path.split(".").reduce((part, name) => part?.[name], value);

function wrongInScript(line: string): string | undefined {
  const [script, ...options] = line.split(/\s+/);
  if (!existsSync(join(root, script!))) return `no ${script}`;
  const text = readFileSync(join(root, script!), "utf8");
  return options.find(
    (option) => !text.includes(`  ${option}`) && !text.includes(`[${option}`) && !text.includes(` ${option} `),
  );
}

/**
 * Titles of the tests of a file, read from its syntax tree, with … for what a template fills in. What is skipped or still to
 * be written does not count.
 */
async function titlesOf(file: string): Promise<Set<string>> {
  const { parseSync } = await import("vite");
  const titles = new Set<string>();
  const visit = (node: any): void => {
    if (typeof node !== "object" || node === null) return;
    if (Array.isArray(node)) return void node.forEach(visit);
    const [first] =
      node.type === "CallExpression" && /^(it|test)(?!.*\.(skip|todo)\b)/.test(calleeOf(node.callee))
        ? node.arguments
        : [];
    if (first?.type === "Literal") titles.add(String(first.value));
    if (first?.type === "TemplateLiteral") titles.add(first.quasis.map((part: any) => part.value.cooked).join("…"));
    Object.values(node).forEach(visit);
  };
  visit(parseSync(file, readFileSync(join(root, file), "utf8")).program);
  return titles;
}

/** `it.skipIf.` of `it.skipIf(…)("…")`; "" for anything that is no chain of names. */
function calleeOf(node: any): string {
  if (node.type === "Identifier") return node.name;
  if (node.type === "MemberExpression") return `${calleeOf(node.object)}.${node.property.name}`;
  return node.type === "CallExpression" ? calleeOf(node.callee) : "";
}

describe("docs/five-systems.md", () => {
  it("has rows for each of the five systems, none of them empty or twice", () => {
    const systems = new Map<string, number>();
    for (const { system } of rows) systems.set(system, (systems.get(system) ?? 0) + 1);
    expect(systems.size).toBe(5);
    for (const [system, count] of systems) expect([system, count >= 20]).toEqual([system, true]);
    const empty = rows.filter(
      ({ was, here, tests }) => !was || codes(here).length === 0 || tests.some(({ title }) => !title),
    );
    expect(empty).toEqual([]);
    expect(new Set(rows.map(({ system, was }) => `${system} ${was}`)).size).toBe(rows.length);
  });

  it("names commands, options, scripts and functions that there are", () => {
    const wrong = rows.flatMap(({ here }) =>
      codes(here).flatMap((code) => {
        if (code.startsWith("alerts ")) return wrongInCommand(code) ?? [];
        if (code.startsWith("./")) return wrongInScript(code) ?? [];
        const [, name] = /^([\w.]+)\(\)$/.exec(code) ?? [];
        return name && typeof memberOf(library, name) !== "function" ? `no function ${name}` : [];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it("says in each row a command, a script or a function", () => {
    const vague = rows.filter(({ here }) => !codes(here).some((code) => /^(alerts |\.\/)|\(\)$/.test(code)));
    expect(vague.map(({ was }) => was)).toEqual([]);
  });

  it("names tests that are there under that title, in files that npm test or test:full runs", async () => {
    const missing: string[] = [];
    const known = new Map<string, Set<string>>();
    for (const { file, title } of rows.flatMap(({ tests }) => tests)) {
      if (!/^(src|test)\/.+\.test\.ts$/.test(file) || !existsSync(join(root, file))) missing.push(`no file ${file}`);
      else {
        if (!known.has(file)) known.set(file, await titlesOf(file));
        if (!known.get(file)!.has(title)) missing.push(`${file} › ${title}`);
      }
    }
    expect(missing).toEqual([]);
    const config = readFileSync(join(root, "vitest.config.mts"), "utf8");
    for (const part of ["src/**/*.test.ts", "test/**/*.test.ts", "test/full/**/*.test.ts"])
      expect(config).toContain(`include: ["${part}"]`);
  });

  it("would notice what is not there", async () => {
    expect(wrongInCommand("alerts send --evry 39")).toBe("send has no --evry");
    expect(wrongInCommand("alerts groups describe")).toBeUndefined();
    expect(wrongInCommand("alerts sent")).toBe("no command sent");
    expect(wrongInScript("./launch_bootcamp.sh --porto")).toBe("--porto");
    expect([...(await titlesOf("test/architecture/five-systems.test.ts"))]).toContain("would notice what is not there");
  });
});
