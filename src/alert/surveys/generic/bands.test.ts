import { describe, expect, it } from "vitest";
import { alertOf, orNull, record } from "../../../../test/helpers/schemas";
import { bandName } from "./units";

describe("names of filters", () => {
  it.each([
    ["g DECam SDSS c0001 4720.0 1520.0", "g"],
    ["VR DECam c0007 6300.0 2600.0", "VR"],
    ["Y DECam c0005 10095.0 1130.0", "Y"],
    ["i' MegaPrime", "i'"],
    ["ztf_g", "g"],
    ["SDSS r", "r"],
    ["lsstz", "z"],
    ["H alpha", "H alpha"],
    ["F129", "F129"],
  ])("%s is %s", (text, band) => expect(bandName(text)).toBe(band));
});

describe("cutouts of others", () => {
  it("are told by their names: RAPID calls its template a reference", () => {
    const cutouts = {
      cutoutDifference: orNull("bytes"),
      cutoutScience: orNull("bytes"),
      cutoutReference: orNull("bytes"),
    };
    const schema = record(
      { id: "long", mjd: "double", ra: "double", dec: "double", mag: "float", ...cutouts },
      "rapid.alert",
    );
    const values = {
      cutoutDifference: Buffer.from("d"),
      cutoutScience: Buffer.from("s"),
      cutoutReference: Buffer.from("r"),
    };
    const alert = alertOf(schema, { id: 1n, mjd: 61000, ra: 1, dec: 2, mag: 20, ...values });
    const kinds = ["difference", "science", "template"] as const;
    expect(kinds.map((kind) => alert.stampBytes(kind)?.bytes.toString())).toEqual(["d", "s", "r"]);
  });
});
