// @module-tag long
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alertFieldsPage } from "../docs/alert-fields";
import { root } from "../helpers/data";

const folder = mkdtempSync(join(tmpdir(), "one-field-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => {
  for (const name of ["node_modules", "package.json", "schemas"]) symlinkSync(join(root, name), join(folder, name));
  cpSync(join(root, "src"), join(folder, "src"), { recursive: true });
  cpSync(join(root, "tsconfig.json"), join(folder, "tsconfig.json"));
});

/** Builds a copy of the library in which one file of `src/alert` has another text; what the compiler says. */
function build(name: string, change: (text: string) => string): string {
  const original = readFileSync(join(root, "src/alert", name), "utf8");
  expect(change(original)).not.toBe(original);
  writeFileSync(join(folder, "src/alert", name), change(original));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const run = spawnSync(process.execPath, [tsc, "-p", folder, "--pretty", "false"], { cwd: folder, encoding: "utf8" });
  writeFileSync(join(folder, "src/alert", name), original);
  return run.stdout;
}

const entry = `  /** Path length through the atmosphere, in units of that at the zenith. */
  airmass: { type: "number", title: "airmass", unit: "×", missing: Number.NaN, shown: "first" },
`;
const add = (line: string) => (text: string) => text.replace("  /** Which exposure it belongs to", `${line}$&`);

const script = `
const { astro, cut, explore, files, plot, simulateNight, table } = require(process.argv[1] + "/index.js");
const { commonFields } = require(process.argv[1] + "/alert/common-view.js");
(async () => {
  const night = await simulateNight({ seed: 7, alerts: 4, visits: 2, stamps: "none" }).alerts().toArray();
  const file = process.argv[2] + "/night.parquet";
  await explore.toParquet(night, file);
  const [sql] = await explore.sql(night, "SELECT count(*) AS n, count(airmass) AS known FROM alerts");
  console.log(JSON.stringify({
    value: String(night[0].airmass),
    missing: night[0].missing,
    source: night[0].sources.airmass,
    json: JSON.parse(explore.toJson(night[0])).airmass,
    names: explore.fieldNames(night[0]),
    table: table(night).columns,
    frame: (await explore.toDataFrame(night)).columns,
    parquet: Object.keys((await explore.readParquet(file))[0]),
    sql,
    verdict: cut("low", "airmass", { max: 2 }).verdict(night[0]),
    axis: plot.scatter(night, { x: "airmass", y: "mag" }).layout.xaxis.title.text,
    commonFields,
  }));
})();`;

describe("a field of the common view", () => {
  it("is added in one place, and is there for cells, cuts, tables, plots, JSON, SQL, data frames, Parquet and the page", () => {
    expect(build("common-view.ts", add(entry))).toBe("");
    const built = join(folder, "dist");
    const found = JSON.parse(execFileSync(process.execPath, ["-e", script, built, folder], { encoding: "utf8" }));
    expect(found).toMatchObject({
      value: "NaN",
      source: null,
      json: null,
      sql: { n: 4, known: 0 },
      verdict: "missing",
      axis: "airmass (×)",
    });
    for (const list of ["missing", "names", "table", "frame", "parquet"])
      expect(found[list], list).toEqual(expect.arrayContaining(["airmass"]));
    const view = add(entry)(readFileSync(join(root, "src/alert/common-view.ts"), "utf8"));
    const page = alertFieldsPage(found.commonFields, { view, types: "" }, {});
    expect(page).toContain("| `airmass` | number | × | `");
    expect(page).toContain("| Path length through the atmosphere, in units of that at the zenith. |");
  }, 180_000);

  it("that lacks its unit is a type error, and so is one that stands for another type than it says", () => {
    const withoutUnit = add(entry.replace('unit: "×", ', ""));
    expect(build("common-view.ts", withoutUnit)).toMatch(/common-view\.ts\(.*'unit' is missing/s);
    const wrong = add(entry.replace("Number.NaN", '"none"'));
    expect(build("common-view.ts", wrong)).toMatch(/common-view\.ts\(.*'string' is not assignable to type 'number'/s);
  }, 180_000);

  it("that holds more than a value is a type error where it is forgotten", () => {
    const part = (text: string) =>
      text.replace(
        "  /** The bytes as received: a whole",
        "  /** Spectra. */\n  readonly spectra: readonly number[];\n$&",
      );
    const found = build("types.ts", part);
    expect(found).toMatch(/src\/alert\/alert\.ts\(.*: Class 'Alert<P>' incorrectly implements interface/);
    expect(found).toMatch(/src\/alert\/fields\.ts\(.*: Property 'spectra' is missing/);
  }, 180_000);
});
