import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Alert } from "../../src/alert/alert";
import { decodeAlerts } from "../../src/alert/decode";
import { dataFolder, needs, reportFile } from "../helpers/data";
import { runPython } from "../helpers/python";
import { view } from "../helpers/schemas";

/**
 * Writes alerts anew as tools do that know rows and columns but no survey: Spark (records called after their place, null
 * allowed everywhere, in lists too, a broker's fields added), and a registry's namespace with the nulls as they were.
 */
const rewrite = `
import base64, io, json, sys, fastavro
fastavro.read.LOGICAL_READERS.clear()
def renamed(t, name, nulls):
    if isinstance(t, list):
        return [b if b == "null" else renamed(b, name, False) for b in t]
    if not isinstance(t, dict): made = t
    elif t["type"] == "record":
        made = {"type": "record", "name": name, "fields": [
            {"name": f["name"], "type": renamed(f["type"], name + "." + f["name"], nulls)} for f in t["fields"]]}
    elif t["type"] == "array": made = {"type": "array", "items": renamed(t["items"], name + ".item", nulls)}
    elif isinstance(t["type"], (dict, list)): return renamed(t["type"], name, nulls)
    else: made = t["type"]
    return ["null", made] if nulls and made != "null" else made
def expanded(schema, named=None):
    named = {} if named is None else named
    if isinstance(schema, list): return [expanded(b, named) for b in schema]
    if isinstance(schema, str): return expanded(json.loads(named[schema]), {k: v for k, v in named.items() if k != schema}) if schema in named else schema
    if not isinstance(schema, dict): return schema
    if schema.get("type") == "record":
        named[schema["name"]] = json.dumps(schema)
        return {**schema, "fields": [{**f, "type": expanded(f["type"], named)} for f in schema["fields"]]}
    return {k: expanded(v, named) if k in ("type", "items", "values") else v for k, v in schema.items()}
paths, style = json.loads(sys.argv[1]), sys.argv[2]
out = []
for path in paths:
    with open(path, "rb") as f:
        reader = fastavro.reader(f)
        written, rows = reader.writer_schema, list(reader)
    plain = expanded(json.loads(json.dumps({k: v for k, v in written.items() if not k.startswith("__")})))
    name = {"spark": "topLevelRecord", "registry": "com.broker.kafka.Value"}[style]
    schema = renamed(plain, name, style == "spark")
    schema = schema[1] if isinstance(schema, list) else schema
    extra = {"fink_broker_version": "4.2", "target": "field_7", "programme": "survey", "tracklet": None}
    schema["fields"] = [{"name": k, "type": ["null", "string"]} for k in ("target", "programme")] + schema["fields"]
    schema["fields"] += [{"name": k, "type": ["null", "string"]} for k in ("fink_broker_version", "tracklet")]
    f = io.BytesIO()
    fastavro.writer(f, schema, [{**r, **extra} for r in rows], codec="deflate")
    out.append(base64.b64encode(f.getvalue()).decode())
print(json.dumps(out))
`;

const everything = (alert: Alert) => ({
  ...view(alert),
  snr: alert.snr,
  visitId: alert.visitId,
  field: alert.field,
  history: alert.history,
  upperLimits: alert.upperLimits,
  forced: alert.forced,
  science: alert.stampBytes("science"),
  difference: alert.stampBytes("difference"),
  sources: alert.sources,
});

describe.skipIf(needs.data() || needs.python())("real alerts that a tool wrote anew", () => {
  const files = (folder: string, pattern: RegExp, most: number) =>
    readdirSync(dataFolder(folder))
      .filter((name) => pattern.test(name))
      .slice(0, most)
      .map((name) => dataFolder(folder, name));
  const surveys: Record<string, () => string[]> = {
    ztf: () => [...files("ztf", /^2019|^24754338500150150/, 4), ...files("ztf", /^ZTF/, 3)],
    lsst: () => files("lsst", /fakeAlert/, 9),
    elasticc: () => files("elasticc", /^alert.*avro$/, 4),
  };

  it.each(Object.keys(surveys).flatMap((survey) => ["spark", "registry"].map((style) => ({ survey, style }))))(
    "$survey, $style: survey, ids, fluxes, history and stamps are those of the original",
    ({ survey, style }) => {
      const paths = surveys[survey]!();
      const rewritten: string[] = JSON.parse(runPython(rewrite, [JSON.stringify(paths), style]));
      for (const [n, path] of paths.entries()) {
        const originals = [...decodeAlerts(readFileSync(path))];
        const copies = [...decodeAlerts(Buffer.from(rewritten[n]!, "base64"))];
        expect(copies.map((alert) => alert.survey)).toEqual(originals.map(() => survey));
        expect(copies.map(everything)).toEqual(originals.map(everything));
      }
    },
  );
});

describe.skipIf(needs.reports())("a Rubin packet as Spark writes it", () => {
  it("is Rubin's, and its objects are the sources' own", () => {
    const alerts = [...decodeAlerts(readFileSync(reportFile("spark-lsst.avro")))];
    expect(alerts.map(({ survey, objectId }) => [survey, String(objectId).slice(-3)])).toEqual([
      ["lsst", "101"],
      ["lsst", "202"],
      ["lsst", "303"],
    ]);
    for (const alert of alerts) {
      expect(alert.isPositive).toBe(alert.fluxNJy > 0);
      expect(alert.history.every((point) => point.isPositive === point.fluxNJy > 0)).toBe(true);
    }
  });
});
