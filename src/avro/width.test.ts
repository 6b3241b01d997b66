import { describe, expect, it } from "vitest";
import { decodeAlert, decodeAlerts } from "../alert/decode";
import { writeContainer } from "./container-write";
import { parseSchema } from "./schema";

/** Avro's integer of 1,000 (zigzag 2,000), and of 0, which ends a list. */
const thousand = Buffer.from([0xd0, 0x0f]);
const end = Buffer.from([0]);
const schemaOf = (items: unknown) =>
  JSON.stringify({ type: "record", name: "w.alert", fields: [{ name: "x", type: { type: "array", items } }] });
const blocks = (count: number) => Buffer.concat([...Array<Buffer>(count).fill(thousand), end]);
const corrupt = expect.objectContaining({ code: "AVRO_CORRUPT" });

describe("items that take no bytes", () => {
  it.each([
    ["null", "null"],
    ["an empty record", { type: "record", name: "w.empty", fields: [] }],
    ["a fixed of nothing", { type: "fixed", name: "w.none", size: 0 }],
    ["a record of such", { type: "record", name: "w.nulls", fields: [{ name: "n", type: "null" }] }],
  ])("of %s are read, but not without end", (_, items) => {
    const options = { schema: schemaOf(items), form: "bare" } as const;
    const some = decodeAlert(blocks(3), options);
    some.validate();
    expect(some.packet.x.length).toBe(3000);
    // many small claims instead of a large one, by all ways through the bytes
    const many = decodeAlert(blocks(101), options);
    expect(() => many.validate()).toThrow(corrupt);
    expect(() => many.packet.x).toThrow(corrupt);
    expect(() => many.decode()).toThrow(corrupt);
  });

  it("are counted over all lists of a record, also in lists", () => {
    const list = { type: "array", items: "null" };
    const bytes = Buffer.concat([Buffer.from([202, 1]), ...Array<Buffer>(101).fill(blocks(1)), end]); // 101 lists
    const alert = decodeAlert(bytes, { schema: schemaOf(list), form: "bare" });
    expect(() => alert.validate()).toThrow(corrupt);
    expect(() => alert.packet.x).toThrow(corrupt);
  });

  it("are not taken for those of a list that can hold itself", () => {
    const node = {
      type: "record",
      name: "w.node",
      fields: [{ name: "next", type: { type: "array", items: "w.node" } }],
    };
    const alert = decodeAlert(Buffer.from([4, 0, 2, 0, 0, 0]), { schema: schemaOf(node), form: "bare" });
    alert.validate();
    expect(alert.packet.x.map((each: any) => each.next.length)).toEqual([0, 1]);
    expect(() => decodeAlert(blocks(1), { schema: schemaOf(node), form: "bare" }).validate()).toThrow(corrupt);
  });

  it("end a container of records without fields, however they are spread over blocks", () => {
    const one = writeContainer(parseSchema({ type: "record", name: "w.none", fields: [] }), []);
    const block = Buffer.concat([thousand, end, one.subarray(-16)]);
    let read = 0;
    const walk = (blocks: number) => {
      for (const _ of decodeAlerts(Buffer.concat([one, ...Array<Buffer>(blocks).fill(block)]))) read++;
    };
    walk(2);
    expect(read).toBe(2000);
    expect(() => walk(101)).toThrow(corrupt);
  });
});
