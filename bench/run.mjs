// Runs the benchmarks of docs/benchmarks.md one after the other, or those that are named. Figures are for comparing within one
// run: machines differ.
//   npm run build && BOOTCAMP_TEST_DATA=folder node bench/run.mjs [NAME …] [--check] [--runs 5] [--markdown]
// --check ends with 1 when a median is beyond its floor, or when one of them gave no figure. --markdown writes the page's tables anew.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { machine, writePage } from "./page.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    check: { type: "boolean", default: false },
    markdown: { type: "boolean", default: false },
    runs: { type: "string", default: "5" },
  },
});
/** Those that report against a floor and a goal; the others of this folder print figures of their own. */
const withFloors = ["kafka", "decode", "match", "simulate", "stamps", "startup"];
const onPage = [...withFloors, "limits", "scale", "notebooks"];
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const names = positionals.length > 0 ? positionals : options.markdown ? onPage : withFloors;
const folder = mkdtempSync(join(tmpdir(), "bench-"));

console.log(machine());
const results = {};
const failed = [];
for (const name of names) {
  console.log(`\n── ${name}`);
  const json = join(folder, `${name}.json`);
  const common = onPage.includes(name)
    ? ["--json", json, "--runs", options.runs, ...(options.check ? ["--check"] : [])]
    : [];
  if (name === "scale" && options.markdown) common.push("--out", join(root, "docs/benchmarks-scaling"));
  const { status } = spawnSync(process.execPath, [join(root, `bench/${name}.mjs`), ...common], { stdio: "inherit" });
  if (existsSync(json)) results[name] = JSON.parse(readFileSync(json, "utf8"));
  if (status !== 0 || (options.check && withFloors.includes(name) && !results[name])) failed.push(name);
}
rmSync(folder, { recursive: true });
if (options.markdown) writePage(join(root, "docs"), results, options.runs);
if (failed.length > 0) console.log(`\nbelow a floor, or not measured: ${failed.join(", ")}`);
process.exitCode = failed.length > 0 ? 1 : 0;
