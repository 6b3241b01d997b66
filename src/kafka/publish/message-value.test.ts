import { describe, expect, it } from "vitest";
import { decodeAlert } from "../../alert/decode";
import { simulateNight } from "../../simulate/night";
import { messageValue } from "./message-value";

const first = (survey: "ztf" | "lsst") =>
  [...simulateNight({ survey, seed: 7, alerts: 2, visits: 1 }).visits()][0]!.alerts[0]!;
const [ztf, lsst] = [first("ztf"), first("lsst")];

describe("the bytes of a message", () => {
  it("are those received, unless another form is asked for", () => {
    expect(messageValue(ztf, {})).toBe(ztf.bytes);
    expect(messageValue(ztf, { form: "container" })).toBe(ztf.bytes);
    expect(messageValue(lsst, { form: "confluent" })).toBe(lsst.bytes);
    expect(messageValue(lsst, { form: "bare" })).toBe(lsst.record);
  });

  it("name the schema of a container by Rubin's own number, or by the one given", () => {
    const inContainer = decodeAlert(lsst.toContainer());
    expect(inContainer.form).toBe("container");
    expect(messageValue(inContainer, { form: "confluent" }).equals(lsst.bytes)).toBe(true);
    const given = messageValue(ztf, { form: "confluent", schemaId: 0xfffefdfc });
    expect(given.subarray(0, 5).toString("hex")).toBe("00fffefdfc");
    expect(given.subarray(5).equals(ztf.record)).toBe(true);
  });

  it("are refused where no number is known, or none of 32 bits is given", () => {
    expect(() => messageValue(ztf, { form: "confluent" })).toThrow(/a schema id of 32 bits for alerts of ztf.alert/);
    expect(() => messageValue(lsst, { form: "confluent", schemaId: 2 ** 32 })).toThrow(/schema id/);
    expect(() => messageValue(lsst, { form: "confluent", schemaId: 1.5 })).toThrow(/schema id/);
  });
});
