import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeAlerts } from "../../src/alert/decode";
import { knownVersions, lsstSchemaOfId, surveySchema } from "../../src/avro/known";
import { parseSchema } from "../../src/avro/schema";
import { dataFolder, needs } from "../helpers/data";
import { runPython } from "../helpers/python";
import { differences, plainJson } from "./compare";

const published: [name: string, schema: string, file: string[]][] = [
  ...knownVersions("lsst").map((v): (typeof published)[0] => [
    `lsst ${v}`,
    surveySchema("lsst", v),
    ["schemas", "lsst", `${v}.avsc`],
  ]),
  ["ztf 4.02", surveySchema("ztf", "4.02"), ["schemas", "ztf", "4.02.avsc"]],
  ["elasticc 0.9.1", surveySchema("elasticc", "0.9.1"), ["elasticc", "elasticc.v0_9_1.alert.avsc"]],
  [
    "elasticc 0.9.1 classification",
    surveySchema("elasticc", "0.9.1-classification"),
    ["elasticc", "elasticc.v0_9_1.brokerClassification.avsc"],
  ],
];

/** Names and types alone, every name in full: what is left when docs, defaults and ways of writing are taken off. */
function canonical(schema: any, space = ""): unknown {
  if (Array.isArray(schema)) return schema.map((branch) => canonical(branch, space));
  if (typeof schema === "string") return schema;
  const { type, logicalType } = schema;
  if (type === "array") return { type, items: canonical(schema.items, space) };
  if (type !== "record") return logicalType ? { type, logicalType } : canonical(type, space);
  const within = schema.namespace ?? space;
  const name = schema.name.includes(".") || !within ? schema.name : `${within}.${schema.name}`;
  return { type, name, fields: schema.fields.map((f: any) => ({ name: f.name, type: canonical(f.type, within) })) };
}

/** Writes ten records of random values for each schema, and what they hold. */
const oracle = `
import sys, json, io, base64, random, math, hashlib
import fastavro
from fastavro.utils import generate_many
fastavro.read.LOGICAL_READERS.clear()
${plainJson}
for line in sys.stdin:
    schema = fastavro.parse_schema(json.loads(line))
    random.seed(len(line))
    for n, record in enumerate(generate_many(schema, 10)):
        out = io.BytesIO()
        fastavro.schemaless_writer(out, schema, record)
        print(json.dumps([base64.b64encode(out.getvalue()).decode(), plain(fastavro.schemaless_reader(io.BytesIO(out.getvalue()), schema, None))]))
`;

describe.skipIf(needs.data())("schemas that come with the library", () => {
  it.each(published)("%s is what was published", (_, ours, file) => {
    expect(canonical(JSON.parse(ours))).toEqual(canonical(JSON.parse(readFileSync(dataFolder(...file), "utf8"))));
  });

  it.skipIf(needs.python())("reads what fastavro writes with the published file, every version, every field", () => {
    const files = published.map(([, , file]) => JSON.stringify(JSON.parse(readFileSync(dataFolder(...file), "utf8"))));
    const lines = runPython(oracle, [], files.join("\n")).trim().split("\n");
    expect(lines.length).toBe(10 * published.length);
    published.forEach(([name, schema], i) => {
      for (const line of lines.slice(10 * i, 10 * i + 10)) {
        const [base64, theirs] = JSON.parse(line);
        const [alert] = decodeAlerts(Buffer.from(base64, "base64"), { schema, form: "bare" });
        alert!.validate();
        expect(differences({ ...alert!.packet }, theirs, name)).toEqual([]);
        // and back: what is encoded anew is the same bytes
        const { type } = parseSchema(schema);
        expect(type.toBuffer(type.fromBuffer(alert!.record)).equals(alert!.record), name).toBe(true);
      }
    });
  });

  it("knows Rubin's wire ids: major × 100 + minor", () => {
    const ids = knownVersions("lsst").map((v) => Number(v.split(".")[0]) * 100 + Number(v.split(".")[1]));
    expect(ids).toEqual([300, 400, 500, 600, 601, 700, 701, 702, 703, 704, 800, 900, 1000, 1100, 1101]);
    expect(ids.map((id) => lsstSchemaOfId(id)?.name)).toEqual(
      knownVersions("lsst").map((v) => `lsst.v${v.replace(".", "_")}.alert`),
    );
    expect([0, 3, 299, 301, 1102, 2 ** 32 - 1].map(lsstSchemaOfId)).toEqual(Array(6).fill(undefined));
  });

  it("reads the real Rubin message, id 900 big-endian, with nothing configured", () => {
    const [alert] = decodeAlerts(readFileSync(dataFolder("lsst", "7912941781254298.confluent.avro")));
    alert!.validate();
    expect(alert!.schema.name).toBe("lsst.v9_0.alert");
    expect([alert!.survey, alert!.form, alert!.alertId]).toEqual(["lsst", "confluent", 7912941781254298n]);
  });
});
