// Seconds from the death of one of two filter workers (kill -9) to the first alert of its partitions that the other has
// selected, as a reader of committed messages sees it.
//   npm run build && node bench/recover.mjs [kills, default 5]
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openHome } from "./own-home.mjs";

const library = join(dirname(dirname(fileURLToPath(import.meta.url))), "dist/index.js");
const kills = Number(process.argv[2] ?? 5);
const { end } = openHome();
const bootcamp = createRequire(import.meta.url)(library);
const { bootstrap } = await bootcamp.engine.start({ engine: "local", port: 0 });
const topic = "recover";
const stopping = new AbortController();
const { signal } = stopping;

/** A worker, and the partitions whose alerts it has decided since it was last asked. */
function startWorker() {
  const code = `
    const { kafka } = require(${JSON.stringify(library)});
    const accepts = ({ origin }) => { require("node:fs").writeSync(1, origin.partition + "\\n"); return true; };
    const job = { bootstrap: "${bootstrap}", group: "${topic}", until: "forever", capPerVisit: Infinity, progress: false };
    kafka.runFilters("${topic}", { ...job, filters: [{ name: "recovered", accepts }] });`;
  const child = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  const worker = { child, partitions: new Set(), ended: new Promise((resolve) => child.on("exit", resolve)) };
  createInterface(child.stdout).on("line", (line) => worker.partitions.add(Number(line)));
  return worker;
}

/** Both have decided alerts since, of different partitions, and of all four. */
async function untilShared(workers) {
  for (;;) {
    for (const { partitions } of workers) partitions.clear();
    await wait(1500);
    const [a, b] = workers.map(({ partitions }) => [...partitions]);
    if (a.length > 0 && b.length > 0 && new Set([...a, ...b]).size === a.length + b.length && a.length + b.length === 4)
      return;
  }
}

await bootcamp.kafka.createTopic(topic, { bootstrap, partitions: 4 });
const night = bootcamp.simulateNight({ seed: 1, alerts: 100, visits: 2 });
const alerts = [...night.visits()].flatMap((visit) => visit.alerts);
const sending = bootcamp.publish(
  (async function* () {
    for (let n = 0; !signal.aborted; n++)
      yield { id: `v${n}`, mjdUtc: 60000 + n, field: 1, alerts: alerts.slice(0, 40) };
  })(),
  { bootstrap, topic, secondsPerVisit: 0.2, signal },
);
const workers = [startWorker(), startWorker()];
let watch = () => {};
const seconds = [];
try {
  await untilShared(workers);
  const reading = (async () => {
    const selected = await bootcamp.subscribe("recover.recovered", {
      bootstrap,
      from: "latest",
      until: "forever",
      signal,
      progress: false,
    });
    for await (const { origin } of selected) watch(origin);
  })();
  for (let n = 0; n < kills; n++) {
    const victim = workers[n % 2];
    const orphaned = new Set(victim.partitions);
    victim.child.kill("SIGKILL");
    await victim.ended;
    const died = performance.now();
    const diedAt = Date.now();
    seconds.push(
      await new Promise((resolve) => {
        watch = ({ partition, headers }) => {
          // sent after the death, so that nobody but the heir can have selected it
          if (!orphaned.has(partition) || Number(headers["bootcamp-timestamp"]) <= diedAt) return;
          watch = () => {};
          resolve((performance.now() - died) / 1000);
        };
      }),
    );
    console.log(
      `worker of partitions ${[...orphaned].sort()} killed: selecting again after ${seconds.at(-1).toFixed(1)} s`,
    );
    workers[n % 2] = startWorker();
    await untilShared(workers);
  }
  const sorted = seconds.toSorted((a, b) => a - b);
  console.log(
    `after a kill -9 the other worker selects within: median ${sorted[sorted.length >> 1].toFixed(1)} s, most ${sorted.at(-1).toFixed(1)} s   (asked: 10 s)`,
  );
  stopping.abort();
  await Promise.all([sending, reading]);
} finally {
  stopping.abort();
  for (const { child } of workers) child.kill("SIGKILL");
  await end();
}
