import { describe, expect, it } from "vitest";
import { alertOf, list, orNull, record, said, view } from "../../../../test/helpers/schemas";

const { NaN: none } = Number;

describe("alerts of surveys that are not known", () => {
  it("reads packets in ZTF's manner with filter numbers of their own (WINTER)", () => {
    const point = {
      candid: orNull("long"),
      jd: "double",
      fid: said("int", "Filter ID (1=Y; 2=J; 3=Hs; 4=Dark)"),
      isdiffpos: "boolean",
      ra: "double",
      dec: "double",
      magpsf: "double",
      sigmapsf: "double",
      rb: orNull("float"),
    };
    const schema = record({
      schemavsn: "string",
      objectid: "string",
      candid: "long",
      candidate: record(
        { ...point, candid: "long", jdstarthist: "double", magzpsci: "float", ndethist: "int", field: "int" },
        "winter.candidate",
      ),
      prv_candidates: list(record(point, "winter.prv")),
      cutout_science: "bytes",
    });
    const row = {
      candid: 7n,
      jd: 2460380.5,
      fid: 3,
      isdiffpos: true,
      ra: 10,
      dec: 20,
      magpsf: 17,
      sigmapsf: 0.1,
      rb: null,
    };
    const alert = alertOf(schema, {
      schemavsn: "0.1",
      objectid: "WNTR24aaaab",
      candid: 8n,
      candidate: {
        ...row,
        candid: 8n,
        jd: 2460381.5,
        fid: 2,
        isdiffpos: false,
        jdstarthist: 2460000.5,
        magzpsci: 25,
        ndethist: 2,
        field: 5,
      },
      prv_candidates: [{ ...row, candid: 8n, jd: 2460381.5 }, row],
      cutout_science: Buffer.from("x"),
    });
    expect(view(alert)).toEqual({
      survey: "unknown",
      alertId: 8n,
      objectId: "WNTR24aaaab",
      ra: 10,
      dec: 20,
      mjdUtc: 60381,
      band: "J",
      mag: 17,
      magErr: 0.1,
      fluxNJy: none,
      fluxErrNJy: none,
      snr: expect.closeTo(10.857, 3),
      isPositive: false,
      realBogus: none,
    });
    expect(alert.missing).toEqual(["fluxNJy", "fluxErrNJy"]);
    expect(alert.history.map(({ mjdUtc, band, alertId }) => [mjdUtc, band, alertId])).toEqual([[60380, "Hs", 7n]]);
    expect(alert.stampBytes("science")?.bytes.toString()).toBe("x");
    expect(alert.stampBytes("template")).toBe(null);
    expect([alert.visitId, alert.field]).toEqual(["60381.000000-5", 5]);
  });

  it("reads fluxes in nJy, a UTC time and a sign of its own (RAPID), and does not take them for Rubin's", () => {
    const source = {
      diaSourceId: "long",
      diaObjectId: ["null", "long"],
      midpointMjd: said("double", "Effective mid-observation time (UTC scale) [MJD]"),
      ra: "double",
      dec: "double",
      band: ["null", "string"],
      psfFlux: said(["null", "double"], "Flux from PSF-fit on difference image [nJy]"),
      psfFluxErr: said(["null", "double"], "Uncertainty in psfFlux [nJy]"),
      isNegative: "boolean",
      reliability: ["null", "float"],
      expId: "long",
    };
    const main = record(source, "rapid.diaSource");
    const schema = record({
      diaSourceId: "long",
      diaSource: main,
      prvDiaSources: list("rapid.diaSource"),
      diaObject: ["null", record({ diaObjectId: "long", ra0: "double", dec0: "double", firstDiaSourceMjd: "double" })],
      ssMatches: list(record({ designation: "string", ra: "double", dec: "double", predVMag: "float" })),
      cutoutReference: ["null", "bytes"],
    });
    const row = {
      diaSourceId: 5n,
      diaObjectId: 0n,
      midpointMjd: 61000,
      ra: 1,
      dec: -2,
      band: "F146",
      psfFlux: -3631,
      psfFluxErr: 36.31,
      isNegative: true,
      reliability: 0.5,
      expId: 77n,
    };
    const alert = alertOf(schema, {
      diaSourceId: 5n,
      diaSource: row,
      prvDiaSources: [{ ...row, diaSourceId: 4n, midpointMjd: 60999, psfFlux: 1000, isNegative: false }],
      diaObject: null,
      ssMatches: [],
      cutoutReference: Buffer.from("r"),
    });
    expect(view(alert)).toMatchObject({
      survey: "unknown",
      alertId: 5n,
      objectId: null,
      mjdUtc: 61000,
      band: "F146",
      fluxNJy: -3631,
      fluxErrNJy: 36.31,
      mag: expect.closeTo(22.5, 3),
      snr: expect.closeTo(100, 6),
      isPositive: false,
      realBogus: 0.5,
    });
    expect(alert.history).toMatchObject([
      { mjdUtc: 60999, fluxNJy: 1000, mag: expect.closeTo(23.9, 6), alertId: 4n, isPositive: true },
    ]);
    expect([alert.visitId, alert.stampBytes("template")?.bytes.toString()]).toEqual(["77", "r"]);
  });

  it("keeps fluxes of unknown unit out of nJy, and reads numbered bands from the documentation (WTP, PGIR)", () => {
    const candidate = record({
      mjd: "double",
      candid: "long",
      isdiffpos: "string",
      bandid: said(["int", "null"], "Band ID [1 for W1, 2 for W2]"),
      ra: "double",
      dec: "double",
      fluxpsf: said("double", "Flux from PSF-fit photometry [counts]"),
      sigmafluxpsf: "double",
      magpsf: "double",
      sigmapsf: "double",
      mjdstartref: "double",
      drb: orNull("float"),
      scorr: orNull("double"),
    });
    const forced = record({
      mjd: "double",
      bandid: said(["int", "null"], "Band ID [1 for W1, 2 for W2]"),
      forcediffimflux: "double",
      forcediffimfluxunc: "double",
      forcediffmagpsf: "double",
      forcediffsigmapsf: "double",
    });
    const schema = record({
      objectId: "string",
      candid: "long",
      candidate,
      prv_candidates: list(record({ mjd: "double", diffmaglim: orNull("double"), magpsf: orNull("double") })),
      fp_records: list(forced),
    });
    const alert = alertOf(schema, {
      objectId: "WTP14aaaaaa",
      candid: 1n,
      candidate: {
        mjd: 57000,
        candid: 1n,
        isdiffpos: "t",
        bandid: 2,
        ra: 3,
        dec: 4,
        fluxpsf: 500,
        sigmafluxpsf: 50,
        magpsf: 14,
        sigmapsf: 0.1,
        mjdstartref: 55000,
        drb: -999,
        scorr: 12,
      },
      prv_candidates: [
        { mjd: 56000, diffmaglim: 16, magpsf: null },
        { mjd: 56500, diffmaglim: 16, magpsf: 999 },
      ],
      fp_records: [
        {
          mjd: 56100,
          bandid: 1,
          forcediffimflux: 10,
          forcediffimfluxunc: 1,
          forcediffmagpsf: 15,
          forcediffsigmapsf: 0.1,
        },
      ],
    });
    expect(view(alert)).toMatchObject({
      mjdUtc: 57000,
      band: "W2",
      mag: 14,
      magErr: 0.1,
      fluxNJy: none,
      snr: 12,
      isPositive: true,
      realBogus: none,
    });
    expect(alert.missing).toContain("fluxNJy");
    expect(alert.upperLimits).toEqual([
      { mjdUtc: 56000, band: "", mag: 16 },
      { mjdUtc: 56500, band: "", mag: 16 },
    ]);
    expect(alert.history).toEqual([]);
    expect(alert.forced).toMatchObject([{ mjdUtc: 56100, band: "W1" }]);
  });
});
