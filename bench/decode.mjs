// Alerts decoded, ours against fastavro on the same records, in turns: five fields of a ZTF candidate, the diaSource of Rubin packets
// with history, and every field of all of them.
//   npm run build && [BOOTCAMP_TEST_DATA=folder] node bench/decode.mjs [--rows 350, of history] [options of report.mjs]
import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { decodeAlerts } from "../dist/alert/decode.js";
import { avro, decodeAlert } from "../dist/index.js";
import {
  data,
  fileAt,
  filesIn,
  meanSize,
  readRecords,
  run,
  secondsEach,
  timeOthers,
  writeRecords,
  ztfAlerts,
} from "./peers/decode.mjs";
import { openBench, ratios } from "./report.mjs";

const { options, report, finish } = openBench({ rows: { type: "string", default: "350" } });

const alerts = ztfAlerts();
const ztfSchema = alerts[0].schema.text;
const ztf = alerts.filter((alert) => alert.schema.text === ztfSchema).map((alert) => alert.record);
const five = ["ra", "dec", "magpsf", "rb", "fid"];
const schema = JSON.parse(ztfSchema);
const candidate = schema.fields.find((field) => field.name === "candidate").type;
const named = { ...candidate, fields: candidate.fields.filter((field) => five.includes(field.name)) };
const reader = JSON.stringify({ ...schema, fields: [{ name: "candidate", type: named }] });

const rubinSchema = avro.surveySchema("lsst", "11.0");
writeFileSync(fileAt("rubin.avsc"), rubinSchema);
run("make", fileAt("rubin.avsc"), 20, options.rows, fileAt("rubin.records"));
// as they come from Kafka: schema 1100 in front
const rubin = readRecords(fileAt("rubin.records")).map((record) =>
  Buffer.concat([Buffer.from("000000044c", "hex"), record]),
);
const files = data ? ["ztf", "elasticc", "lsst"].flatMap(filesIn) : [];
const contents = files.map((file) => readFileSync(file)).map((b) => (b[0] === 0x1f ? gunzipSync(b) : b));

let read = 0;
const ours = {
  fields: () =>
    secondsEach(ztf, (record) => {
      const { ra, dec, magpsf, rb, fid } = decodeAlert(record, { schema: ztfSchema, form: "bare" }).packet.candidate;
      if (ra + dec + magpsf + rb + fid > 0) read++;
    }),
  ztf: () =>
    secondsEach(ztf, (record) => {
      if (decodeAlert(record, { schema: ztfSchema, form: "bare" }).decode()) read++;
    }),
  diaSource: () =>
    secondsEach(rubin, (message) => {
      const alert = decodeAlert(message);
      const { diaSource } = alert.packet;
      if (alert.snr > 0.5 && alert.realBogus > 0.5 && !diaSource.isDipole && !diaSource.pixelFlags_bad) read++;
    }),
  rubin: () =>
    secondsEach(rubin, (message) => {
      if (decodeAlert(message).decode()) read++;
    }),
  files: () =>
    secondsEach(contents, (bytes) => {
      for (const alert of decodeAlerts(bytes)) if (alert.decode()) read++;
    }),
};
const ztfRecords = writeRecords("ztf.records", ztf);
const tasks = [
  { name: "fields", schema: ztfSchema, reader, records: ztfRecords },
  { name: "ztf", schema: ztfSchema, records: ztfRecords },
  { name: "rubin", schema: rubinSchema, records: fileAt("rubin.records") },
  ...(files.length > 0 ? [{ name: "files", files }] : []),
];

const seconds = {};
for (let n = 0; n < options.runs; n++) {
  const before = read;
  for (const [name, measure] of Object.entries(ours))
    if (name !== "files" || files.length > 0) (seconds[name] ??= { ours: [] }).ours.push(measure());
  if (read === before) throw new Error("nothing was read");
  const theirs = timeOthers(tasks);
  for (const name of Object.keys(seconds)) (seconds[name].fastavro ??= []).push(theirs[name] ?? theirs.rubin);
}
const against = (name) => ratios(seconds[name].fastavro, seconds[name].ours);
const times = (floor, goal) => ({ floor, goal, unit: "×" });
const why = "nearly half of the time is avsc's call for each union and each float of each row, by the profile";
report("every field of bare ZTF, against fastavro", against("ztf"), { ...times(8, 15), why });
report("every field of Rubin with history, against fastavro", against("rubin"), { ...times(6, 20), why });
if (files.length > 0) report(`every field of ${files.length} files, against fastavro`, against("files"), times(3));
report("five fields of bare ZTF, against fastavro with a reader schema", against("fields"), times(100));
report("a filter on diaSource, Rubin with history, against fastavro", against("diaSource"), times(1000));
finish(`ZTF ${meanSize(ztf)}, Rubin 11.0 with ${options.rows} rows of history ${meanSize(rubin)}, one thread`);
