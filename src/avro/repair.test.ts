import { describe, expect, it } from "vitest";
import { repairSchema } from "./repair";
import { parseSchema } from "./schema";

const record = (fields: unknown[], name = "t.r") => ({ type: "record", name, fields });

describe("repairSchema", () => {
  it("drops defaults, docs and logical types, which do not change the bytes", () => {
    const given = record([
      { name: "mag", type: ["float", "null"], default: null, doc: "ZTF puts the value first" },
      { name: "t", type: { type: "long", logicalType: "timestamp-micros" } },
    ]);
    expect(repairSchema(given)).toEqual(
      record([
        { name: "mag", type: ["float", "null"] },
        { name: "t", type: "long" },
      ]),
    );
  });

  it("keeps both of two fields of one name, and makes names legal", () => {
    const given = record([
      { name: "flux", type: "float" },
      { name: "flux", type: "double" },
      { name: "2mass-id", type: "string" },
    ]);
    const names = (repairSchema(given) as { fields: { name: string }[] }).fields.map((f) => f.name);
    expect(names).toEqual(["flux", "flux_2", "_2mass_id"]);
  });

  it("reads a record defined twice: as a reference when equal, under a new name when different", () => {
    const source = record([{ name: "x", type: "int" }], "t.source");
    const other = record([{ name: "y", type: "string" }], "t.source");
    const text = JSON.stringify(
      record([
        { name: "a", type: source },
        { name: "b", type: source },
        { name: "c", type: other },
      ]),
    );
    const { type } = parseSchema(text);
    const value = { a: { x: 1 }, b: { x: 2 }, c: { y: "z" } };
    expect(JSON.parse(JSON.stringify(type.fromBuffer(type.toBuffer(value))))).toEqual(value);
  });

  it("follows namespaces and recursion", () => {
    const { type } = parseSchema(
      JSON.stringify({
        type: "record",
        name: "node",
        namespace: "deep.space",
        fields: [
          { name: "value", type: "int" },
          { name: "next", type: ["null", "node"] },
        ],
      }),
    );
    const value = { value: 1, next: { value: 2, next: null } };
    expect(JSON.parse(JSON.stringify(type.fromBuffer(type.toBuffer(value))))).toEqual(value);
  });

  it("gives bare values for unions with branches alike", () => {
    const { type } = parseSchema(
      JSON.stringify(record([{ name: "v", type: ["null", "int", "long", "float", "double", "bytes", "string"] }])),
    );
    const read = (index: number, body: number[]) =>
      (type.fromBuffer(Buffer.from([index * 2, ...body])) as { v: unknown }).v;
    expect(read(0, [])).toBe(null);
    expect(read(1, [2])).toBe(1);
    expect(read(2, [2])).toBe(1n);
    expect(read(5, [2, 65])).toEqual(Buffer.from("A"));
    expect(read(6, [2, 65])).toBe("A");
  });

  it("refuses what is no schema", () => {
    for (const bad of [
      "{",
      "null",
      "42",
      '"long"',
      '["null"]',
      '{"type":"record","name":"r"}',
      '{"type":"record","name":"r","fields":[{"name":"a","type":"nope"}]}',
    ]) {
      expect(() => parseSchema(bad), bad).toThrow(expect.objectContaining({ code: "SCHEMA_INVALID" }));
    }
    let deep: unknown = "int";
    for (let i = 0; i < 1000; i++) deep = { type: "array", items: deep };
    expect(() => parseSchema({ type: "record", name: "r", fields: [{ name: "a", type: deep }] })).toThrow(
      /nested at most/,
    );
  });
});
