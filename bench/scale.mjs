// How the work grows: alerts, filters, rows of a catalogue and points of history, each by factors of ten; none may cost more than in
// proportion. The measure is the exponent of each step, log(time ratio) / log(size ratio): 1 is linear.
//   npm run build && [BOOTCAMP_TEST_DATA=folder] node bench/scale.mjs [--out docs/benchmarks-scaling] [options of report.mjs]
// --out writes the figures as JSON, and a picture of them as SVG.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { avro, cut, decodeAlert } from "../dist/index.js";
import { fileAt, readRecords, run, ztfAlerts } from "./peers/decode.mjs";
import { median, openBench } from "./report.mjs";
import { draw } from "./scale-plot.mjs";

const { SkyIndex } = createRequire(import.meta.url)("../dist/match/sky-index.js");
const { options, report, finish } = openBench({ out: { type: "string" } });

/** Processor time, since the machine may do other work as well. */
function seconds(work) {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/** Median seconds at each size; a short piece of work is repeated until it has taken a fifth of a second. */
function curve(what, sizes, prepare) {
  const points = sizes.map((size) => {
    const work = prepare(size);
    seconds(work); // until the machine code is there
    const runs = Array.from({ length: options.runs }, () => {
      let [spent, times] = [0, 0];
      while (spent < 0.2) {
        spent += seconds(work);
        times++;
      }
      return spent / times;
    });
    return { size, seconds: median(runs) };
  });
  const exponents = points
    .slice(1)
    .map((point, n) => Math.log(point.seconds / points[n].seconds) / Math.log(point.size / points[n].size));
  return { what, points, exponents };
}

const messages = ztfAlerts().map(({ record, schema }) => ({ record, schema: schema.text }));
const open = ({ record, schema }) => decodeAlert(record, { schema, form: "bare" });
let selected = 0;
function decide(count, accepts) {
  for (let n = 0; n < count; n++) {
    const alert = open(messages[n % messages.length]);
    for (const accept of accepts) if (accept(alert)) selected++;
  }
}
const filters = Array.from({ length: 100 }, (_, n) =>
  cut.all(
    cut("bright", "packet.candidate.magpsf", { max: 15 + n / 50 }),
    cut("real", "packet.candidate.rb", { min: 0.65 }),
  ),
);

/** Places all over the sky, and places asked for, which are the same at every size. */
function sky(rows) {
  const [ra, dec] = [new Float64Array(rows), new Float64Array(rows)];
  for (let n = 0; n < rows; n++) {
    ra[n] = 360 * Math.random();
    dec[n] = (Math.asin(2 * Math.random() - 1) * 180) / Math.PI;
  }
  return { ra, dec };
}
const asked = sky(100_000);

writeFileSync(fileAt("rubin.avsc"), avro.surveySchema("lsst", "11.0"));
/** Bare Rubin records with so many earlier detections, and twice as many forced ones. */
function withHistory(detections) {
  run("make", fileAt("rubin.avsc"), 20, detections, fileAt("rubin.records"));
  return readRecords(fileAt("rubin.records")).map((record) => ({ record, schema: avro.surveySchema("lsst", "11.0") }));
}

const curves = [
  curve("alerts decoded and cut", [1e3, 1e4, 1e5, 1e6], (count) => () => decide(count, filters.slice(0, 1))),
  curve("filters over 1,000 alerts", [1, 10, 100], (count) => () => decide(1000, filters.slice(0, count))),
  curve("rows of a catalogue indexed", [1e4, 1e5, 1e6, 1e7], (rows) => {
    const { ra, dec } = sky(rows);
    return () => new SkyIndex(ra, dec);
  }),
  curve("rows, 100,000 look-ups", [1e4, 1e5, 1e6, 1e7], (rows) => {
    const { ra, dec } = sky(rows);
    const index = new SkyIndex(ra, dec);
    return () => {
      for (let n = 0; n < asked.ra.length; n++) if (index.nearest(asked.ra[n], asked.dec[n], 1.5)) selected++;
    };
  }),
  // a packet without history has one point, its own
  curve("points per Rubin packet, every field", [1, 10, 100, 1000], (points) => {
    const packets = withHistory(Math.round((points - 1) / 3));
    return () => {
      for (const packet of packets) if (open(packet).decode()) selected++;
    };
  }),
];
if (selected === 0) throw new Error("nothing was selected");

for (const { what, points, exponents } of curves) {
  const [from, to] = [points[0], points.at(-1)].map(({ size }) => size.toLocaleString("en"));
  const why = what.startsWith("rows")
    ? "what fits a cache no longer is fetched from memory, at every access"
    : undefined;
  report(`worst step: ${what}, ${from} → ${to}`, [Math.max(...exponents)], { floor: 1.1, goal: 1, sign: -1, why });
}
if (options.out) {
  writeFileSync(`${options.out}.json`, `${JSON.stringify(curves, null, 1)}\n`);
  writeFileSync(`${options.out}.svg`, draw(curves));
}
finish("exponents of steps of ten, processor time");
