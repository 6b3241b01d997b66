import { describe, expect, it } from "vitest";
import { surveySchema } from "../avro/known";
import { simulateNight } from "../simulate/night";
import { decodeAlert } from "./decode";
import { encodeAlert } from "./encode";

const lsst = [...simulateNight({ survey: "lsst", seed: 7, alerts: 20, visits: 2, stamps: "none" }).visits()];
const alerts = lsst.flatMap((visit) => visit.alerts);
const ztf = [...simulateNight({ seed: 7, alerts: 5, visits: 1 }).visits()].flatMap((visit) => visit.alerts);

const small = (type: unknown) => ({
  type: "record",
  name: "t.alert",
  fields: [
    { name: "id", type: "long" },
    { name: "value", type },
  ],
});
const written = (type: unknown, value: unknown) => {
  const schema = small(type);
  const bytes = encodeAlert({ id: 1, value }, { schema, form: "bare" });
  return decodeAlert(bytes, { schema, form: "bare" }).decode().value;
};

describe("an alert that is written", () => {
  it("has the bytes that it was read from, for packets and for plain copies of them", () => {
    for (const alert of alerts) {
      const options = { schema: alert.schema.text, schemaId: 1100 };
      expect(encodeAlert(alert.packet, options).equals(alert.bytes)).toBe(true);
      expect(encodeAlert(alert.decode(), options).equals(alert.bytes)).toBe(true);
    }
    for (const alert of ztf) {
      const record = encodeAlert(alert.packet, { schema: alert.schema.text, form: "bare" });
      expect(record.equals(alert.record)).toBe(true);
    }
  });

  it("leaves out what the schema does not have and fills up with null", () => {
    const [alert] = alerts;
    const newer = decodeAlert(encodeAlert(alert!.packet, { schema: surveySchema("lsst", "11.1"), schemaId: 1101 }));
    expect(newer.packet.diaSource.exposureTime).toBeNull();
    expect(newer.packet.diaSource.psfFlux).toBe(alert!.packet.diaSource.psfFlux);
    const older = decodeAlert(encodeAlert(newer.packet, { schema: surveySchema("lsst", "10.0") }));
    expect([older.form, older.schema.name]).toEqual(["container", "lsst.v10_0.alert"]);
    expect("exposureTime" in older.packet.diaSource).toBe(false);
    expect(older.history).toEqual(alert!.history);
  });

  it("takes a whole number for a 64-bit integer, as far as it is exact", () => {
    expect(written("long", 2 ** 53 - 1)).toBe(9007199254740991n);
    expect(() => written("long", 2 ** 53)).toThrow("Expected value to be a long, got 9007199254740992 (number)");
  });

  it.each([
    [["null", "float"], undefined, null],
    [["float", "null"], undefined, null],
    [["float", "null"], 0.5, 0.5],
    [["null", "string", "bytes"], Buffer.from("ab"), Buffer.from("ab")],
    [["null", "int", "long"], 7n, 7n],
    [{ type: "array", items: ["null", "double"] }, [1, null], [1, null]],
    [{ type: "map", values: "long" }, { a: 2n }, { a: 2n }],
  ])("writes %j from %o", (type, value, expected) => {
    expect(written(type, value)).toEqual(expected);
  });

  it.each([
    ["int", undefined, "Expected value to be an int, got undefined"],
    ["string", 3, "Expected value to be a string, got 3 (number)"],
    [["null", "float"], "x", 'Expected value to be a float, got "x" (string)'],
    [["null", "float", "string"], 5n, "Expected value to be a null or float or string, got 5 (bigint)"],
    [{ type: "array", items: "int" }, [1, "2"], 'Expected value[1] to be an int, got "2" (string)'],
    [{ type: "map", values: "int" }, { a: "2" }, 'Expected value.a to be an int, got "2" (string)'],
  ])("names the field that is not %j", (type, value, message) => {
    expect(() => written(type, value)).toThrow(message);
  });

  it("wants an id for Confluent's form, and a packet", () => {
    const schema = small("int");
    const packet = { id: 1, value: 1 };
    expect(() => encodeAlert(packet, { schema, form: "confluent" })).toThrow("a schemaId of 32 bits");
    expect(() => encodeAlert(packet, { schema, schemaId: 2 ** 32 })).toThrow("a schemaId of 32 bits");
    expect(encodeAlert(packet, { schema, schemaId: 258 })).toEqual(Buffer.from([0, 0, 0, 1, 2, 2, 2]));
    expect(() => encodeAlert(null as unknown as object, { schema })).toThrow("the packet to be a record, got null");
  });
});
