import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript-6";
import { root } from "../helpers/data";
import { projectFiles } from "../helpers/project-files";

/** Words that a pattern must have of its own, so that it does not fit anything. */
const leastLetters = 9;
const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Says whether a line could be printed: a text of `src` fits it, and so do the words that are filled in. */
export function printedLines(): (line: string) => boolean {
  const patterns: RegExp[] = [];
  const whole = new Set<string>();
  const add = (...pieces: readonly string[]) => {
    const last = pieces.findIndex((piece) => piece.includes("\n"));
    const line = last < 0 ? pieces : [...pieces.slice(0, last), pieces[last]!.split("\n")[0]!];
    if (line.length === 1) whole.add(line[0]!);
    if (line.join("").replaceAll(/\W/g, "").length < leastLetters) return;
    patterns.push(new RegExp(`^${line.map(escaped).join("(.*)")}$`));
  };
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) add(node.text);
    if (ts.isTemplateExpression(node)) add(node.head.text, ...node.templateSpans.map(({ literal }) => literal.text));
    ts.forEachChild(node, visit);
  };
  for (const file of projectFiles().filter((name) => /^src\/.*(?<!\.test)\.ts$/.test(name)))
    visit(ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.ES2022));
  // several words are no name or number of a user's, so they stand in `src` as well
  const isFilledIn = (text: string) =>
    !/[a-z]+ [a-z]+ [a-z]+/.test(text) || whole.has(text) || patterns.some((pattern) => pattern.test(text));
  return (line) =>
    patterns.some(
      (pattern) =>
        pattern
          .exec(line)
          ?.slice(1)
          .every((text) => isFilledIn(text)) ?? false,
    );
}
