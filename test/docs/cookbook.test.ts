import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { root } from "../helpers/data";
import { TestNotebook } from "../helpers/test-notebook";

/** The cells of the page, each with its heading and the text that it says it gives. */
const recipes = [...readFileSync(join(root, "docs/cookbook.md"), "utf8").split(/^## /m)].slice(1).flatMap((part) => {
  const title = part.split("\n")[0]!;
  return [...part.matchAll(/```ts\n(.*?)```\s+```text\n(.*?)\n```/gs)].map(([, code, text]) => ({
    title,
    code: code!,
    text: text!,
  }));
});

describe("the cookbook", () => {
  let notebook: TestNotebook;
  beforeAll(() => {
    notebook = new TestNotebook(join(root, "notebooks"), root);
  });

  it("has a result below each cell", () => {
    const cells = readFileSync(join(root, "docs/cookbook.md"), "utf8").match(/^```ts$/gm)!;
    expect(recipes.length).toBe(cells.length);
    expect(recipes.length).toBeGreaterThan(8);
  });

  // in the order of the page: later cells use names of earlier ones
  it.each(recipes)("$title", async ({ code, text }) => {
    expect(inspect(await notebook.run(code), { breakLength: 120 })).toBe(text);
  });
});
