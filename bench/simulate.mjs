// Alerts per second of the simulator, on one core and on two, and what one weighs. A night begins with its plan, which is part of it.
//   npm run build && node bench/simulate.mjs [--alerts 10000] [--runs 5] [--check] [--json FILE]
import { availableParallelism } from "node:os";
import { simulateNight } from "../dist/index.js";
import { openBench } from "./report.mjs";

const { options, report, finish } = openBench({ alerts: { type: "string", default: "10000" } });
const alerts = Number(options.alerts);
const marks = { floor: 1500, goal: 2500, unit: "/s" };

/** Makes a night as `each` reads it: alerts per second, and per second that any core gave to it. */
async function measure(survey, visits, seed, each) {
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  const size = await each(simulateNight({ survey, seed, alerts, visits }));
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const { user, system } = process.cpuUsage(cpu);
  return { rate: alerts / seconds, perCpu: alerts / ((user + system) / 1e6), kB: size / alerts / 1000 };
}

async function onOne(night) {
  let bytes = 0;
  for (const visit of night.visits()) for (const alert of visit.alerts) bytes += alert.bytes.length;
  return bytes;
}

async function onAll(night) {
  let bytes = 0;
  for await (const alert of night.alerts()) bytes += alert.bytes.length;
  return bytes;
}

for (const [survey, name, visits, why] of [
  ["ztf", "ZTF", 800, "a third of the time is zlib's deflate of the stamps, by the profile"],
  [
    "lsst",
    "Rubin",
    40,
    "a quarter of the time collects garbage and copies packets from thread to thread, by the profile",
  ],
]) {
  const [one, all] = [[], []];
  for (let run = 0; run < options.runs; run++) {
    one.push(await measure(survey, visits, 7 + run, onOne));
    all.push(await measure(survey, visits, 7 + run, onAll));
  }
  const what = `${name}, ${one[0].kB.toFixed(0)} kB each`;
  const rates = (list, key = "rate") => list.map((run) => run[key]);
  report(`${what}, one core`, rates(one), { unit: "/s" });
  report(`${what}, ${Math.min(4, availableParallelism())} cores`, rates(all), { ...marks, why });
  // on a machine that does other work as well, the time this process had is what counts
  report("… per second of processor time, one core", rates(one, "perCpu"), { unit: "/s" });
  report("… per second of processor time, all", rates(all, "perCpu"), { unit: "/s" });
}
report("resident memory at most", [process.resourceUsage().maxRSS / 1000], { sign: -1, unit: " MB" });
finish(`nights of ${alerts} simulated alerts`);
