import { describe, expect, it } from "vitest";
import { alertOf, orNull, record, view } from "../../../../test/helpers/schemas";

const { NaN: none } = Number;

describe("packets of other shapes", () => {
  it("turns counts into nJy where a zero point stands beside them", () => {
    const schema = record({
      id: "string",
      obs: record({
        mjd: "double",
        ra: "double",
        dec: "double",
        flux: "double",
        fluxerr: "double",
        zp: "double",
        filter: "string",
      }),
    });
    const alert = alertOf(schema, {
      id: "a",
      obs: { mjd: 59000, ra: 1, dec: 2, flux: 100, fluxerr: 10, zp: 25, filter: "ztf_g" },
    });
    expect(alert.mag).toBeCloseTo(25 - 5, 9);
    expect(alert.fluxNJy).toBeCloseTo(10 ** (0.4 * (31.4 - 20)), 6);
    expect([alert.snr, alert.band]).toEqual([10, "g"]);
  });

  it("reads flat packets with capital letters and times as text (ATLAS, HiTS)", () => {
    const schema = record({
      Id: "int",
      field: "string",
      RA: "float",
      DEC: "float",
      sciMJD: "string",
      refMJD: "string",
      Mag: "double",
      Dmag: "double",
      filter: "string",
    });
    const alert = alertOf(schema, {
      Id: 12,
      field: "Blind15A_01",
      RA: 150.5,
      DEC: -2.25,
      sciMJD: "57070.25",
      refMJD: "57000",
      Mag: 21.5,
      Dmag: 0.2,
      filter: "o",
    });
    expect(view(alert)).toMatchObject({
      alertId: 12n,
      ra: 150.5,
      dec: -2.25,
      mjdUtc: 57070.25,
      band: "o",
      mag: 21.5,
      magErr: 0.2,
    });
    expect(alert.field).toBe("Blind15A_01");
  });

  it("finds coordinates in a record of their own, also behind a union of one branch (Rubin 1.0)", () => {
    const diaSource = record(
      {
        diaSourceId: "long",
        diaObjectId: orNull("long"),
        midPointTai: "double",
        filterName: "string",
        radec: [record({ ra: "double", decl: "double" }, "Radec")],
        psFlux: "double",
        psFluxErr: "double",
        snr: "float",
      },
      "lsst.alert.diaSource",
    );
    const alert = alertOf(record({ alertId: "long", diaSource }, "lsst.alert"), {
      alertId: 3n,
      diaSource: {
        diaSourceId: 3n,
        diaObjectId: 9n,
        midPointTai: 57000,
        filterName: "r",
        radec: { ra: 350, decl: -89 },
        psFlux: 10,
        psFluxErr: 1,
        snr: 10,
      },
    });
    expect(view(alert)).toMatchObject({
      survey: "unknown",
      alertId: 3n,
      objectId: 9n,
      ra: 350,
      dec: -89,
      band: "r",
      fluxNJy: none,
      snr: 10,
    });
    expect((57000 - alert.mjdUtc) * 86400).toBeCloseTo(35, 4); // TAI − UTC in 2014
  });

  it("describes a packet of measurements by the newest of them", () => {
    const rows = record({
      mjd: "double",
      mag: "double",
      e_mag: "double",
      fid: "int",
      isdiffpos: "int",
      candid: "string",
    });
    const schema = record({
      oid: "string",
      meanra: "double",
      meandec: "double",
      ndet: "int",
      detections: { type: "array", items: rows },
      non_detections: { type: "array", items: record({ mjd: "double", diffmaglim: "float", fid: "int" }) },
    });
    const row = { mjd: 60000, mag: 18, e_mag: 0.1, fid: 1, isdiffpos: 1, candid: "a" };
    const alert = alertOf(schema, {
      oid: "AL1",
      meanra: 5,
      meandec: 6,
      ndet: 2,
      detections: [{ ...row, mjd: 60002, mag: 17, isdiffpos: -1, candid: "b" }, row],
      non_detections: [{ mjd: 59999, diffmaglim: 20.5, fid: 2 }],
    });
    expect(view(alert)).toMatchObject({
      objectId: "AL1",
      ra: 5,
      dec: 6,
      mjdUtc: 60002,
      mag: 17,
      magErr: 0.1,
      band: "1",
      isPositive: false,
    });
    expect(alert.history).toMatchObject([{ mjdUtc: 60000, mag: 18, alertId: "a" }]);
    expect(alert.upperLimits).toEqual([{ mjdUtc: 59999, band: "2", mag: 20.5 }]);
  });

  it("reads records whose names have no namespace", () => {
    const inner = record({ ra: "double", dec: "double", jd: "double", mag: "double" }, "candidate");
    const alert = alertOf(record({ id: "string", candidate: inner }, "alert"), {
      id: "a",
      candidate: { ra: 1, dec: 2, jd: 2459000.5, mag: 17 },
    });
    expect(view(alert)).toMatchObject({ ra: 1, dec: 2, mjdUtc: 59000, mag: 17 });
  });

  it("says what it could not find, and reads a record that is no alert at all", () => {
    const alert = alertOf(record({ temperature: "double", place: "string" }), { temperature: 21, place: "here" });
    expect(alert.missing.length).toBe(15);
    expect(view(alert)).toMatchObject({ alertId: null, objectId: null, ra: none, mjdUtc: none, band: "", mag: none });
    expect([alert.history, alert.forced, alert.packet.temperature]).toEqual([[], [], 21]);
    expect(alert.stamps.science).toBe(null);
  });
});
