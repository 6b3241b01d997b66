import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decodeAlerts } from "../alert/decode";
import { loadSchema } from "../files/load-schema";
import { inlined, mainType, namedTypes } from "./named-types";
import { parseSchema } from "./schema";

const source = {
  type: "record",
  name: "source",
  namespace: "s.v1",
  fields: [
    { name: "mjd", type: "double" },
    { name: "band", type: "band" },
  ],
};
const band = { type: "enum", name: "s.v1.band", symbols: ["g", "r"] };
const alert = {
  type: "record",
  name: "alert",
  namespace: "s.v1",
  fields: [
    { name: "id", type: "long" },
    { name: "source", type: "s.v1.source" },
    { name: "prior", type: ["null", { type: "array", items: "source" }] },
  ],
};
/** id 7; MJD 60000, r; one prior row */
const double = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
};
const record = Buffer.concat([
  Buffer.from([14]),
  double(60000),
  Buffer.from([2, 2, 2]),
  double(59999),
  Buffer.from([0, 0]),
]);

describe("schemas in several files", () => {
  const write = (files: Record<string, object>) => {
    const folder = mkdtempSync(join(tmpdir(), "schemas-"));
    for (const [name, json] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(json));
    return (name: string) => join(folder, name);
  };
  const check = (schema: string) => {
    const [found] = decodeAlerts(record, { schema, form: "bare" });
    expect([found!.packet.id, found!.packet.source, found!.packet.prior]).toMatchObject([
      7n,
      { mjd: 60000, band: "r" },
      [{ mjd: 59999, band: "g" }],
    ]);
  };

  it("find the types they name beside them", () => {
    const at = write({
      "s.v1.alert.avsc": alert,
      "s.v1.source.avsc": source,
      "other.avsc": band,
      "x.avsc": { no: "schema" },
    });
    check(loadSchema(at("s.v1.alert.avsc")));
  });

  it("are taken as a list, in any order, and as a list in one file", () => {
    const at = write({ "a.avsc": alert, "b.avsc": source, "c.avsc": band });
    check(loadSchema([at("b.avsc"), at("a.avsc"), at("c.avsc")]));
    const one = write({ "all.avsc": [source, band, alert] });
    check(loadSchema(one("all.avsc")));
    check(JSON.stringify([alert, source, band]));
    expect(parseSchema([band, source, alert]).name).toBe("s.v1.alert");
  });

  it("say what is missing or not clear", () => {
    const at = write({ "a.avsc": alert });
    expect(() => loadSchema(at("a.avsc"))).toThrow(/a\.avsc, got: .*unknown name "s\.v1\.source"/);
    expect(() => loadSchema(at("none.avsc"))).toThrow(expect.objectContaining({ code: "USAGE" }));
    const two = namedTypes([alert, source, band, { ...alert, name: "retraction" }]);
    expect(() => mainType(two)).toThrow(/got 2: s\.v1\.alert, s\.v1\.retraction/);
  });

  it("define each type once, recursion included", () => {
    const node = {
      type: "record",
      name: "n.node",
      fields: [
        { name: "next", type: ["null", "n.node"] },
        { name: "leaf", type: "leaf" },
      ],
    };
    const leaf = { type: "record", name: "n.leaf", fields: [{ name: "up", type: ["null", "n.node"] }] };
    const whole = JSON.stringify(inlined(node, namedTypes([node, leaf])));
    expect(whole.split('"name":"n.node"').length - 1).toBe(1);
    expect(parseSchema(whole).fields).toEqual(["next", "leaf"]);
  });
});
