import { describe, expect, it } from "vitest";
import { knownVersions, surveySchema } from "../../avro/known";
import { parseSchema } from "../../avro/schema";
import { Alert } from "../alert";
import { lightCurve } from "../light-curve";
import { mjdTaiToUtc } from "../time";

/** A record of the schema with nothing in it: null where that is allowed, else 0 or empty. */
function blank(type: any): any {
  if (type.types) return type.types.some((each: any) => each.typeName === "null") ? null : blank(type.types[0]);
  if (type.fields) return Object.fromEntries(type.fields.map((field: any) => [field.name, blank(field.type)]));
  if (type.typeName === "array") return [];
  if (type.typeName === "bytes") return Buffer.alloc(0);
  if (type.typeName === "string") return "";
  return type.typeName.endsWith("long") ? 0n : type.typeName === "boolean" ? false : 0;
}
/** The type of a field, behind null and arrays. */
const inner = (type: any, name: string): any => {
  const found = type.fields.find((field: any) => field.name === name)?.type;
  const plain = found?.types?.find((each: any) => each.typeName !== "null") ?? found;
  return plain?.itemsType ?? plain;
};
/** The record with those of the values that its version has fields for. */
const filled = (type: any, values: Record<string, unknown>): any => {
  const record = blank(type);
  for (const [name, value] of Object.entries(values)) if (name in record) record[name] = value;
  return record;
};
function encode(schemaText: string, values: (type: any) => Record<string, unknown>): Alert {
  const schema = parseSchema(schemaText);
  const record = schema.type.toBuffer(filled(schema.type, values(schema.type)));
  return new Alert(record, schema, { kind: "memory", record: 0 }, undefined, "bare");
}

const big = 169813005919846484n; // a real id of 2025: above 2^53, where numbers lose the last digit

describe("Rubin, every version", () => {
  const source = (type: any, values: Record<string, unknown> = {}) =>
    filled(type, {
      diaSourceId: big,
      diaObjectId: big + 1n,
      ssObjectId: null,
      visit: 2025042000123n,
      ccdVisitId: 123n,
      midPointTai: 61000,
      midpointMjdTai: 61000,
      ra: 10.5,
      decl: -20.25,
      dec: -20.25,
      psFlux: -1000,
      psfFlux: -1000,
      psFluxErr: 50,
      psfFluxErr: 50,
      snr: 20,
      filterName: "r",
      band: "r",
      reliability: 0.75,
      ...values,
    });

  it.each(knownVersions("lsst"))("%s: names that changed are one view", (version) => {
    const alert = encode(surveySchema("lsst", version), (type) => ({
      alertId: big,
      diaSourceId: big,
      diaSource: source(inner(type, "diaSource")),
      prvDiaSources: [
        source(inner(type, "prvDiaSources"), {
          diaSourceId: big - 1n,
          midPointTai: 60999,
          midpointMjdTai: 60999,
          psFlux: 500,
          psfFlux: 500,
        }),
      ],
      prvDiaForcedSources: [source(inner(type, "prvDiaForcedSources"))],
    }));
    expect([alert.survey, alert.form]).toEqual(["lsst", "bare"]);
    expect([alert.alertId, alert.objectId]).toEqual([big, big + 1n]);
    expect([alert.ra, alert.dec, alert.band]).toEqual([10.5, -20.25, "r"]);
    expect((61000 - alert.mjdUtc) * 86400).toBeCloseTo(37, 4); // TAI − UTC since 2017
    expect([alert.fluxNJy, alert.fluxErrNJy, alert.isPositive]).toEqual([-1000, 50, false]);
    expect(alert.mag).toBeCloseTo(23.9, 9); // of the size of the flux, whatever its sign
    expect(alert.history).toMatchObject([
      { alertId: big - 1n, fluxNJy: 500, isPositive: true, mjdUtc: mjdTaiToUtc(60999), band: "r" },
    ]);
    expect(alert.forced).toMatchObject([{ fluxNJy: -1000, fluxErrNJy: 50, band: "r" }]);
    expect(alert.visitId).toBe(Number(version) < 7 ? "123" : "2025042000123");
    expect(alert.missing).toEqual(Number(version) < 7 ? expect.not.arrayContaining(["mag", "ra"]) : ["field"]);
  });

  it("takes links that are 0 or null for none, and a moving object's id for its object", () => {
    const make = (values: Record<string, unknown>) =>
      encode(surveySchema("lsst", "9.0"), (type) => ({
        diaSourceId: big,
        diaSource: source(inner(type, "diaSource"), values),
      }));
    expect(make({ diaObjectId: 0n, ssObjectId: 0n }).objectId).toBe(null);
    expect(make({ diaObjectId: null, ssObjectId: null }).objectId).toBe(null);
    expect(make({ diaObjectId: 0n, ssObjectId: 42n }).objectId).toBe(42n);
  });

  it("lets NaN fluxes pass no cut", () => {
    const alert = encode(surveySchema("lsst", "10.0"), (type) => ({
      diaSource: source(inner(type, "diaSource"), {
        psfFlux: Number.NaN,
        psfFluxErr: null,
        snr: null,
        reliability: null,
      }),
      prvDiaSources: [source(inner(type, "prvDiaSources"), { psfFlux: Number.NaN })],
    }));
    expect([alert.fluxNJy, alert.fluxErrNJy, alert.mag, alert.magErr, alert.snr, alert.realBogus]).toEqual(
      Array(6).fill(Number.NaN),
    );
    expect(alert.mag < 30 || alert.mag >= 30 || alert.snr > 5).toBe(false);
    expect([alert.forced, alert.upperLimits]).toEqual([[], []]);
    expect([alert.isPositive, alert.history[0]!.isPositive]).toEqual([true, true]);
    expect(lightCurve(alert).detections).toEqual([]);
  });

  it("gives five times the noise as the limit where nothing was seen, until 7.4", () => {
    const alert = encode(surveySchema("lsst", "7.4"), (type) => ({
      diaSource: source(inner(type, "diaSource")),
      prvDiaNondetectionLimits: [
        filled(inner(type, "prvDiaNondetectionLimits"), { midpointMjdTai: 60998, band: "i", diaNoise: 200 }),
      ],
    }));
    expect(alert.upperLimits).toEqual([{ mjdUtc: mjdTaiToUtc(60998), band: "i", mag: expect.closeTo(23.9, 9) }]);
  });
});

