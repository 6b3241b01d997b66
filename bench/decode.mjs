// Alerts decoded per second, ours against fastavro on the same records, in one run:
// five fields of a ZTF candidate, the diaSource of Rubin packets with history, and every field of every file.
//   npm run build && [BOOTCAMP_TEST_DATA=folder] node bench/decode.mjs [history rows, default 350]
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { decodeAlert, decodeAlerts, simulateNight, surveySchema } from "../dist/index.js";

const rows = Number(process.argv[2] ?? 350);
const root = fileURLToPath(new URL("..", import.meta.url));
const python = process.env.BOOTCAMP_PYTHON ?? join(root, ".bootcamp/venv/bin/python");
const folder = mkdtempSync(join(tmpdir(), "bench-decode-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
const at = (name) => join(folder, name);

function run(...args) {
  const done = spawnSync(python, [join(root, "bench/decode.py"), ...args.map(String)], { encoding: "utf8" });
  if (done.status !== 0) {
    console.error(done.error ?? done.stderr);
    process.exit(1);
  }
  return done.stdout;
}

/** Records per second: passes over all of them for two seconds, after one to warm up. */
function rate(count, work) {
  work();
  work();
  let passes = 0;
  const start = process.hrtime.bigint();
  while (Number(process.hrtime.bigint() - start) < 2e9) {
    work();
    passes++;
  }
  return (passes * count) / (Number(process.hrtime.bigint() - start) / 1e9);
}

const data = process.env.BOOTCAMP_TEST_DATA;
const filesIn = (name) =>
  readdirSync(join(data, name))
    .filter((file) => /\.avro(\.gz)?$/.test(file) && !file.includes("confluent"))
    .map((file) => join(data, name, file));

// ── five fields of `candidate` of a bare ZTF record
const ztfAlerts = data
  ? filesIn("ztf").flatMap((file) => [...decodeAlerts(readFileSync(file))])
  : [...simulateNight({ alerts: 100, visits: 10 }).visits()].flatMap((visit) => visit.alerts);
const ztfSchema = ztfAlerts[0].schema.text;
const ztf = ztfAlerts.filter((alert) => alert.schema.text === ztfSchema).map((alert) => alert.record);
const five = ["ra", "dec", "magpsf", "rb", "fid"];
let sum = 0;
const ztfRate = rate(ztf.length, () => {
  for (const record of ztf) {
    const { candidate } = decodeAlert(record, { schema: ztfSchema, form: "bare" }).packet;
    sum += candidate.ra + candidate.dec + candidate.magpsf + candidate.rb + candidate.fid;
  }
});

// ── a filter on the diaSource of Rubin packets with history, as they come from Kafka
writeFileSync(at("rubin.avsc"), surveySchema("lsst", "11.0"));
run("make", at("rubin.avsc"), 20, rows, at("rubin.records"));
const rubin = split(readFileSync(at("rubin.records")));
const messages = rubin.map((record) => Buffer.concat([Buffer.from([0, 0, 0, 0x04, 0x4c]), record])); // id 1100
let kept = 0;
const rubinRate = rate(messages.length, () => {
  for (const message of messages) {
    const alert = decodeAlert(message);
    const { diaSource } = alert.packet;
    if (alert.snr > 0.5 && alert.realBogus > 0.5 && !diaSource.isDipole && !diaSource.pixelFlags_bad) kept++;
  }
});

// ── every field of every file
const files = data ? ["ztf", "elasticc", "lsst"].flatMap(filesIn) : [];
const contents = files.map((file) => readFileSync(file)).map((b) => (b[0] === 0x1f ? gunzipSync(b) : b));
const filesRate = files.length
  ? rate(contents.length, () => {
      for (const bytes of contents) for (const alert of decodeAlerts(bytes)) alert.decode();
    })
  : Number.NaN;

const schema = JSON.parse(ztfSchema);
const candidate = schema.fields.find((field) => field.name === "candidate").type;
const named = { ...candidate, fields: candidate.fields.filter((field) => five.includes(field.name)) };
const reader = JSON.stringify({ ...schema, fields: [{ name: "candidate", type: named }] });
writeFileSync(at("ztf.records"), join32(ztf));
const tasks = [
  { name: "ztf", schema: ztfSchema, reader, records: at("ztf.records") },
  { name: "rubin", schema: surveySchema("lsst", "11.0"), records: at("rubin.records") },
  ...(files.length ? [{ name: "files", files }] : []),
];
writeFileSync(at("tasks.json"), JSON.stringify(tasks));
const theirs = JSON.parse(run("time", at("tasks.json")));

const line = (what, ours, fastavro, wanted) => ({
  what,
  "ours /s": Math.round(ours),
  "fastavro /s": Number(fastavro?.toPrecision(3)),
  "×": Number((ours / fastavro).toPrecision(3)),
  wanted,
});
const mean = (buffers) => `${Math.round(buffers.reduce((s, b) => s + b.length, 0) / buffers.length / 1000)} kB`;
const table = [
  line(`5 candidate fields, bare ZTF, ${mean(ztf)} (fastavro: reader schema)`, ztfRate, theirs.ztf, 100),
  line(`filter on diaSource, Rubin 11.0, ${rows} rows, ${mean(rubin)}`, rubinRate, theirs.rubin, 1000),
  ...(files.length ? [line(`every field of ${files.length} files`, filesRate, theirs.files, 3)] : []),
];
console.table(table);
if (!data) console.log("BOOTCAMP_TEST_DATA is not set: simulated ZTF alerts, no files");
if (Number.isNaN(sum) || kept === 0) throw new Error("nothing was read");
if (table.some((each) => each["×"] < each.wanted)) process.exitCode = 1;

function split(bytes) {
  const found = [];
  for (let i = 0; i < bytes.length; ) {
    const length = bytes.readUInt32LE(i);
    found.push(bytes.subarray(i + 4, i + 4 + length));
    i += 4 + length;
  }
  return found;
}

function join32(records) {
  const lengthOf = (record) => {
    const head = Buffer.alloc(4);
    head.writeUInt32LE(record.length);
    return head;
  };
  return Buffer.concat(records.flatMap((record) => [lengthOf(record), record]));
}
