import { describe, expect, it } from "vitest";
import type { Alert } from "../../src/alert/alert";
import { decodeAlert } from "../../src/alert/decode";
import { needs } from "../helpers/data";
import { runPython } from "../helpers/python";
import { view } from "../helpers/schemas";
import type { Made } from "./packet-text";
import { brokers } from "./packets-brokers";
import { surveys } from "./packets-surveys";

/** Writes each packet as a container of its own, so that no line of this library is between schema and bytes. */
const writer = `
import base64, io, json, sys, fastavro
def plain(v):
    if isinstance(v, dict):
        if "@bytes" in v: return base64.b64decode(v["@bytes"])
        if "@long" in v: return int(v["@long"])
        return {k: plain(x) for k, x in v.items()}
    return [plain(x) for x in v] if isinstance(v, list) else v
out = []
for case in json.load(sys.stdin):
    f = io.BytesIO()
    fastavro.writer(f, case["type"], [plain(case["value"])], codec="deflate")
    out.append(base64.b64encode(f.getvalue()).decode())
print(json.dumps(out))
`;

function written(packets: readonly Made[]): Buffer[] {
  const mark = (value: unknown): unknown => {
    if (typeof value === "bigint") return { "@long": String(value) };
    if (Buffer.isBuffer(value)) return { "@bytes": value.toString("base64") };
    if (Array.isArray(value)) return value.map(mark);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, mark(each)]));
  };
  const input = packets.map(({ type, value }) => ({ type, value: mark(value) }));
  return JSON.parse(runPython(writer, [], JSON.stringify(input))).map((text: string) => Buffer.from(text, "base64"));
}

/** Numbers as float32 has them, to five digits; times to 0.05 s. */
function close(expected: unknown, name = ""): unknown {
  if (typeof expected === "number" && !Number.isNaN(expected)) {
    return expect.closeTo(expected, name === "mjdUtc" ? 6 : 5 - Math.ceil(Math.log10(Math.abs(expected) + 1)));
  }
  if (Array.isArray(expected)) return expected.map((each) => close(each));
  if (expected === null || typeof expected !== "object") return expected;
  return Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, close(value, key)]));
}

describe.skipIf(needs.python())("packets after the published schemas of others, written by fastavro", () => {
  const all = Object.entries({ ...surveys, ...brokers });
  let alerts: Alert[] | undefined;
  const alertOf = (n: number) =>
    (alerts ??= written(all.map(([, { packet }]) => packet)).map((b) => decodeAlert(b)))[n]!;

  it.each(all.map(([name, expected], n) => ({ name, expected, n })))("$name", ({ expected, n }) => {
    const alert = alertOf(n);
    expect(view(alert)).toMatchObject(close(expected.view) as object);
    const { history, upperLimits, forced, stamps } = expected;
    if (history) expect(alert.history).toMatchObject(close(history) as object[]);
    if (upperLimits) expect(alert.upperLimits).toMatchObject(close(upperLimits) as object[]);
    if (forced) expect(alert.forced).toMatchObject(close(forced) as object[]);
    for (const [kind, text] of Object.entries(stamps ?? {})) {
      expect([kind, alert.stampBytes(kind as "science")?.bytes.toString()]).toEqual([kind, text]);
    }
  });
});