describe("ZTF", () => {
  const make = (candidate: Record<string, unknown>, values: Record<string, unknown> = {}) =>
    encode(surveySchema("ztf", "4.02"), (type) => ({
      objectId: "ZTF18aaaaaaa",
      candid: 2475433850015010009n,
      candidate: filled(inner(type, "candidate"), {
        jd: 2460229.5,
        fid: 2,
        magpsf: 18,
        sigmapsf: 0.1,
        isdiffpos: "t",
        ra: 1,
        dec: 2,
        rb: 0.5,
        ...candidate,
      }),
      ...values,
    }));

  it.each([
    ["t", true],
    ["1", true],
    ["f", false],
    ["0", false],
  ])("isdiffpos %s", (isdiffpos, positive) => {
    const alert = make({ isdiffpos });
    expect([alert.isPositive, alert.fluxNJy > 0, alert.fluxErrNJy > 0]).toEqual([positive, positive, true]);
  });

  it("never chooses a schema by schemavsn", () => {
    expect(make({}, { schemavsn: "3.1" })).toMatchObject({
      survey: "ztf",
      alertId: 2475433850015010009n,
      mjdUtc: 60229,
      band: "r",
    });
  });

  it("bears a null history and a null score", () => {
    const alert = make({ rb: null }, { prv_candidates: null, fp_hists: null });
    expect([alert.history, alert.upperLimits, alert.forced, alert.realBogus]).toEqual([[], [], [], Number.NaN]);
    expect(alert.stamps).toMatchObject({ science: null, template: null, difference: null });
  });

  it("takes rows without a magnitude for limits and −99999 in forced photometry for none", () => {
    const schema = parseSchema(surveySchema("ztf", "4.02")).type;
    const alert = make(
      {},
      {
        prv_candidates: [filled(inner(schema, "prv_candidates"), { jd: 2460228.5, fid: 1, diffmaglim: 20.5 })],
        fp_hists: [
          filled(inner(schema, "fp_hists"), {
            jd: 2460227.5,
            fid: 1,
            magzpsci: 26,
            forcediffimflux: -99999,
            forcediffimfluxunc: -99999,
          }),
        ],
      },
    );
    expect(alert.upperLimits).toEqual([{ mjdUtc: 60228, band: "g", mag: 20.5 }]);
    expect(alert.forced).toMatchObject([{ mjdUtc: 60227, fluxNJy: Number.NaN, fluxErrNJy: Number.NaN }]);
  });
});

describe("ELAsTiCC 0.9.1", () => {
  it("reads SNANA fluxes as nJy, time as TAI, and Y as y", () => {
    const alert = encode(surveySchema("elasticc", "0.9.1"), (type) => ({
      alertId: 5n,
      diaSource: filled(inner(type, "diaSource"), {
        diaSourceId: 6n,
        diaObjectId: 7n,
        midPointTai: 60000,
        filterName: "Y",
        ra: 1,
        decl: 2,
        psFlux: 100,
        psFluxErr: 10,
        snr: 41.1,
      }),
    }));
    expect(alert).toMatchObject({
      survey: "elasticc",
      alertId: 5n,
      objectId: 7n,
      band: "y",
      ra: 1,
      dec: 2,
      isPositive: true,
    });
    expect(alert.mag).toBeCloseTo(27.5 - 5, 9);
    expect([alert.snr, alert.history]).toEqual([10, []]); // snr of the test alerts is the template's 41.1
  });

  it("reads a broker's classification, which has no position", () => {
    const schema = surveySchema("elasticc", "0.9.1-classification");
    const alert = encode(schema, () => ({
      alertId: 5n,
      diaSourceId: 6n,
      elasticcPublishTimestamp: 1650000000000n,
      brokerName: "b",
      classifierName: "c",
      classifications: [
        { classId: 2222, probability: 0.75 },
        { classId: 300, probability: 0.25 },
      ],
    }));
    expect(alert).toMatchObject({ survey: "elasticc", alertId: 5n, objectId: 6n, ra: Number.NaN, mag: Number.NaN });
    expect(alert.packet.classifications.map((each: any) => [each.classId, each.probability])).toEqual([
      [2222, 0.75],
      [300, 0.25],
    ]);
  });
});
