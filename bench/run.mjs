// Runs every benchmark of this folder, one after the other. Figures are for comparing within one run: machines differ.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}`);
let failed = 0;
for (const file of readdirSync(folder).filter((name) => name.endsWith(".mjs") && name !== "run.mjs")) {
  if (wanted.length && !wanted.includes(file.replace(".mjs", ""))) continue;
  console.log(`\n── ${file.replace(".mjs", "")}`);
  if (spawnSync(process.execPath, [join(folder, file)], { stdio: "inherit" }).status !== 0) failed++;
}
process.exit(failed ? 1 : 0);
