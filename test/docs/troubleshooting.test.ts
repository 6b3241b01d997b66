import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { root } from "../helpers/data";
import { printedLines } from "./message-templates";

// each command is a file that is required when it is asked for
const { wholeProgram } = createRequire(join(root, "package.json"))("./dist/cli/program.js");
const read = (name: string) => readFileSync(join(root, "docs", name), "utf8");
const page = read("troubleshooting.md");
const symptoms = page.split(/^### /m).slice(1);

/** What is wrong with a command that the page names; undefined when all its names are there. */
function problemOf(words: readonly string[]): string | undefined {
  let command: Command = wholeProgram();
  let at = 0;
  for (; command.commands.length > 0; at++) {
    const next = command.commands.find((one) => one.name() === words[at]);
    if (!next) return `no command ${words.slice(0, at + 1).join(" ")}`;
    command = next;
  }
  const options = words.slice(at).filter((word) => word.startsWith("-"));
  const known = command.options.flatMap(({ short, long }) => [short, long]);
  const odd = options.find((option) => !known.includes(option));
  return odd && `${command.name()} has no ${odd}`;
}

describe("docs/troubleshooting.md", () => {
  it("has at least 20 symptoms, each with a command or a setting that helps", () => {
    expect(symptoms.length).toBeGreaterThanOrEqual(20);
    const without = symptoms.filter((text) => !/`(npx alerts|npm run|KAFKA_)|printed under it/.test(text));
    expect(without.map((text) => text.split("\n")[0])).toEqual([]);
  });

  it("quotes what the product prints", () => {
    const isPrinted = printedLines();
    const lines = [...page.matchAll(/^```text\n([\s\S]*?)```/gm)].flatMap(([, text]) => text!.trim().split("\n"));
    expect(lines.length).toBeGreaterThan(30);
    expect(lines.filter((line) => !isPrinted(line))).toEqual([]);
    expect(isPrinted("Expected Kafka to be in a better mood, it is not")).toBe(false);
    expect(isPrinted("Expected port 9092 to be free; somebody or other listens on it")).toBe(false);
  });

  it("names commands and options that there are", () => {
    const lines = [...page.matchAll(/npx alerts ([^`]+)`/g)].map(([, line]) => line!.trim().split(/\s+/));
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.flatMap((words) => problemOf(words) ?? [])).toEqual([]);
    expect(problemOf(["print", "--nonsense"])).toBe("print has no --nonsense");
  });
});

describe("docs/glossary.md", () => {
  const entries = [...read("glossary.md").matchAll(/^\*\*(.+?)\.\*\* ([\s\S]*?)(?=\n\n|$(?![\s\S]))/gm)];
  const terms = entries.map(([, term]) => term!);

  it("has its terms in order, each once and in at most three sentences", () => {
    expect(terms.length).toBeGreaterThanOrEqual(40);
    expect(terms).toEqual([...new Set(terms)].sort((a, b) => a.localeCompare(b, "en")));
    const long = entries.filter(([, , text]) => text!.split(/[.?](?:\s|$)/).filter(Boolean).length > 4);
    expect(long.map(([, term]) => term)).toEqual([]);
  });

  it.each(["glossary.md", "troubleshooting.md"])(
    "%s is linked from README, and links to pages that are there",
    (name) => {
      expect(readFileSync(join(root, "README.md"), "utf8")).toContain(`(docs/${name})`);
      const links = [...read(name).matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, link]) => link!);
      expect(links.filter((link) => !existsSync(join(root, "docs", link)))).toEqual([]);
    },
  );
});
