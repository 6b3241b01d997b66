import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decodeAlerts } from "../../src";
import { dataFolder, needs } from "../helpers/data";
import { runPython } from "../helpers/python";

/** Prints every record of every file: integers as text (exact), floats by repr, bytes by length and hash. */
const oracle = `
import sys, json, gzip, hashlib, fastavro
fastavro.read.LOGICAL_READERS.clear()  # times as the integers they are
def plain(v):
    if isinstance(v, bool) or v is None: return v
    if isinstance(v, int): return {"i": str(v)}
    if isinstance(v, float): return {"f": repr(v)}
    if isinstance(v, bytes): return {"b": [len(v), hashlib.md5(v).hexdigest()]}
    if isinstance(v, str): return {"s": v}
    if isinstance(v, list): return [plain(x) for x in v]
    return {"r": {k: plain(x) for k, x in v.items()}}
for path in sys.stdin.read().split("\\n"):
    f = gzip.open(path) if path.endswith(".gz") else open(path, "rb")
    print(json.dumps([plain(r) for r in fastavro.reader(f)]))
`;

function differences(ours: any, theirs: any, path: string): string[] {
  if (theirs === null || typeof theirs === "boolean") return ours === theirs ? [] : [`${path}: ${ours} ≠ ${theirs}`];
  if (Array.isArray(theirs)) {
    if (!Array.isArray(ours) || ours.length !== theirs.length)
      return [`${path}: length ${ours?.length} ≠ ${theirs.length}`];
    return theirs.flatMap((item, i) => differences(ours[i], item, `${path}[${i}]`));
  }
  if ("r" in theirs) {
    const names = Object.keys(theirs.r);
    if (Object.keys(ours).join() !== names.join()) return [`${path}: fields ${Object.keys(ours)} ≠ ${names}`];
    return names.flatMap((name) => differences(ours[name], theirs.r[name], `${path}.${name}`));
  }
  const same =
    "i" in theirs
      ? String(ours) === theirs.i && (typeof ours === "bigint" || Number.isSafeInteger(ours))
      : "f" in theirs
        ? typeof ours === "number" && Object.is(ours, Number(theirs.f.replace("inf", "Infinity")))
        : "b" in theirs
          ? Buffer.isBuffer(ours) &&
            ours.length === theirs.b[0] &&
            createHash("md5").update(ours).digest("hex") === theirs.b[1]
          : ours === theirs.s;
  return same ? [] : [`${path}: ${String(ours)} ≠ ${JSON.stringify(theirs)}`];
}

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
