// Seconds from ./launch_alert_system.sh to the first alert that a subscriber reads, with everything installed: once with a
// new Kafka, once with one that runs; and what that Kafka takes of the memory.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { openHome } from "./own-home.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { home, end } = openHome();
const env = { ...process.env, BOOTCAMP_DATA: home };
const bootcamp = createRequire(import.meta.url)(join(root, "dist/index.js"));
const data = process.env.BOOTCAMP_TEST_DATA ? join(process.env.BOOTCAMP_TEST_DATA, "ztf") : "simulated";

const run = (program, ...args) => {
  const done = spawnSync(program, args, { cwd: root, env, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${done.status}: ${done.stderr}`);
};
const launch = (...more) => {
  const started = performance.now();
  run(join(root, "launch_alert_system.sh"), "--data", data, "--engine", "local", ...more);
  run(process.execPath, join(root, "dist/cli/main.js"), "print", "ztf-stream", "--limit", "1");
  return ((performance.now() - started) / 1000).toFixed(1);
};

try {
  console.log(`alerts: ${data === "simulated" ? "simulated night, made at the first launch" : "real ZTF files"}`);
  console.log(`launch to first alert, new Kafka      ${launch("--port", "0")} s   (asked: 15 s)`);
  console.log(`launch to first alert, Kafka running  ${launch()} s`);
  const { memoryBytes } = await bootcamp.engine.status();
  console.log(`Kafka resident                        ${(memoryBytes / 1e6).toFixed(0)} MB   (asked: 500 MB)`);
} finally {
  await end();
}
