import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../helpers/data";
import { checkTypes } from "./check-types";
import { type Cell, readCells } from "./run-notebook";

const names = readdirSync(join(root, "notebooks"))
  .filter((name) => /^\d_\w+\.ipynb$/.test(name))
  .map((name) => name.replace(".ipynb", ""));

describe("the cells of every notebook", () => {
  it("are right under a strict compiler", () => {
    expect(names.length).toBeGreaterThanOrEqual(4);
    expect(checkTypes(new Map(names.map((name) => [name, readCells(name)])))).toEqual([]);
  });

  it("are really checked: a null and a field that was left out are found, with cell and line", () => {
    const imports = 'import { subscribe } from "alert-bootcamp";';
    const cells = [
      { id: "a", kind: "code", source: imports },
      { id: "b", kind: "markdown", source: "not code at all" },
      { id: "c", kind: "code", source: 'const stream = (await subscribe("t")).select("objectId", "ra");' },
      {
        id: "d",
        kind: "code",
        source: "const rows = await stream.toArray();\nrows.find((row) => row.ra > 0).ra;\nrows.map((row) => row.mag);",
      },
    ] as const satisfies readonly Cell[];
    const found = checkTypes(new Map([["wrong", cells]]));
    expect(found).toHaveLength(2);
    expect(found[0]).toMatch(/^wrong, d, line 2: .*possibly 'undefined'/);
    expect(found[1]).toMatch(/^wrong, d, line 3: .*'mag' does not exist/);
  });
});
