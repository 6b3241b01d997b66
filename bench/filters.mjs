// What a hundred different filters cost in one process, against one: the deciding time of the same messages, opened and decoded
// anew in every run. For plain functions, for cuts with a function of the packet, and for cuts that name its field; on ZTF and
// on Rubin alerts.
//   npm run build && [BOOTCAMP_TEST_DATA=folder] node bench/filters.mjs
import { fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cut, decodeAlert, simulateNight } from "../dist/index.js";

const { Decider } = createRequire(import.meta.url)("../dist/kafka/filter/decide.js");
const runs = 41;
const warmUp = 10; // until the machine code is there
const wanted = 1.5;
const alerts = 1000;

/** The messages of a partition as the job gets them: a thousand, each in memory of its own. */
function messagesOf(values) {
  return Array.from({ length: alerts }, (_, n) => {
    const value = Buffer.from(values[n % values.length]);
    const message = { key: null, value, headers: {}, offset: String(n), timestamp: "0" };
    return { partition: 0, offset: BigInt(n), message };
  });
}

/** Chunks as the job takes them for a transaction. */
function chunksOf(messages) {
  const perChunk = Math.max(1, Math.floor(8_000_000 / messages[0].message.value.length));
  return Array.from({ length: Math.ceil(messages.length / perChunk) }, (_, n) =>
    messages.slice(n * perChunk, (n + 1) * perChunk),
  );
}

const data = process.env.BOOTCAMP_TEST_DATA;
const simulated = (options) => [...simulateNight(options).visits()].flatMap((visit) => visit.alerts);
/** Those of the commonest schema: a night has one. */
function oneSchema(values) {
  const bySchema = new Map();
  for (const value of values) {
    const { schema } = decodeAlert(value);
    bySchema.set(schema, [...(bySchema.get(schema) ?? []), value]);
  }
  return [...bySchema.values()].toSorted((a, b) => b.length - a.length)[0];
}

const nights = {
  [data ? "ZTF, real" : "ZTF, simulated"]: () =>
    data
      ? oneSchema(readdirSync(join(data, "ztf")).map((name) => readFileSync(join(data, "ztf", name))))
      : simulated({ alerts: 200, visits: 10 }).map(({ bytes }) => bytes),
  "Rubin, simulated": () => simulated({ survey: "lsst", alerts: 400, visits: 8 }).map(({ bytes }) => bytes),
};

/** The n-th of a hundred filters: five kinds of selection, twenty thresholds each, which let a tenth to a fifth of a night pass. */
const functionsOf = {
  ZTF: [
    (x) => (a) => a.mag < 15 + x / 10 && a.realBogus > 0.65,
    (x) => (a) => a.snr > 20 + x && a.isPositive,
    (x) => (a) => a.packet.candidate.rb > 0.8 + x / 100 && a.packet.candidate.nbad === 0,
    (x) => (a) => a.packet.candidate.distpsnr1 > 3 + x / 4 && a.packet.candidate.sgscore1 < 0.5,
    (x) => (a) => a.packet.candidate.fwhm < 1.5 + x / 50 && a.packet.candidate.elong < 1.2 && a.dec > -20,
  ],
  Rubin: [
    (x) => (a) => a.mag < 18 + x / 10 && a.realBogus > 0.65,
    (x) => (a) => a.snr > 50 + x && a.isPositive,
    (x) => (a) => a.packet.diaSource.reliability > 0.9 + x / 200 && !a.packet.diaSource.isDipole,
    (x) => (a) => a.packet.diaSource.extendedness < x / 200 && !a.packet.diaSource.pixelFlags_bad,
    (x) => (a) => a.packet.diaSource.psfFlux > 1000 * x && a.packet.diaSource.psfFluxErr < 500 && a.dec > -20,
  ],
};
/** Cuts on values of the packet, which `field` reads. */
const cutsOn = (
  field,
  real = cut("real", field("candidate", "rb"), { min: 0.65 }),
  certain = cut("certain", field("diaSource", "reliability"), { min: 0.6 }),
) => ({
  ZTF: [
    (x) => [cut("bright", field("candidate", "magpsf"), { max: 15 + x / 10 }), real],
    (x) => [cut("round", field("candidate", "elong"), { max: 1 + x / 200 }), real],
    (x) => [cut("sharp", field("candidate", "fwhm"), { above: 0, max: 1.5 + x / 50 }), real],
    (x) => [cut("far", field("candidate", "distpsnr1"), { above: 3 + x / 4 }), real],
    (x) => [cut("difference", field("candidate", "magdiff"), { min: -x / 1000, max: x / 1000 }), real],
  ],
  Rubin: [
    (x) => [cut("bright", field("diaSource", "psfFlux"), { min: 1000 * x }), certain],
    (x) => [cut("significant", field("diaSource", "snr"), { above: 50 + x }), certain],
    (x) => [cut("exact", field("diaSource", "psfFluxErr"), { max: 50 + x }), certain],
    (x) => [cut("pointlike", field("diaSource", "extendedness"), { max: x / 200 }), certain],
    (x) => [cut("place", field("diaSource", "dec"), { min: x }), certain],
  ],
});
const cutsByFunction = cutsOn((group, name) => (a) => a.packet[group][name]);
const cutsByName = cutsOn((group, name) => `packet.${group}.${name}`);

