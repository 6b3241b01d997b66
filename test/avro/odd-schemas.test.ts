import { describe, expect, it } from "vitest";
import { decodeAlerts } from "../../src/alert/decode";
import { needs } from "../helpers/data";
import { runPython } from "../helpers/python";
import { differences, plainJson } from "./compare";

type Json = any;
const field = (name: string, type: Json, more: object = {}) => ({ name, type, ...more });
const record = (name: string, ...fields: Json[]) => ({ type: "record", name, fields });

/** Everything Avro allows and surveys are seen to use, or may: what fastavro writes by it must be read. */
const odd = record(
  "odd.alert",
  field("logical", { type: "long", logicalType: "julian-date-of-my-own" }),
  field("decimal", { type: "bytes", logicalType: "decimal", precision: 9, scale: 2 }),
  field("when", ["null", { type: "long", logicalType: "timestamp-millis" }], { default: null }),
  field("uuid", { type: "string", logicalType: "uuid" }),
  field("valueFirst", ["float", "null"], { default: null }),
  field("numberDefault", ["null", "int"], { default: 3 }),
  field("many", [
    "null",
    "string",
    "double",
    "boolean",
    { type: "array", items: "int" },
    { type: "map", values: "long" },
  ]),
  field("alike", ["int", "long", "float", "double"]),
  field("floatFirst", ["null", "double", "float", "long"]),
  field("longFirst", ["long", "int"]),
  field("single", [record("odd.single", field("x", "int"))]),
  field("kind", { type: "enum", name: "odd.kind", symbols: ["STAR", "GALAXY"] }),
  field("hash", { type: "fixed", name: "odd.hash", size: 5 }),
  field("scores", { type: "map", values: ["null", "float"] }),
  field("matrix", { type: "array", items: { type: "array", items: "double" } }),
  field("tree", record("odd.node", field("value", "int"), field("children", { type: "array", items: "odd.node" }))),
  field("list", ["null", record("odd.link", field("mag", "float"), field("next", ["null", "odd.link"]))]),
  field("empty", record("odd.empty")),
  field("last", "string"),
);

const values = `[
  {"logical": 2**62, "decimal": b"\\\\x04\\\\xd2", "when": None, "uuid": "u", "valueFirst": 1.5, "numberDefault": 7,
   "many": {"a": 2**60, "b": -1}, "alike": 2**40, "floatFirst": ("long", 1154308030015010005), "longFirst": ("int", 7), "single": {"x": 1}, "kind": "GALAXY", "hash": b"12345",
   "scores": {"rb": 0.5, "drb": None}, "matrix": [[1.0, 2.0], [], [3.0]],
   "tree": {"value": 1, "children": [{"value": 2, "children": []}, {"value": 3, "children": [{"value": 4, "children": []}]}]},
   "list": {"mag": 1.0, "next": {"mag": 2.0, "next": None}}, "empty": {}, "last": "end"},
  {"logical": -5, "decimal": b"", "when": 1700000000000, "uuid": "", "valueFirst": None, "numberDefault": None,
   "many": [1, 2, 3], "alike": 1.25, "floatFirst": -0.5, "longFirst": ("long", -2**60 - 1), "single": {"x": -1}, "kind": "STAR", "hash": b"\\\\x00\\\\x01\\\\x02\\\\x03\\\\x04",
   "scores": {}, "matrix": [], "tree": {"value": 0, "children": []}, "list": None, "empty": {}, "last": "\\\\u00e9\\\\u2603"},
]`;

const oracle = `
import sys, json, io, base64, hashlib, fastavro
fastavro.read.LOGICAL_READERS.clear(); fastavro.write.LOGICAL_WRITERS.clear()
${plainJson}
given = json.loads(sys.stdin.read())
schema = fastavro.parse_schema(given["schema"])
for value in eval(given["values"]):
    out = io.BytesIO()
    fastavro.schemaless_writer(out, schema, value)
    print(json.dumps([base64.b64encode(out.getvalue()).decode(), plain(fastavro.schemaless_reader(io.BytesIO(out.getvalue()), schema, None))]))
`;
const written = (schema: Json, python: string): [Buffer, Json][] =>
  runPython(oracle, [], JSON.stringify({ schema, values: python }))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .map(([bytes, plain]) => [Buffer.from(bytes, "base64"), plain]);
const read = (bytes: Buffer, schema: Json) => {
  const [alert] = decodeAlerts(bytes, { schema: JSON.stringify(schema), form: "bare" });
  alert!.validate();
  return alert!;
};

describe.skipIf(needs.python())("schemas as odd as they come", () => {
  it("reads unknown logical types, recursion, unions in any order with any default, enums, maps and fixed", () => {
    for (const [bytes, theirs] of written(odd, values.replaceAll("\\\\", "\\"))) {
      const alert = read(bytes, odd);
      // field by field, as a listing, and decoded at once: three ways through the bytes
      const touched = Object.keys(theirs.r).flatMap((name) =>
        differences(plain(alert.packet[name]), theirs.r[name], name),
      );
      expect(touched).toEqual([]);
      expect(differences(plain({ ...alert.packet }), theirs, "listed")).toEqual([]);
      expect(differences(plain(alert.decode()), theirs, "decoded")).toEqual([]);
    }
  });

  it("keeps both of two fields of one name, and reads what comes after them", () => {
    const distinct = record(
      "d.alert",
      field("c", record("d.c", field("sgmag1", "float"), field("second", "float"), field("z", "int"))),
      field("end", "string"),
    );
    const double = JSON.parse(JSON.stringify(distinct).replace('"second"', '"sgmag1"'));
    const [[bytes]] = written(distinct, '[{"c": {"sgmag1": 1.0, "second": 2.0, "z": 3}, "end": "e"}]') as [
      [Buffer, Json],
    ];
    const { c, end } = read(bytes!, double).packet;
    expect([c.sgmag1, c.sgmag1_2, c.z, end]).toEqual([1, 2, 3, "e"]);
  });

  it("reads records that are defined again under their name, alike or not", () => {
    const source = (name: string, ...more: Json[]) => record(name, field("ra", "double"), ...more);
    const distinct = record(
      "r.alert",
      field("a", source("r.one")),
      field("b", ["null", source("r.two", field("mag", "float"))]),
      field("c", { type: "array", items: source("r.three") }),
    );
    const again = JSON.parse(JSON.stringify(distinct).replace(/r\.(one|two|three)/g, "r.source"));
    const [[bytes]] = written(distinct, '[{"a": {"ra": 1.0}, "b": {"ra": 2.0, "mag": 3.0}, "c": [{"ra": 4.0}]}]') as [
      [Buffer, Json],
    ];
    expect(plain(read(bytes!, again).decode())).toEqual({ a: { ra: 1 }, b: { ra: 2, mag: 3 }, c: [{ ra: 4 }] });
  });
});

/** Records of the decoder have classes of their own, maps have no prototype: only what they hold is compared. */
function plain(value: any): any {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object" || Buffer.isBuffer(value)) return value;
  return Object.fromEntries(Object.keys(value).map((name) => [name, plain(value[name])]));
}
