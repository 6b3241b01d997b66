// @module-tag long
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import ts from "typescript-6";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import * as library from "../../src/index";
import { exampleNames } from "./example-names";
import { mistakesIn, publicNames } from "./public-docs";

const all = publicNames();
const examples = all.flatMap(({ name, examples: each }) => each.map((code) => ({ name, code })));
const room = Object.keys(library).join(", ");

/** Asks a broker, a service, the network or files that are somewhere else, or waits for a learner. */
const outside =
  /\b(subscribe|publish|readAlerts|watch|check|hint|solution|progress|SchemaRegistry|registerSchema|loadCatalog|crossmatchCds|readParquet)\(|\b(files|kafka|engine|lesson)\.|plot\.(save|live)\(/;

describe("doc comments of what is public", () => {
  it("say what each name is", () => {
    expect(all.length).toBeGreaterThan(300);
    expect(all.filter(({ comment }) => comment.length < 10).map(({ name }) => name)).toEqual([]);
  });

  it("give an example for each value", () => {
    const without = all.filter((one) => one.isValue && one.examples.length === 0);
    expect(without.map(({ name }) => name)).toEqual([]);
  });
});

describe("examples of doc comments", () => {
  let names: Awaited<ReturnType<typeof exampleNames>>;
  const folder = mkdtempSync(join(tmpdir(), "examples-"));
  const before = process.cwd();
  beforeAll(async () => {
    names = await exampleNames();
    process.chdir(folder); // where reports and tables go
  });
  afterAll(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true, force: true });
  });

  it("have no mistake that a strict cell would name", () => {
    const head = `import { readFileSync, writeFileSync } from "node:fs";
import { ${room} } from "../../src/index";
import { exampleNames } from "./example-names";
const { ${Object.keys(names).join(", ")} } = await exampleNames();`;
    const blocks = examples.map(({ code }) => `async () => {\n${code}\n};`);
    expect(mistakesIn([head, ...blocks].join("\n"))).toEqual([]);
    expect(mistakesIn(`${head}\nalert.magnitude;`)).toEqual([expect.stringContaining("'magnitude' does not exist")]);
  });

  const running = examples.filter(({ code }) => !outside.test(code));

  it.each(running)("$name: runs, and gives what its comment says", async ({ code }) => {
    vi.spyOn(console, "log").mockImplementation(() => {});
    const source = ts.createSourceFile("example.ts", code, ts.ScriptTarget.ES2022, true);
    const last = source.statements.at(-1)!;
    const body = ts.isExpressionStatement(last)
      ? `${code.slice(0, last.getStart())}\nreturn (${last.expression.getText()});`
      : code;
    const { outputText } = ts.transpileModule(`async function example() { ${body} }`, {
      compilerOptions: { target: ts.ScriptTarget.ES2022 },
    });
    // a figure is made; what shows it needs a cell
    const known = { ...library, ...names, show: () => {}, writeFileSync: () => {} };
    const value = await new Function(...Object.keys(known), `${outputText}\nreturn example();`)(
      ...Object.values(known),
    );
    const [, comment] = /\/\/ (.*)$/.exec(code) ?? [];
    vi.restoreAllMocks();
    if (comment === undefined) return;
    const pieces = comment.split("…").map((piece) => piece.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const text =
      typeof value === "string"
        ? value
        : inspect(value, { breakLength: Number.POSITIVE_INFINITY }).replaceAll(/\s+/g, " ");
    expect(text).toMatch(new RegExp(`^${pieces.join(".*")}$`));
  });

  it("run for the larger part", () => {
    expect(running.length).toBeGreaterThan(60);
  });
});
