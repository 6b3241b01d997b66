import { describe, expect, it } from "vitest";
import { decodeAlert } from "../../src/alert/decode";
import { encodeAlert } from "../../src/alert/encode";
import { fieldReader } from "../../src/alert/field-reader";
import { fieldNames, findField } from "../../src/alert/fields";
import { alertToJson } from "../../src/alert/json";
import { parseTable } from "../../src/match/catalog-file";
import { toRows } from "../../src/match/catalog-rows";
import { catalogFromRows } from "../../src/match/load-catalog";
import { needs } from "../helpers/data";
import { runPython } from "../helpers/python";

/** What every object inherits, what avsc gives its records and types, and what JavaScript asks objects for. */
const names = [
  ...Object.getOwnPropertyNames(Object.prototype),
  ..."prototype clone compare isValid toBuffer wrap unwrapped then toJSON name length caller arguments".split(" "),
  ..."get set has type fields inspect survey packet mag history default class function".split(" "),
];

let state = 20261130;
/** Numbers below n, the same in every run (linear congruence). */
const below = (n: number): number => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 4294967296) * n);
};
const oneOf = <T>(all: readonly T[]): T => all[below(all.length)]!;
const some = (): string[] => [...new Set(Array.from({ length: 1 + below(4) }, () => oneOf(names)))];
/** A key that is defined, never assigned: `__proto__` too. */
const define = (entries: [string, unknown][]): object => {
  const made = Object.create(null);
  for (const [key, value] of entries) made[key] = value;
  return made;
};

let records = 0;
interface Made {
  type: unknown;
  value: unknown;
}
function made(depth: number): Made {
  const kind = depth > 2 ? 0 : below(6);
  if (kind === 1) return recordOf(depth + 1);
  if (kind === 2) {
    const item = recordOf(depth + 1);
    return { type: { type: "array", items: item.type }, value: [item.value, item.value] };
  }
  if (kind === 3) {
    return { type: { type: "map", values: "string" }, value: define(some().map((key) => [key, `of ${key}`])) };
  }
  if (kind === 4) {
    const inner = recordOf(depth + 1);
    return { type: ["null", inner.type], value: below(3) ? inner.value : null };
  }
  if (kind === 5) {
    const symbols = some();
    return { type: { type: "enum", name: `e.${oneOf(names)}_${records++}`, symbols }, value: oneOf(symbols) };
  }
  return { type: "string", value: `v${below(1000)}` };
}
function recordOf(depth: number): Made {
  const fields = some().map((name) => ({ name, ...made(depth) }));
  return {
    type: {
      type: "record",
      name: `r${records++}.${oneOf(names)}`,
      fields: fields.map(({ name, type }) => ({ name, type })),
    },
    value: define(fields.map(({ name, value }) => [name, value])),
  };
}

const write = `
import base64, io, json, sys, fastavro
out = []
for case in json.load(sys.stdin):
    f = io.BytesIO()
    fastavro.schemaless_writer(f, fastavro.parse_schema(case["type"]), case["value"])
    f.seek(0)
    back = fastavro.schemaless_reader(f, fastavro.parse_schema(case["type"]), None)
    out.append([base64.b64encode(f.getvalue()).decode(), json.dumps(back, sort_keys=True)])
print(json.dumps(out))
`;
/** JSON with sorted keys, so that two texts are equal when the values are. */
const sorted = (json: string): string => runSorted(JSON.parse(json, (_, value) => value));
function runSorted(value: any): string {
  if (Array.isArray(value)) return `[${value.map(runSorted).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const own = (key: string) => Object.getOwnPropertyDescriptor(value, key)!.value;
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}: ${runSorted(own(key))}`)
    .join(", ")}}`;
}

describe.skipIf(needs.python())("names of fields, records, symbols and keys that JavaScript knows as its own", () => {
  const cases = Array.from({ length: 120 }, () => recordOf(0));
  const written: [string, string][] = needsNothing() ? JSON.parse(runPython(write, [], JSON.stringify(cases))) : [];

  it("are read as fastavro reads them, whole and part by part, and written again", () => {
    for (const [n, [bytes, theirs]] of written.entries()) {
      const schema = cases[n]!.type as { fields: { name: string }[] };
      // the second and third alert of a schema are read by what the first was asked for
      for (let round = 0; round < 3; round++) {
        const alert = decodeAlert(Buffer.from(bytes, "base64"), { schema, form: "bare" });
        const parsed = JSON.parse(theirs);
        for (const { name } of schema.fields) {
          const value = alertToJson(findField(alert, `packet.${name}`));
          const expected = Object.getOwnPropertyDescriptor(parsed, name)!.value;
          expect([name, sorted(value)]).toEqual([name, runSorted(expected)]);
          expect(sorted(alertToJson(fieldReader(`packet.${name}`)(alert)))).toBe(runSorted(expected));
        }
        expect(sorted(alertToJson(alert.packet))).toBe(theirs);
        expect(sorted(alertToJson(alert.decode()))).toBe(theirs);
        expect(sorted(JSON.stringify(alert.packet))).toBe(theirs);
        expect(fieldNames(alert)).toEqual(expect.arrayContaining(schema.fields.map(({ name }) => `packet.${name}`)));
        expect([alert.validate(), alert.mag, alert.history]).toEqual([undefined, Number.NaN, []]);
      }
      const alert = decodeAlert(Buffer.from(bytes, "base64"), { schema, form: "bare" });
      const again = encodeAlert(alert.packet, { schema, form: "bare" });
      expect(sorted(alertToJson(decodeAlert(again, { schema, form: "bare" }).packet))).toBe(theirs);
    }
  });

  it("are no fields where a packet does not have them", () => {
    const schema = {
      type: "record",
      name: "a.b",
      fields: [
        { name: "x", type: "int" },
        { name: "g", type: { type: "record", name: "a.g", fields: [{ name: "y", type: "int" }] } },
      ],
    };
    const alert = decodeAlert(Buffer.from([2, 4]), { schema, form: "bare" });
    for (const name of names) {
      expect([findField(alert, `packet.${name}`), findField(alert, `packet.g.${name}`)]).toEqual([
        undefined,
        undefined,
      ]);
      expect([alert.packet[name], alert.packet.g[name]]).toEqual([undefined, undefined]);
    }
  });

  it("are columns of a catalogue like any other", () => {
    const header = ["ra", "dec", ...names.filter((name) => name !== "__proto__")];
    const text = `${header.join(",")}\n${header.map((_, i) => i).join(",")}\n`;
    const catalog = catalogFromRows(toRows(parseTable(Buffer.from(text), "names.csv")));
    expect(Object.entries(catalog.rows[0]!)).toEqual(header.map((name, i) => [name, i]));
    expect(catalog.nearest(0, 1, { radiusArcsec: 1 })?.index).toBe(0);
  });
});

function needsNothing(): boolean {
  return !needs.python();
}
