import { describe, expect, it } from "vitest";
import { alertOf, orNull, record, said } from "../../../test/helpers/schemas";

const source = (flux: unknown) => ({
  diaSourceId: "long",
  diaObjectId: orNull("long"),
  midPointTai: "double",
  filterName: "string",
  ra: "double",
  decl: "double",
  psFlux: flux,
  psFluxErr: "float",
});
const values = {
  diaSourceId: 1n,
  diaObjectId: 3n,
  midPointTai: 60000,
  filterName: "r",
  ra: 1,
  decl: 2,
  psFlux: 500,
  psFluxErr: 20,
};
const diaObject = record({ diaObjectId: "long", simVersion: orNull("string") }, "brokers.object");

describe("packets with Rubin's old names and only one flux", () => {
  it.each([
    ["alert", "lsst", "Flux for Point Source model, nJy"],
    ["lite.alert", "unknown", "Flux for Point Source model, nJy"],
    ["alert", "lsst", ""],
  ])("are not ELAsTiCC's without its simulated object: %s is %s's with '%s'", (name, survey, doc) => {
    const diaSource = record(source(said("float", doc)), `${name}Source`);
    const alert = alertOf(record({ alertId: "long", diaSource }, name), { alertId: 1n, diaSource: values });
    expect([alert.survey, alert.fluxNJy, alert.fluxErrNJy]).toEqual([survey, 500, 20]);
  });

  it.each(["elasticc.v0_9.alert", "topLevelRecord", "broker.alert"])("are ELAsTiCC's with it: %s", (name) => {
    const diaSource = record(source("float"), `${name}Source`);
    const alert = alertOf(record({ alertId: "long", diaSource, diaObject: ["null", diaObject] }, name), {
      alertId: 1n,
      diaSource: values,
      diaObject: null,
    });
    expect([alert.survey, alert.mag]).toEqual(["elasticc", expect.closeTo(27.5 - 2.5 * Math.log10(500), 9)]);
  });
});

describe("links that a copy holds as text or as 32 bits", () => {
  it.each([
    ["string", "169298433221853185", 169298433221853185n],
    ["string", "0", null],
    ["string", "", null],
    ["int", 999, 999n],
    ["int", 0, null],
  ])("are those of the packet: %s %s", (type, id, objectId) => {
    const diaSource = record({ ...source("float"), diaObjectId: orNull(type) }, "topLevelRecord.diaSource");
    const alert = alertOf(record({ alertId: "long", diaSource }, "alert"), {
      alertId: 1n,
      diaSource: { ...values, diaObjectId: id },
    });
    expect([alert.survey, alert.objectId]).toEqual(["lsst", objectId]);
  });
});
