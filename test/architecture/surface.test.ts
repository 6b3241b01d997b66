import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as library from "../../src/index";
import { root } from "../helpers/data";
import { projectFiles } from "../helpers/project-files";
import { publicValues, rooms } from "../helpers/surface";

const read = (name: string) => readFileSync(join(root, name), "utf8");
const all = projectFiles();

/** The code cells of the notebooks, and what stands in the solutions. */
const notebooks = all
  .filter((name) => /^notebooks\/.*\.ipynb$/.test(name))
  .flatMap((name) => JSON.parse(read(name)).cells as { source: string[] }[])
  .map(({ source }) => source.join(""));
const pages = all.filter((name) => /^(README\.md|docs\/.*\.md)$/.test(name) && name !== "docs/decisions.md").map(read);
const scripts = all.filter((name) => /^bench\/.*\.mjs$/.test(name)).map(read);
const solutions = all.filter((name) => /^src\/lesson\/exercises\/.*\.ts$/.test(name)).map(read);
const commands = all.filter((name) => /^src\/cli\/.*\.ts$/.test(name) && !name.endsWith(".test.ts")).map(read);

/** Where people and the command line write names of the library. */
const texts = [...notebooks, ...solutions, ...pages, ...scripts, ...commands].join("\n");

describe("the surface of the library", () => {
  const values = publicValues();

  it("is small: at most 20 names at the top, types included, and at most 12 rooms", () => {
    const types = [...read("src/index.ts").matchAll(/export type \{([^}]*)\}/g)].flatMap(([, names]) =>
      names!.split(","),
    );
    const top = Object.keys(library).filter((name) => !rooms.includes(name));
    expect(top.length).toBeGreaterThan(10);
    expect(top.length + types.length).toBeLessThanOrEqual(20);
    expect(rooms.length).toBeGreaterThan(8);
    expect(rooms.length).toBeLessThanOrEqual(12);
    for (const room of rooms) expect(Object.keys((library as any)[room]).length, room).toBeLessThanOrEqual(20);
  });

  it("has nothing that no notebook, command, page or benchmark uses", () => {
    const used = (name: string) => new RegExp(`(?<![\\w$.])${name.replaceAll(".", "\\.")}(?![\\w$])`).test(texts);
    expect([...values.keys()].filter((name) => !used(name))).toEqual([]);
    expect(used("plot.sky") && !used("plot.sk")).toBe(true);
  });

  it("has one name for each thing, which does not say its room again", () => {
    const seen = new Map<unknown, string[]>();
    for (const [name, value] of values) seen.set(value, [...(seen.get(value) ?? []), name]);
    expect([...seen.values()].filter((names) => names.length > 1)).toEqual([]);
    const stutters = [...values.keys()].filter((name) => {
      const [room, member] = name.split(".");
      return member?.toLowerCase().includes(room!);
    });
    // the field's own word for it
    expect(stutters).toEqual(expect.arrayContaining(["match.crossmatch"]));
    expect(stutters.every((name) => name.startsWith("match.crossmatch"))).toBe(true);
  });

  it("is loaded without Plotly, DuckDB, kafkajs and danfo", async () => {
    const { execFileSync } = await import("node:child_process");
    const script = `require(${JSON.stringify(join(root, "dist/index.js"))}); console.log(Object.keys(require.cache).join("\\n"))`;
    const loaded = execFileSync(process.execPath, ["-e", script], { encoding: "utf8" });
    expect(loaded).toContain("dist/plot/index.js");
    expect(loaded.match(/node_modules\/(kafkajs|plotly|@duckdb|danfojs|typescript)[^/]*/g)).toBeNull();
  });
});
