import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decodeAlerts } from "../../src/alert/decode";
import { dataFolder, needs } from "../helpers/data";
import { runPython } from "../helpers/python";
import { differences, plainJson } from "./compare";

/** Prints every record of every file: integers as text (exact), floats by repr, bytes by length and hash. */
const oracle = `
import sys, json, gzip, hashlib, fastavro
fastavro.read.LOGICAL_READERS.clear()  # times as the integers they are
${plainJson}
for path in sys.stdin.read().split("\\n"):
    f = gzip.open(path) if path.endswith(".gz") else open(path, "rb")
    print(json.dumps([plain(r) for r in fastavro.reader(f)]))
`;

const filesOf = (folder: string) =>
  readdirSync(dataFolder(folder))
    .filter((name) => /\.avro(\.gz)?$/.test(name) && !name.includes("confluent"))
    .map((name) => dataFolder(folder, name));

describe.skipIf(needs.data() || needs.python())("decoding, against fastavro", () => {
  it.each([
    ["ztf", 115],
    ["elasticc", 42],
    ["lsst", 5],
  ])("reads every field of every record in %s as fastavro does", (folder, atLeast) => {
    const files = filesOf(folder);
    const lines = runPython(oracle, [], files.join("\n")).trim().split("\n");
    let records = 0;
    files.forEach((file, i) => {
      const bytes = readFileSync(file);
      const theirs = JSON.parse(lines[i]!);
      const ours = [...decodeAlerts(file.endsWith(".gz") ? gunzipSync(bytes) : bytes)];
      expect(ours.length, file).toBe(theirs.length);
      ours.forEach((alert, k) => {
        records++;
        // field by field through the lazy view first, then listed as a whole: both ways must agree
        const touched = Object.keys(theirs[k].r).flatMap((name) =>
          differences(alert.packet[name], theirs[k].r[name], name),
        );
        expect(touched, file).toEqual([]);
        expect(differences({ ...alert.packet }, theirs[k], ""), file).toEqual([]);
      });
    });
    expect(records).toBeGreaterThanOrEqual(atLeast);
  });

  it("reads the same through the readers compiled for what was touched", () => {
    const files = filesOf("ztf");
    const wanted = ["ra", "magpsf", "rb", "nbad", "isdiffpos"];
    const lines = runPython(oracle, [], files.join("\n")).trim().split("\n");
    for (let round = 0; round < 2; round++) {
      files.forEach((file, i) => {
        const theirs = JSON.parse(lines[i]!)[0];
        const [alert] = decodeAlerts(readFileSync(file));
        const { candidate } = alert!.packet;
        const found = wanted.flatMap((name) => differences(candidate[name], theirs.r.candidate.r[name], name));
        expect([...found, ...differences(alert!.packet.candid, theirs.r.candid, "candid")], file).toEqual([]);
      });
    }
  });
});
