// How exactly visits start: a simulated night of ZTF at one visit a second, through a Kafka on this machine. The start of a
// visit is the earliest `producer_timestamp` (ms) of its messages, read back from the topic, against the clock it should keep.
//   npm run build && node bench/pace.mjs [--minutes 1] [--alerts-per-visit 20]
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { openHome } from "./own-home.mjs";

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "1" }, "alerts-per-visit": { type: "string", default: "20" } },
});
const secondsPerVisit = 1;
const visits = Math.max(2, Math.round((Number(values.minutes) * 60) / secondsPerVisit));
const alerts = visits * Number(values["alerts-per-visit"]);
const askedMs = 20;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { end } = openHome();
const bootcamp = createRequire(import.meta.url)(join(root, "dist/index.js"));
const { bootstrap } = await bootcamp.engine.start({ engine: "local", port: 0 });
const topic = "pace";

/** The same clock in a thread that does nothing but wait: what is late there is the machine's doing. */
const idle = new Worker(
  `const { parentPort } = require("node:worker_threads");
  const start = performance.now();
  const late = [];
  const next = () => setTimeout(() => { late.push(performance.now() - start - ${secondsPerVisit * 1000} * (late.length + 1)); next(); },
    start + ${secondsPerVisit * 1000} * (late.length + 1) - performance.now());
  next();
  parentPort.once("message", () => { parentPort.postMessage(late); process.exit(); });`,
  { eval: true },
);

try {
  const night = bootcamp.simulateNight({ alerts, visits });
  const report = await bootcamp.publish(night, { bootstrap, topic, secondsPerVisit });
  const waited = new Promise((resolve) => idle.once("message", resolve));
  idle.postMessage("stop");
  const idleLate = (await waited).sort((a, b) => a - b);
  const starts = new Map();
  for await (const { visitId, origin } of await bootcamp.subscribe(topic, { bootstrap, progress: false })) {
    const ms = Number(origin.headers.producer_timestamp);
    starts.set(visitId, Math.min(ms, starts.get(visitId) ?? Number.POSITIVE_INFINITY));
  }
  const times = [...starts.values()].sort((a, b) => a - b);
  // the clock that is kept: begun with the visit that was least late
  const offsets = times.map((ms, n) => ms - n * secondsPerVisit * 1000);
  const zero = Math.min(...offsets);
  const late = offsets.map((ms) => ms - zero);
  const sorted = late.toSorted((a, b) => a - b);
  const quantile = (q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
  const minutes = ((times.at(-1) - times[0]) / 60_000).toFixed(1);
  console.log(
    `${times.length} visits of ${(report.alerts / visits).toFixed(0)} alerts in ${minutes} min, one per ${secondsPerVisit} s`,
  );
  console.log(
    `start late by    median ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms (asked: below ${askedMs}), most ${sorted.at(-1)} ms`,
  );
  console.log(
    `drift            ${drift(late).toFixed(2)} ms from the first visit to the last (a straight line through all; asked: 0)`,
  );
  console.log(
    `reported         ${report.overruns} visits late, at most ${(report.maxLateSeconds * 1000).toFixed(1)} ms`,
  );
  console.log(
    `a thread that only waits: p99 ${(idleLate[Math.floor(0.99 * idleLate.length)] ?? 0).toFixed(0)} ms late, most ${(idleLate.at(-1) ?? 0).toFixed(0)} ms`,
  );
  if (times.length !== visits || quantile(0.99) >= askedMs) process.exitCode = 1;
} finally {
  await end();
}

/** Least squares: by how much the lateness grows over the whole run, ms. */
function drift(late) {
  const n = late.length;
  const meanAt = (n - 1) / 2;
  const mean = late.reduce((sum, ms) => sum + ms, 0) / n;
  const [above, below] = late.reduce(
    ([a, b], ms, at) => [a + (at - meanAt) * (ms - mean), b + (at - meanAt) ** 2],
    [0, 0],
  );
  return (above / below) * (n - 1);
}
