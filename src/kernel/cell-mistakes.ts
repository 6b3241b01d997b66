import { excerpt } from "./cells/traceback";
import type { Checked } from "./compiler/types";
import type { CellError } from "./frames";

/** The error of a cell of which nothing was run: says the place, the mistake and the remedy of each. */
export function mistakes({ mistakes: found }: Checked, label: string, source: string): CellError {
  const [first] = found;
  const traceback = found.flatMap(({ code, line, column, length, text, remedy, module }) => [
    `${code}: ${text}`,
    ...(remedy ? [`  → ${remedy}`] : []),
    ...excerpt(
      { label, source, lines: [], ...module },
      line,
      `${" ".repeat(column - 1)}${"^".repeat(Math.min(length, 60))}`,
    ),
  ]);
  const evalue = `${first?.module?.label ?? label}, line ${first?.line}: ${first?.text}`;
  return { ename: first?.code ?? "Error", evalue, traceback };
}
