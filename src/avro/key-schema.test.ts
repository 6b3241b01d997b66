import { describe, expect, it } from "vitest";
import { decodeAlert, decodeAlerts } from "../alert/decode";
import type { Origin } from "../alert/types";
import { schemaOfKey } from "./key-schema";
import { SchemaRegistry } from "./registry";
import { registerSchema } from "./schema-ids";

/** As Spark writes it: a union with null second, so that a record begins with 00 as Confluent's header does. */
const sparks = (name: string, type: unknown = "string") => ({
  type: "record",
  name: "topLevelRecord.value",
  fields: [{ name, type: [type, "null"] }],
});
const schema = sparks("objectId");
const key = JSON.stringify(schema, null, 2);
const record = (text: string) => Buffer.concat([Buffer.from([0, 2 * text.length]), Buffer.from(text)]);
const bare = record("ZTF18aabbccd");
const place = (key: string | null): Origin => ({
  kind: "kafka",
  topic: "fink",
  partition: 0,
  offset: 7n,
  timestampMs: 0,
  key,
  headers: {},
});

describe("a schema in the key of a message", () => {
  it("reads the bare record beside it, whether the key is named or the origin's", () => {
    expect(bare[0]).toBe(0);
    for (const options of [
      { key },
      { key: Buffer.from(key) },
      { origin: place(key) },
      { key, form: "bare" as const },
    ]) {
      const alert = decodeAlert(bare, options);
      expect([alert.form, alert.packet.objectId]).toEqual(["bare", "ZTF18aabbccd"]);
      expect(alert.schema.text).toBe(key);
    }
    expect(schemaOfKey(key)).toBe(schemaOfKey(Buffer.from(key))); // compiled once
  });

  it("comes after one that is configured, registered or embedded", () => {
    const other = sparks("diaObjectId");
    expect(decodeAlert(bare, { key, schema: other, form: "bare" }).packet.diaObjectId).toBe("ZTF18aabbccd");
    const id = 0x7b000001;
    const header = Buffer.from([0, 0x7b, 0, 0, 1]);
    registerSchema(id, other);
    const wired = decodeAlert(Buffer.concat([header, bare]), { key });
    expect([wired.form, wired.packet.diaObjectId]).toEqual(["confluent", "ZTF18aabbccd"]);
  });

  it("reads a bare record whose first bytes happen to be a registered id", () => {
    const known = record("LSST18aabbcc");
    registerSchema(known.readUInt32BE(1), sparks("unrelated", "double"));
    expect(decodeAlert(known, { key }).packet.objectId).toBe("LSST18aabbcc");
  });

  it("saves asking a registry, unless the record does not fit it", async () => {
    const registry = new SchemaRegistry("http://127.0.0.1:1", { cacheFolder: null });
    await registry.prepare(bare, undefined, { key });
    expect([...decodeAlerts(bare, { registry, key })].length).toBe(1);
    const tooLong = Buffer.concat([bare, bare]);
    await expect(registry.prepare(tooLong, undefined, { key })).rejects.toMatchObject({ code: "REMOTE" });
    await expect(registry.prepare(bare, undefined, { key: "ZTF18aabbccd" })).rejects.toMatchObject({ code: "REMOTE" });
  });

  it("is a typed error when it cannot be used, with what to do", () => {
    const twice = `{"fields": [${" ".repeat(1_000_000)}]}`;
    const broken = [key.slice(0, -20), '{"type": "enum", "fields": []}', '{"schema": {"fields": []}}', twice];
    for (const wrong of broken) {
      expect(() => decodeAlert(bare, { key: wrong })).toThrow(
        expect.objectContaining({
          code: "SCHEMA_INVALID",
          message: expect.stringMatching(/^Expected an Avro schema as the key of the message: Expected .{10,}/),
          remedy: expect.stringContaining("--schema"),
        }) as Error,
      );
      expect(decodeAlert(bare, { key: wrong, schema }).packet.objectId).toBe("ZTF18aabbccd");
    }
  });

  it("is not looked for in other keys", () => {
    for (const other of [null, "", "ZTF18aabbccd", "1.1_0.3.9", '{"id": 5}', '["fields"]', '"fields"']) {
      expect(schemaOfKey(other)).toBe(undefined);
      expect(() => decodeAlert(bare, { key: other })).toThrow(
        expect.objectContaining({ code: "SCHEMA_UNKNOWN" }) as Error,
      );
      expect(() => decodeAlert(bare, { key: other, form: "bare" })).toThrow("Expected a schema for the bare form");
    }
  });
});
