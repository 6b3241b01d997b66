// @module-tag long
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { root } from "../helpers/data";
import { TestNotebook } from "../helpers/test-notebook";

const page = readFileSync(join(root, "docs/cookbook.md"), "utf8");

/** The cells of the page, each with its heading and the text that it says it gives. */
const recipes = page
  .split(/^## /m)
  .slice(1)
  .flatMap((part) => {
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
    const cells = page.match(/^```ts$/gm)!;
    expect(recipes.length).toBe(cells.length);
    expect(recipes.length).toBeGreaterThan(8);
  });

  // in the order of the page: later cells use names of earlier ones
  it.each(recipes)("$title", async ({ code, text }) => {
    expect(inspect(await notebook.run(code), { breakLength: 120 })).toBe(text);
  });
});

describe("the cookbook at the terminal", () => {
  const folder = mkdtempSync(join(tmpdir(), "cookbook-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const env = {
    ...process.env,
    PATH: `${join(root, "node_modules/.bin")}:${process.env["PATH"]}`,
    KAFKA_BOOTSTRAP: inject("bootstrap"),
  };
  const [first, ...more] = [...page.matchAll(/```sh\n(.*?)```\s+```text\n(.*?\n)```/gs)];

  it.each([first!, ...more].map(([, script, text]) => ({ script: script!, text: text! })))(
    "$script",
    ({ script, text }) => {
      const run = spawnSync("bash", ["-e", "-c", script], { cwd: folder, env, encoding: "utf8" });
      expect([run.stdout, run.status], run.stderr).toEqual([text, 0]);
    },
  );
});