const hundred = (make) =>
  Array.from({ length: 100 }, (_, n) => ({ name: `f${n}`, topic: `f${n}`, accepts: make(n % 5, Math.floor(n / 5)) }));

/** Processor time, since the machine may do other work as well. */
async function decidingMs(filters, messages) {
  const decider = new Decider("bench", filters, { capPerVisit: 20, slowMs: 20 });
  const begun = process.cpuUsage();
  for (const chunk of chunksOf(messages)) await decider.decide(chunk, new Set(), async () => {});
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}

/** A process of its own for each measurement: what one filter teaches the decoder must not help or hinder the other. */
async function serve(night, kind, count) {
  const survey = night.split(",")[0];
  const messages = messagesOf(nights[night]());
  const filters = hundred((n, x) => kinds[kind](survey, n, x));
  for (let run = 0; ; run++) {
    // the five kinds of filter take turns
    const chosen = count === 1 ? [filters[run % 5]] : filters;
    process.send(await decidingMs(chosen, messages));
    await new Promise((resolve) => process.once("message", resolve));
  }
}

const kinds = {
  "plain functions": (survey, n, x) => functionsOf[survey][n](x),
  "cuts, a => a.packet.…": (survey, n, x) => cut.all(...cutsByFunction[survey][n](x)),
  'cuts, "packet.…"': (survey, n, x) => cut.all(...cutsByName[survey][n](x)),
};
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

async function compare(night, kind) {
  const servers = [1, 100].map((count) => fork(fileURLToPath(import.meta.url), [night, kind, String(count)]));
  const times = servers.map(() => []);
  for (let run = -warmUp; run < runs; run++) {
    for (const [n, server] of servers.entries()) {
      if (run > -warmUp) server.send("again");
      const [ms] = await once(server, "message");
      if (run >= 0) times[n].push(ms);
    }
  }
  for (const server of servers) server.kill();
  const [one, many] = times.map(median);
  const perAlert = (ms) => Number(((ms * 1000) / alerts).toFixed(1));
  return {
    night,
    filters: kind,
    "one, µs/alert": perAlert(one),
    "hundred, µs/alert": perAlert(many),
    "one more, ns/alert": Math.round(((many - one) * 1e6) / alerts / 99),
    "×": Number((many / one).toFixed(2)),
    wanted,
  };
}

const [night, kind, count] = process.argv.slice(2);
if (process.send) await serve(night, kind, Number(count));
else {
  const rows = [];
  for (const each of Object.keys(nights)) {
    for (const which of Object.keys(kinds)) rows.push(await compare(each, which));
  }
  console.table(rows);
  if (rows.some((row) => row["×"] > wanted)) process.exitCode = 1;
}
