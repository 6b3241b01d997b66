import { createRequire } from "node:module";
import { join } from "node:path";
import type * as TypeScript from "typescript-6";
import { describe, expect, it } from "vitest";
import { root } from "../helpers/data";
import { type Cell, readCells } from "./run-notebook";
import { notebooks } from "./run-part";

const ts: typeof TypeScript = createRequire(join(root, "package.json"))("typescript-6");

/**
 * What somebody who knows Python cannot read: `x!` anywhere; `{ ...a }` and `Name<…>` unless the text before has shown them
 * between backticks.
 */
function unexplained(cells: readonly Cell[]): string[] {
  const found: string[] = [];
  let explained = "";
  for (const { id, kind, source } of cells) {
    if (kind === "markdown") explained += source;
    else found.push(...inCode(source, explained).map((what) => `${id}: ${what}`));
  }
  return found;
}

function inCode(source: string, explained: string): string[] {
  const found: string[] = [];
  const visit = (node: TypeScript.Node): void => {
    const text = () => node.getText(file).slice(0, 60);
    const isRest = ts.isBindingElement(node) && node.dotDotDotToken && ts.isObjectBindingPattern(node.parent);
    if (ts.isNonNullExpression(node)) found.push(text());
    if ((ts.isSpreadAssignment(node) || isRest) && !explained.includes("`{ ...")) found.push(text());
    const generic = ts.isTypeReferenceNode(node) || ts.isCallExpression(node) || ts.isNewExpression(node);
    if (generic && node.typeArguments && !explained.includes(`\`${text().split("<")[0]!.replace("new ", "")}<`))
      found.push(text());
    ts.forEachChild(node, visit);
  };
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest, true);
  visit(file);
  return found;
}

describe("the cells, for people who know Python", () => {
  it.each(notebooks)(
    "of $name hold no !, and explain copies of objects and types with a parameter first",
    ({ name }) => {
      expect(unexplained(readCells(name))).toEqual([]);
    },
  );

  it("would be found otherwise", () => {
    const code = (id: string, source: string): Cell => ({ id, kind: "code", source });
    const cells: Cell[] = [
      code("a", "const a = list.find(f)!.x; const ok = a !== 1 && !b && [...list, ...more];"),
      code("b", "const b = { ...a, x: 1 };\nconst c = new Set<string>();"),
      code("c", "const f = ({ x, ...rest }: Record<string, number>) => plot.arrivals<Alert>({});"),
      { id: "d", kind: "markdown", source: "`{ ...a, x: 1 }` copies; `Set<string>` holds texts" },
      code("e", "const b = { ...a, x: 1 };\nconst c = new Set<string>();"),
    ];
    expect(unexplained(cells)).toEqual([
      "a: list.find(f)!",
      "b: ...a",
      "b: new Set<string>()",
      "c: ...rest",
      "c: Record<string, number>",
      "c: plot.arrivals<Alert>({})",
    ]);
  });
});
