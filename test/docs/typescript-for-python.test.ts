import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript-6";
import { describe, expect, it } from "vitest";
import { needs, root } from "../helpers/data";
import { runPython } from "../helpers/python";

const page = readFileSync(join(root, "docs/typescript-for-python.md"), "utf8");
const block = (language: string) => new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "s").exec(page)![1]!;
/** The lines of a cell of a table: code in backticks with <br> between. */
const linesOf = (cell: string) =>
  cell
    .split("<br>")
    .map((line) => line.trim().replace(/^(`+) ?(.*?) ?\1$/, "$2"))
    .join("\n")
    .replaceAll("\\|", "|");
const rows = page
  .split("\n")
  .filter((line) => /^\| [^|]+ \| `/.test(line))
  .map((line) => {
    const [what, python, typescript] = line.split(/(?<!\\)\|/).slice(1, -1);
    return { what: what!.trim(), python: linesOf(python!.trim()), typescript: linesOf(typescript!.trim()) };
  });

/** Runs lines and prints the value of the last one as JSON, for each row of what comes on standard input. */
const runRows = `
import ast, json, sys
setup, rows = json.load(sys.stdin)
for row in rows:
    names = {}
    exec(setup, names)
    tree = ast.parse(row)
    last = ast.Expression(tree.body.pop().value)
    exec(compile(tree, "row", "exec"), names)
    print(json.dumps(eval(compile(last, "row", "eval"), names)))
`;

/** The same of one row of TypeScript. */
function valueIn(code: string): Promise<unknown> {
  const source = ts.createSourceFile("row.ts", code, ts.ScriptTarget.ES2022, true);
  const last = source.statements.at(-1)!;
  if (!ts.isExpressionStatement(last)) throw new Error(`Expected an expression at the end, got ${last.getText()}`);
  const body = `${block("ts")}\n{ ${code.slice(0, last.getStart())}\nreturn (${last.expression.getText()}); }`;
  const { outputText } = ts.transpileModule(`async function row() { ${body} }`, {
    compilerOptions: { target: ts.ScriptTarget.ES2022 },
  });
  return new Function(`${outputText}; return row();`)();
}

/** What the compiler says of the rows, each in a block of its own, strict as in a cell. */
function mistakes(): string[] {
  const text = [block("ts"), ...rows.map(({ typescript }) => `{\n${typescript}\n}`), "export {};"].join("\n");
  const { ES2022: target } = ts.ScriptTarget;
  const module = ts.ModuleKind.ESNext;
  const options = { strict: true, noEmit: true, target, module, lib: ["lib.es2023.d.ts"], types: [] };
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (name, ...rest) =>
    name === "rows.ts" ? ts.createSourceFile(name, text, target) : getSourceFile(name, ...rest);
  return ts.getPreEmitDiagnostics(ts.createProgram(["rows.ts"], options, host)).map(({ messageText, start = 0 }) => {
    const line = text.slice(0, start).split("\n").length - 1;
    return `${text.split("\n")[line]}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
}

describe.skipIf(needs.python())("the page for people who know Python", () => {
  const input = JSON.stringify([block("python"), rows.map(({ python }) => python)]);
  const expected = runPython(runRows, [], input).trim().split("\n");

  it("has at least 25 rows", () => {
    expect(rows.length).toBeGreaterThanOrEqual(25);
    expect(expected).toHaveLength(rows.length);
  });

  it.each(rows.map((row, n) => ({ ...row, n })))("gives the same in both languages: $what", async (row) => {
    const value = await valueIn(row.typescript);
    expect(value ?? null).toEqual(JSON.parse(expected[row.n]!));
  });

  it("has no mistake that a cell would name", () => {
    expect(mistakes()).toEqual([]);
  });
});
