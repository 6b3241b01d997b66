// What `alerts` takes before it does anything: processor time of its start beside that of `node -e 0`, in turns.
//   npm run build && node bench/startup.mjs [options of report.mjs]
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { files, simulateNight } from "../dist/index.js";
import { openBench } from "./report.mjs";

const { options, report, finish } = openBench();
const main = join(dirname(dirname(fileURLToPath(import.meta.url))), "dist/cli/main.js");
const folder = mkdtempSync(join(tmpdir(), "bench-startup-"));
const probe = join(folder, "probe.cjs");
// the process tells its own time at its end, on a descriptor of its own
writeFileSync(
  probe,
  'process.on("exit", () => { const { user, system } = process.cpuUsage(); require("node:fs").writeSync(3, String(user + system)); });',
);

/** Seconds of processor time. */
function seconds(...args) {
  const child = spawnSync(process.execPath, ["--require", probe, ...args], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  if (child.status !== 0) throw new Error(`${args.join(" ")} ended with ${child.status}: ${child.stderr}`);
  return Number(child.output[3]) / 1e6;
}

try {
  const [alert] = await simulateNight({ seed: 7, alerts: 50, visits: 5 }).alerts().toArray();
  const file = await files.saveAlert(alert, join(folder, "alert.avro"));
  const runs = {
    "alerts --help": [main, "--help"],
    "alerts print --help": [main, "print", "--help"],
    "alerts read of one file": [main, "read", file],
  };
  const why = {
    "alerts print --help": "a command is loaded with the rooms that it works with, Kafka's among them",
    "alerts read of one file": "140 files of the library and of avsc are loaded, each about a millisecond",
  };
  const more = Object.fromEntries(Object.keys(runs).map((what) => [what, []]));
  const node = [];
  for (const args of [["-e", "0"], ...Object.values(runs)]) seconds(...args); // the files are in memory from here on
  for (let n = 0; n < options.runs; n++) {
    node.push(seconds("-e", "0"));
    for (const [what, args] of Object.entries(runs)) more[what].push(seconds(...args) - node.at(-1));
  }
  for (const [what, values] of Object.entries(more))
    report(`${what}, beyond node -e 0`, values, { floor: 0.25, goal: 0.15, sign: -1, unit: " s", why: why[what] });
  report("node -e 0", node, { unit: " s" });
} finally {
  rmSync(folder, { recursive: true });
}
finish("processor time of a process");
