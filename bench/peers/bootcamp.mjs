// One task of ../kafka.mjs in a process of its own, so that its memory and its machine code are its own. Prints a line of JSON.
//   node bench/peers/bootcamp.mjs read|first|publish|filter BOOTSTRAP TOPIC COUNT [FOLDER or number of filters]
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);
const bootcamp = require("../../dist/index.js");
const { decodeAlerts } = require("../../dist/alert/decode.js");
const [task, bootstrap, topic, count, argument] = process.argv.slice(2);
const seconds = (since) => (performance.now() - since) / 1000;
let peak = 0;
const note = () => {
  peak = Math.max(peak, process.memoryUsage.rss());
};
setInterval(note, 20).unref();

/** Fetches a topic and decides the published purity cut on each alert, four times: the first time the machine code is made as well. */
async function read() {
  const [passes, cpuSeconds] = [[], []];
  let selected = 0;
  for (let pass = 0; pass < 4; pass++) {
    const started = performance.now();
    const cpu = process.cpuUsage();
    selected = 0;
    for await (const _ of bootcamp
      .subscribe(topic, { bootstrap, progress: false })
      .filter(bootcamp.cut.ready["ztf-purity"]))
      selected++;
    passes.push(seconds(started));
    const { user, system } = process.cpuUsage(cpu);
    cpuSeconds.push((user + system) / 1e6);
  }
  return { passes, cpuSeconds, selected };
}

/** From the call to the first alert of a topic that holds a few. */
async function first() {
  const times = [];
  for (let run = 0; run < 7; run++) {
    const started = performance.now();
    const alerts = await bootcamp.subscribe(topic, { bootstrap, progress: false });
    for await (const alert of alerts) {
      if (alert.mag > 0) times.push(seconds(started));
      break;
    }
  }
  return { seconds: times.toSorted((a, b) => a - b)[times.length >> 1] };
}

async function publish() {
  const files = readdirSync(argument).filter((name) => name.endsWith(".avro"));
  const alerts = files.flatMap((name) => [...decodeAlerts(readFileSync(join(argument, name)))]);
  const visit = { id: "one", mjdUtc: 60000, field: 1, alerts: [] };
  for (let n = 0; n < Number(count); n++) visit.alerts.push(alerts[n % alerts.length]);
  const started = performance.now();
  const report = await bootcamp.publish([visit], { bootstrap, topic, fast: true });
  if (report.alerts !== Number(count)) throw new Error(`${report.alerts} of ${count} were acknowledged`);
  return { seconds: seconds(started) };
}

/** A whole job, exactly once: one filter alone selects one of the 115 different alerts, of a hundred each the first 20 it meets. */
async function filter() {
  const count = Number(argument);
  const filters = Array.from({ length: count }, (_, n) => {
    const bright = bootcamp.cut("bright", "packet.candidate.magpsf", { max: count === 1 ? 12.44 : 15.2 + n / 100 });
    let left = count > 1 ? 20 : Number.POSITIVE_INFINITY;
    return { name: `f${String(n).padStart(3, "0")}`, accepts: (alert) => bright(alert) && left-- > 0 };
  });
  const started = performance.now();
  await bootcamp.kafka.runFilters(topic, {
    bootstrap,
    filters,
    group: `bench-${process.pid}`,
    capPerVisit: Number.POSITIVE_INFINITY,
    progress: false,
    slowMs: 1e9,
  });
  return { seconds: seconds(started) };
}

const result = await { read, first, publish, filter }[task]();
note();
console.log(JSON.stringify({ ...result, memoryMB: peak / 1e6 }));
process.exit(0);
