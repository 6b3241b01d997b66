// A folder for a Kafka of a benchmark's own, which ends with the benchmark, however that ends: a process that is killed cannot
// clean up, and one that waits for a peer (spawnSync) hears no signal, so that a second process watches it.
import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Its standard input ends with the benchmark. */
const watcher = `
  const [root, home] = process.argv.slice(1);
  process.stdin.resume().once("end", async () => {
    require("node:child_process").spawnSync(process.execPath, [root + "/dist/cli/main.js", "stream", "stop"]);
    await require(root + "/dist/index.js").engine.stop({ reset: true }).catch((error) => console.error(error.message));
    require("node:fs").rmSync(home, { recursive: true, force: true });
  });`;

/** Makes the folder, which is BOOTCAMP_HOME from now on; `end` stops what runs there, and resolves when nothing is left. */
export function openHome() {
  const home = mkdtempSync(join(tmpdir(), "bootcamp-bench-"));
  process.env.BOOTCAMP_HOME = home;
  delete process.env.KAFKA_BOOTSTRAP;
  // in a group of its own, which a Ctrl-C at the terminal does not reach
  const child = spawn(process.execPath, ["-e", watcher, root, home], {
    detached: true,
    stdio: ["pipe", "ignore", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const end = () => {
    child.stdin.end();
    return ended;
  };
  return { home, end };
}
