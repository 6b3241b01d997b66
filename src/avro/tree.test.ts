import { describe, expect, it } from "vitest";
import { parseSchema } from "./schema";
import { fieldAt, fieldTree } from "./tree";

const record = (name: string, ...fields: unknown[]) => ({ type: "record", name, fields });
const flux = (unit: string) => ({ name: "flux", type: "double", doc: `flux ${unit}` });

describe("fieldTree", () => {
  it("tells records of one short name apart by their namespaces, as the bytes are read", () => {
    const schema = parseSchema(
      record(
        "t.alert",
        { name: "first", type: record("one.source", flux("[nJy]")) },
        { name: "second", type: ["null", record("two.source", flux("[mJy]"))] },
        { name: "again", type: { type: "array", items: "one.source" } },
        { name: "near", type: { ...record("three", { name: "s", type: "two.source" }), namespace: "two" } },
      ),
    );
    expect(fieldAt(schema, "first.flux")?.doc).toBe("flux [nJy]");
    expect(fieldAt(schema, "second.flux")?.doc).toBe("flux [mJy]");
    expect(fieldTree(schema).find(({ name }) => name === "again")?.fields[0]?.doc).toBe("flux [nJy]");
    expect(fieldAt(schema, "near.s.flux")?.doc).toBe("flux [mJy]");
  });

  it("has the documentation of a record that is defined twice, alike or not", () => {
    const schema = parseSchema(
      record(
        "t.alert",
        { name: "a", type: record("t.source", flux("[nJy]")) },
        { name: "b", type: record("t.source", flux("[mJy]")) },
        { name: "c", type: record("t.source", flux("[nJy]")) },
      ),
    );
    expect(["a", "b", "c"].map((name) => fieldAt(schema, `${name}.flux`)?.doc)).toEqual([
      "flux [nJy]",
      "flux [mJy]",
      "flux [nJy]",
    ]);
  });
});
