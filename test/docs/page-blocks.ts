import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A fenced block of a page that begins with the name of a file. */
export interface Block {
  readonly language: string;
  readonly file: string;
  readonly text: string;
}

/** The blocks below a heading that name a file in their first line, as a comment. */
export function blocksOf(page: string, heading: string): Block[] {
  const part = page.split(/^#{2,3} /m).find((each) => each.startsWith(`${heading}\n`));
  if (part === undefined) throw new Error(`the page has no heading "${heading}"`);
  return [...part.matchAll(/^```(\w+)\n ?\/\/ (.+)\n([\s\S]*?)^```$/gm)].map(([, language, file, text]) => ({
    language: language!,
    file: file!,
    text: text!,
  }));
}

/** Does in `folder` what a block says: writes the file, or changes the one that is there. */
export function apply(block: Block, folder: string): void {
  const path = join(folder, block.file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, block.language === "diff" ? changed(readFileSync(path, "utf8"), block) : block.text);
}

/** Lines with `+` go below the line before them, those with `-` go; each line that is named has to be there once. */
function changed(text: string, { file, text: changes }: Block): string {
  const lines = text.split("\n");
  let at = -1;
  for (const line of changes.trimEnd().split("\n")) {
    const [sign, content] = [line[0], line.slice(1)];
    if (sign === "+") {
      lines.splice(++at, 0, content);
      continue;
    }
    const found = lines.flatMap((each, i) => (each === content ? [i] : []));
    if (found.length !== 1) throw new Error(`${file} has ${found.length} lines "${content}", expected one`);
    at = found[0]!;
    if (sign === "-") lines.splice(at--, 1);
  }
  return lines.join("\n");
}
