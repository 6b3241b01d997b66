import ts from "typescript-6";
import type { Inspection } from "./types";

/** What is known of the name at a place, or of the function whose arguments stand there: its type and its doc comment. */
export function inspectionAt(
  service: ts.LanguageService,
  path: string,
  start: number,
  at: number,
): Inspection | undefined {
  for (const place of [at, at - 1].filter((one) => one >= 0)) {
    const info = service.getQuickInfoAtPosition(path, start + place);
    // of a name that is nothing TypeScript says "any"
    const line = text(info?.displayParts)
      // names of earlier cells are imported for the compiler alone
      .replace(/^\(alias\) /, "")
      .replace(/\nimport .*$/, "");
    if (info && line !== "any") return inspection(line, text(info.documentation), info.tags);
  }
  const help = service.getSignatureHelpItems(path, start + at, undefined);
  const item = help?.items[help.selectedItemIndex];
  if (!item) return undefined;
  const parameters = item.parameters.map((one) => text(one.displayParts));
  const line = `${text(item.prefixDisplayParts)}${parameters.join(", ")}${text(item.suffixDisplayParts)}`;
  return inspection(line, text(item.documentation), item.tags);
}

const text = (parts: readonly ts.SymbolDisplayPart[] | undefined): string =>
  ts.displayPartsToString([...(parts ?? [])]);

function inspection(line: string, words: string, tags: readonly ts.JSDocTagInfo[] = []): Inspection {
  const notes = tags.filter(({ name }) => name !== "example").map((tag) => ({ name: tag.name, text: text(tag.text) }));
  const examples = tags.filter(({ name }) => name === "example").map((tag) => text(tag.text).trim());
  const plain = [
    line,
    words,
    notes.map((note) => `${note.name}: ${note.text}`).join("\n"),
    ...examples.map((example) => `Example:\n${example}`),
  ];
  const markdown = [
    `\`\`\`typescript\n${line}\n\`\`\``,
    words,
    notes.map((note) => `- *${note.name}* ${note.text.replace(/\n/g, "\n  ")}`).join("\n"),
    ...examples.map((example) => `**Example**\n\n${fenced(example)}`),
  ];
  return { plain: joined(plain), markdown: joined(markdown) };
}

const fenced = (code: string): string => (code.includes("```") ? code : `\`\`\`typescript\n${code}\n\`\`\``);
const joined = (parts: readonly string[]): string => parts.filter((part) => part.trim() !== "").join("\n\n");
