// @module-tag long
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Alert } from "../../src/alert/alert";
import { decodeAlert } from "../../src/alert/decode";
import { toParquet } from "../../src/explore/parquet";
import { dataFolder, needs } from "../helpers/data";
import { runPython } from "../helpers/python";

const folder = mkdtempSync(join(tmpdir(), "parquet-"));
afterAll(() => rmSync(folder, { recursive: true }));

const real = (): Alert[] =>
  readdirSync(dataFolder("ztf"))
    .filter((name) => name.endsWith(".avro"))
    .sort()
    .slice(0, 30)
    .map((name) => decodeAlert(readFileSync(dataFolder("ztf", name))));

/** What each reader makes of an id column: its type, and the values as text. */
const readers = `
import json, sys
import pandas, polars, pyarrow.parquet
path = sys.argv[1]
def text(values): return [None if v is None or v is pandas.NA else str(v) for v in values]
table = pyarrow.parquet.read_table(path)
frame = pandas.read_parquet(path)
other = polars.read_parquet(path)
print(json.dumps({
  "pyarrow": [str(table.schema.field("id").type), text(table["id"].to_pylist())],
  "pandas": [str(frame["id"].dtype), text(frame["id"].tolist())],
  "polars": [str(other["id"].dtype), text(other["id"].to_list())],
  "types": [str(frame[name].dtype) for name in ("count", "seen", "mag")],
}))`;

describe.skipIf(needs.python())("Parquet as Python reads it", () => {
  it("keeps every digit of an id beside a null, by default", async () => {
    const ids = [2475433850015010185n, null, 9223372036854775807n];
    const text = ids.map((id) => id && String(id));
    const path = join(folder, "ids.parquet");
    await toParquet(
      ids.map((id, i) => ({
        id,
        seen: i === 1 ? null : true,
        mag: i === 1 ? null : 17.5,
        name: "é",
        count: BigInt(i),
      })),
      path,
    );
    expect(JSON.parse(runPython(readers, [path]))).toEqual({
      pyarrow: ["int64", text],
      pandas: ["Int64", text],
      polars: ["Int64", text],
      types: ["Int64", "boolean", "float64"],
    });
  });

  it.skipIf(needs.data())(
    "has the schema's types and values, lists of records among them, as fastavro reads them",
    async () => {
      const path = join(folder, "night.parquet");
      const fields = ["candid", "candidate.fid", "candidate.jd", "candidate.rb", "candidate.drb", "candidate.ssnamenr"];
      await toParquet(real(), path, [...fields, "packet.prv_candidates", "history"]);
      const script = `
import json, sys, os, fastavro, pyarrow.parquet
folder, path = sys.argv[1:]
table = pyarrow.parquet.read_table(path)
rows = table.to_pylist()
packets = [next(fastavro.reader(open(os.path.join(folder, n), "rb"))) for n in sorted(os.listdir(folder)) if n.endswith(".avro")][:30]
wrong = []
for row, packet in zip(rows, packets):
    for name in ("fid", "jd", "rb", "drb", "ssnamenr"):
        if row[name] != packet["candidate"].get(name): wrong.append((name, row[name]))
    if row["candid"] != packet["candid"]: wrong.append("candid")
    mine, theirs = row["prv_candidates"], packet["prv_candidates"]
    if (mine is None) != (theirs is None): wrong.append("null list")
    for a, b in zip(mine or [], theirs or []):
        for name in b:
            if a[name] != b[name] and b[name] == b[name]: wrong.append((name, a[name], b[name]))
    if len(mine or []) != len(theirs or []): wrong.append("length")
print(json.dumps({"rows": len(rows), "wrong": wrong[:5], "types": {n: str(table.schema.field(n).type) for n in ("candid", "fid", "jd", "drb")},
  "list": str(table.schema.field("prv_candidates").type)[:12], "points": sum(len(r["prv_candidates"] or []) for r in rows)}))`;
      const answer = JSON.parse(runPython(script, [dataFolder("ztf"), path]));
      expect(answer).toMatchObject({
        rows: 30,
        wrong: [],
        types: { candid: "int64", fid: "int32", jd: "double", drb: "double" },
        list: "list<element",
      });
      expect(answer.points).toBeGreaterThan(100);
    },
  );
});
