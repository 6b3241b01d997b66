// The kernel beside tslab's own, on the same machine and in turns: how long from start to ready, to the first value, for a cell of
// one line, and for the import of the library. Driven by Jupyter's own client. Usage: node bench/kernel.mjs [ROUNDS]
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "..");
const rounds = Number(process.argv[2] ?? 5);
const kernels = {
  ours: [join(root, "dist/kernel/main.js"), "{connection_file}"],
  tslab: [join(root, "node_modules/tslab/bin/tslab"), "kernel", "--config-path", "{connection_file}"],
};
const script = `
import json, subprocess, sys, time
from jupyter_client.manager import KernelManager

def run(client, code):
    start = time.perf_counter()
    wanted = client.execute(code)
    while True:
        message = client.get_iopub_msg(timeout=120)
        if message["parent_header"].get("msg_id") == wanted and message["msg_type"] == "status":
            if message["content"]["execution_state"] == "idle": return time.perf_counter() - start

start = time.perf_counter()
manager = KernelManager(kernel_name=sys.argv[1])
manager.start_kernel(cwd=sys.argv[2], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=120)
ready = time.perf_counter() - start
first = run(client, "const zero = 0; zero")
lines = [run(client, f"const n{i} = {i}; n{i} + zero") for i in range(40)]
library = run(client, 'import { subscribe, simulateNight } from "alert-bootcamp"; typeof subscribe + typeof simulateNight')
client.stop_channels()
manager.shutdown_kernel(now=True)
print(json.dumps(dict(ready=ready, first=first, lines=lines, library=library)))
`;

const folder = mkdtempSync(join(tmpdir(), "kernel-bench-"));
const found = { ours: [], tslab: [] };
try {
  for (const [name, argv] of Object.entries(kernels)) {
    const spec = join(folder, "kernels", name);
    mkdirSync(spec, { recursive: true });
    const text = { argv: [process.execPath, ...argv], display_name: name, language: "typescript" };
    writeFileSync(join(spec, "kernel.json"), JSON.stringify(text));
  }
  const python = join(root, ".bootcamp/venv/bin/python");
  const env = { ...process.env, JUPYTER_PATH: folder };
  for (let round = 0; round < rounds; round++) {
    for (const name of Object.keys(kernels)) {
      const text = execFileSync(python, ["-c", script, name, join(root, "notebooks")], { env, encoding: "utf8" });
      found[name].push(JSON.parse(text));
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const figures = (runs) => {
  const of = (name, part = 0.5) => {
    const values = runs.flatMap((run) => run[name]).toSorted((a, b) => a - b);
    return values[Math.floor(values.length * part)];
  };
  return {
    "start to ready": of("ready"),
    "first cell after it": of("first"),
    "a line, median": of("lines"),
    "a line, p95": of("lines", 0.95),
    "import of the library": of("library"),
  };
};
const [ours, tslab] = [figures(found.ours), figures(found.tslab)];
console.log(`seconds, ${rounds} starts of each`);
for (const name of Object.keys(ours)) {
  const ratio = (tslab[name] / ours[name]).toFixed(1);
  console.log(`${name.padEnd(24)} ours ${ours[name].toFixed(3)}   tslab ${tslab[name].toFixed(3)}   ${ratio} times`);
}
