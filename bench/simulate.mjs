// Packets per second of the simulator, stamps included, and what each part of a packet weighs.
//   npm run build && node bench/simulate.mjs [alerts, default 5000] [runs, default 3]
import { gunzipSync } from "node:zlib";
import { simulateNight } from "../dist/index.js";

const [alerts, runs] = [Number(process.argv[2] ?? 5000), Number(process.argv[3] ?? 3)];
const rates = [];
for (let run = 0; run < runs; run++) {
  const start = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  const night = simulateNight({ seed: 7 + run, alerts, visits: Math.max(1, Math.min(800, Math.round(alerts / 10))) });
  const planned = process.hrtime.bigint();
  let [count, bytes] = [0, 0];
  for await (const alert of night.alerts()) {
    count++;
    bytes += alert.bytes.length;
  }
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  // on a machine that does other work as well, the time this process had is what counts
  const { user, system } = process.cpuUsage(cpu);
  const perCpuSecond = count / ((user + system) / 1e6);
  rates.push(count / seconds);
  const plan = Number(planned - start) / 1e9;
  console.log(
    `${count} alerts, ${(bytes / count / 1000).toFixed(1)} kB each: ${(count / seconds).toFixed(0)} packets/s ` +
      `(plan ${plan.toFixed(2)} s, packets ${(seconds - plan).toFixed(2)} s; ${perCpuSecond.toFixed(0)} per second of CPU)`,
  );
}
console.log(`best of ${runs}: ${Math.max(...rates).toFixed(0)} packets/s; wanted on two cores: 1500`);
const [first] = [...simulateNight({ alerts: 1, visits: 1 }).visits()][0].alerts;
const { cutoutScience } = first.packet;
console.log(
  `one stamp: ${cutoutScience.stampData.length} bytes, ${gunzipSync(cutoutScience.stampData).length} unpacked`,
);
