// Each notebook of the course as it is stored, from the start of its kernel to its last cell: in our kernel and in tslab's own, in
// turns, on the same nights in the same Kafka. Cells that a kernel cannot run are counted; they cost it less time, not more.
//   npm run build && node bench/notebooks.mjs [--parts 1,2] [options of report.mjs]
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { openHome } from "./own-home.mjs";
import { openBench } from "./report.mjs";

const { options, report, finish } = openBench({ parts: { type: "string", default: "1,2,3,4,5,6,7" } });
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = createRequire(import.meta.url);
const { kernelSpec, tslabSpec } = dist("../dist/engine/lab/kernelspec.js");
const { SOURCE_HEADER } = dist("../dist/lesson/data-set.js");
const kernels = { ours: kernelSpec(), tslab: tslabSpec() };
const python = process.env.BOOTCAMP_PYTHON ?? join(root, ".bootcamp/venv/bin/python");
const script = `
import json, sys, time, nbformat
from nbclient import NotebookClient
kernel, place, path = sys.argv[1:4]
failed = []
def executed(cell, cell_index, execute_reply):
    if execute_reply["content"]["status"] != "ok": failed.append(cell.id)
notebook = nbformat.read(path, 4)
client = NotebookClient(notebook, timeout=300, kernel_name=kernel, allow_errors=True, on_cell_executed=executed, resources={"metadata": {"path": place}})
start = time.monotonic()
with client.setup_kernel():
    for index, cell in enumerate(notebook.cells): client.execute_cell(cell, index)
    seconds = time.monotonic() - start
print(json.dumps(dict(seconds=seconds, failed=failed)))
`;

const { home, end } = openHome();
const bootcamp = dist("../dist/index.js");
const alerts = (folder, ...args) =>
  execFileSync(process.execPath, [join(root, "dist/cli/main.js"), ...args], {
    env: { ...process.env, BOOTCAMP_HOME: folder },
    stdio: "ignore",
  });

for (const [name, spec] of Object.entries(kernels)) {
  mkdirSync(join(home, "kernels", name), { recursive: true });
  writeFileSync(join(home, "kernels", name, "kernel.json"), JSON.stringify(spec));
}
execFileSync(process.execPath, [join(root, "dist/kernel/compiler/snapshot.js")]); // as `alerts setup` makes it
const { bootstrap } = await bootcamp.engine.start({ engine: "local", port: 0 });

/** One run of a notebook: seconds, and the ids of the cells that failed. */
function run(kernel, name) {
  const folder = mkdtempSync(join(home, "run-"));
  const env = { ...process.env, JUPYTER_PATH: home, BOOTCAMP_HOME: folder, BOOTCAMP_DATA: home };
  const args = ["-c", script, kernel, join(root, "notebooks"), join(root, "notebooks", name)];
  try {
    const text = execFileSync(python, args, {
      env: { ...env, KAFKA_BOOTSTRAP: bootstrap },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"], // tslab tells its own troubles there: shown when nothing else is
    });
    return JSON.parse(text.trim().split("\n").at(-1));
  } finally {
    const practice = join(folder, "practice"); // the Kafka of Part 7
    if (existsSync(practice)) alerts(practice, "down", "--reset");
  }
}

try {
  const night = bootcamp.simulateNight({ seed: 7 });
  await night.write(join(home, "simulated-7"));
  const ztf = { [SOURCE_HEADER]: "simulated-7" };
  await bootcamp.publish(night, { bootstrap, topic: "ztf-stream", fast: true, headers: ztf });
  const lsst = bootcamp.simulateNight({ survey: "lsst", seed: 7 });
  const rubin = { [SOURCE_HEADER]: "simulated-lsst-7-400" };
  await bootcamp.publish(lsst, { bootstrap, topic: "lsst-stream", form: "confluent", fast: true, headers: rubin });
  const wanted = new Set(options.parts.split(","));
  const names = readdirSync(join(root, "notebooks")).filter(
    (name) => /^\d_.*\.ipynb$/.test(name) && wanted.has(name[0]),
  );
  for (const name of names) {
    const { cells } = JSON.parse(readFileSync(join(root, "notebooks", name), "utf8"));
    const count = cells.filter(({ cell_type }) => cell_type === "code").length;
    const seconds = { ours: [], tslab: [] };
    const failed = { ours: new Set(), tslab: new Set() };
    for (let n = 0; n < options.runs; n++) {
      for (const kernel of Object.keys(kernels)) {
        const found = run(kernel, name);
        seconds[kernel].push(found.seconds);
        console.log(`${name}, ${kernel}: ${found.seconds.toFixed(1)} s`);
        for (const id of found.failed) failed[kernel].add(id);
      }
    }
    const part = name.replace(".ipynb", "");
    const shares = seconds.tslab.map((theirs, n) => seconds.ours[n] / theirs);
    // what a kernel cannot run costs it nothing
    const isWhole = failed.ours.size + failed.tslab.size === 0;
    const why = "what the cells do themselves – waiting for a stream, simulating, Kafka – takes the same in both";
    if (isWhole) report(part, shares, { goal: 2 / 3, sign: -1, unit: " of tslab's time", why });
    for (const kernel of Object.keys(kernels)) {
      report(`${part} in ${kernel}, ${failed[kernel].size} of ${count} cells fail`, seconds[kernel], { unit: " s" });
      if (failed[kernel].size > 0) console.log(`${name}, ${kernel}, failed: ${[...failed[kernel]].join(", ")}`);
    }
  }
} finally {
  await end();
}
finish("each notebook as it is stored, from the start of its kernel to its last cell");
