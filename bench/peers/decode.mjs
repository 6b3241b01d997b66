// What the benchmarks of decoding share: records in one file for both sides, the other side, and how long one takes.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeAlerts } from "../../dist/alert/decode.js";
import { simulateNight } from "../../dist/index.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const python = process.env.BOOTCAMP_PYTHON ?? join(root, ".bootcamp/venv/bin/python");
const folder = mkdtempSync(join(tmpdir(), "bench-decode-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
export const fileAt = (name) => join(folder, name);
export const data = process.env.BOOTCAMP_TEST_DATA;

/** Alert files of one survey, where real ones are there. */
export function filesIn(name) {
  return readdirSync(join(data, name))
    .filter((file) => /\.avro(\.gz)?$/.test(file) && !file.includes("confluent"))
    .map((file) => join(data, name, file));
}

/** Real ZTF alerts, or simulated ones. */
export function ztfAlerts() {
  if (data) return filesIn("ztf").flatMap((file) => [...decodeAlerts(readFileSync(file))]);
  console.log("BOOTCAMP_TEST_DATA is not set: simulated alerts");
  return [...simulateNight({ alerts: 100, visits: 10 }).visits()].flatMap((visit) => visit.alerts);
}

export function run(...args) {
  const done = spawnSync(python, [join(root, "bench/peers/decode.py"), ...args.map(String)], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`decode.py ${args.join(" ")}: ${done.error ?? done.stderr}`);
  return done.stdout;
}

/** Seconds per record of each task, by name, on the other side. */
export function timeOthers(tasks) {
  writeFileSync(fileAt("tasks.json"), JSON.stringify(tasks));
  return JSON.parse(run("time", fileAt("tasks.json")));
}

/** Seconds per record: passes over all of them for a second, after two to warm up. */
export function secondsEach(records, work) {
  const pass = () => {
    for (const record of records) work(record);
  };
  pass();
  pass();
  let passes = 0;
  const start = performance.now();
  while (performance.now() - start < 1000) {
    pass();
    passes++;
  }
  return (performance.now() - start) / 1000 / (passes * records.length);
}

/** Writes records one behind the other, each with its length as a 32-bit integer in front. */
export function writeRecords(name, records) {
  const parts = records.flatMap((record) => {
    const head = Buffer.alloc(4);
    head.writeUInt32LE(record.length);
    return [head, record];
  });
  writeFileSync(fileAt(name), Buffer.concat(parts));
  return fileAt(name);
}

/** The same read. */
export function readRecords(path) {
  const bytes = readFileSync(path);
  const found = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at);
    found.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return found;
}

export const meanSize = (buffers) =>
  `${Math.round(buffers.reduce((sum, { length }) => sum + length, 0) / buffers.length / 1000)} kB`;
