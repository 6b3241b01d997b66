import { describe, expect, it } from "vitest";
import { alertOf, list, orNull, record, view } from "../../../test/helpers/schemas";

const { NaN: none } = Number;

describe("numbers that stand for none in ZTF's packets", () => {
  const point = {
    jd: "double",
    fid: "int",
    pid: "long",
    programid: "int",
    rcid: "int",
    candid: orNull("long"),
    isdiffpos: orNull("string"),
    field: orNull("int"),
    ra: orNull("double"),
    dec: orNull("double"),
    magpsf: orNull("float"),
    sigmapsf: orNull("float"),
    diffmaglim: orNull("float"),
    rb: orNull("float"),
  };
  const forced = {
    jd: "double",
    fid: "int",
    magzpsci: orNull("float"),
    forcediffimflux: orNull("float"),
    forcediffimfluxunc: orNull("float"),
  };
  const schema = record({
    objectId: "string",
    candid: "long",
    candidate: record(point),
    prv_candidates: list(record(point)),
    fp_hists: list(record(forced)),
  });
  const row = { jd: 2460000.5, fid: 2, pid: 1n, programid: 1, rcid: 1, candid: 5n, isdiffpos: "t", field: 600 };
  const nothing = { ra: -999, dec: -999, magpsf: -999, sigmapsf: -999, diffmaglim: -999, rb: -999 };
  const something = { ra: 10, dec: -9, magpsf: 18, sigmapsf: 0.125, diffmaglim: 20.5, rb: 0.5 };
  const alert = alertOf(schema, {
    objectId: "ZTF18aaaaaaa",
    candid: 5n,
    candidate: { ...row, ...nothing, field: -999 },
    prv_candidates: [
      { ...row, ...nothing, jd: 2459997.5, diffmaglim: 20.5 },
      { ...row, ...something, jd: 2459998.5, sigmapsf: -999, rb: -999 },
      { ...row, ...something, jd: 2459999.5 },
    ],
    fp_hists: [
      { jd: 2459990.5, fid: 1, magzpsci: -999, forcediffimflux: 100, forcediffimfluxunc: 5 },
      { jd: 2459991.5, fid: 1, magzpsci: -5, forcediffimflux: 100, forcediffimfluxunc: 5 },
      { jd: 2459992.5, fid: 1, magzpsci: 26.4, forcediffimflux: 100, forcediffimfluxunc: 5 },
    ],
  });

  it("are missing in the detection", () => {
    expect(view(alert)).toEqual({
      survey: "ztf",
      alertId: 5n,
      objectId: "ZTF18aaaaaaa",
      ra: none,
      dec: none,
      mjdUtc: 60000,
      band: "r",
      mag: none,
      magErr: none,
      fluxNJy: none,
      fluxErrNJy: none,
      snr: none,
      isPositive: true,
      realBogus: none,
    });
    expect([alert.visitId, alert.field, alert.mag < 16]).toEqual(["60000.000000-none", null, false]);
  });

  it("are missing in the history, where a row without a magnitude is a limit", () => {
    expect(alert.upperLimits).toEqual([{ mjdUtc: 59997, band: "r", mag: 20.5 }]);
    expect(alert.history).toMatchObject([
      { mjdUtc: 59998, mag: 18, magErr: none, fluxErrNJy: none, realBogus: none },
      { mjdUtc: 59999, mag: 18, magErr: 0.125, ra: 10, dec: -9, realBogus: 0.5, fluxNJy: expect.closeTo(229086.8, 1) },
    ]);
  });

  it("leave the sign as it counts where it is not said: brighter than the reference", () => {
    const unsaid = [null, "", "null", "-999"].map((isdiffpos) => {
      const before = { ...row, ...something, jd: 2459999.5, isdiffpos };
      const own = { ...before, jd: 2460000.5 };
      return alertOf(schema, { objectId: "a", candid: 1n, candidate: own, prv_candidates: [before], fp_hists: null });
    });
    for (const { isPositive, fluxNJy, history } of unsaid) {
      expect([isPositive, fluxNJy]).toEqual([true, expect.closeTo(229086.8, 1)]);
      expect(history).toMatchObject([{ isPositive: true, fluxNJy: expect.closeTo(229086.8, 1) }]);
    }
  });

  it("are no zero point", () => {
    expect(alert.forced.map((point) => point.fluxNJy)).toEqual([none, none, expect.closeTo(1e4, 1)]);
  });
});

describe("numbers that stand for none in packets of surveys that are not known", () => {
  const make = (visit: bigint, field: number, mjd = 60000) => {
    const schema = record({ id: "long", mjd: "double", mag: "double", visit: "long", field: "int", fid: "int" });
    return alertOf(schema, { id: 1n, mjd, mag: 17, visit, field, fid: -999 });
  };

  it("are neither visit nor field nor filter", () => {
    const alert = make(-1n, -999);
    expect([alert.visitId, alert.field, alert.band]).toEqual(["60000.000000-none", null, ""]);
    expect(make(-999n, 7).visitId).toBe("60000.000000-7");
    expect(make(-999n, -1, -999).visitId).toBe("unknown-none");
  });

  it("leave visits and fields that are there, 999 among them", () => {
    const alert = make(42n, 999);
    expect([alert.visitId, alert.field]).toEqual(["42", 999]);
  });

  it("are no ids, and numbers above 0 are", () => {
    const schema = record({ candid: "long", objectId: "long", mjd: "double", mag: "double", designation: "string" });
    const of = (id: bigint) => {
      const alert = alertOf(schema, { candid: id, objectId: id, mjd: 60000, mag: 17, designation: String(id) });
      return [alert.alertId, alert.objectId, alert.designation];
    };
    for (const id of [9n, 99n, 999n, 9999n, 99999n]) expect(of(id)).toEqual([id, id, String(id)]);
    for (const id of [-99n, -999n]) expect(of(id)).toEqual([null, null, ""]);
  });

  it("say no sign: null, also of the whole record", () => {
    const candidate = record({
      mjd: "double",
      ra: "double",
      dec: "double",
      mag: "double",
      isdiffpos: ["null", "string"],
    });
    const schema = record({ candid: "long", candidate: ["null", candidate] });
    const here = { mjd: 60000, ra: 1, dec: 2, mag: 17 };
    const of = (value: object | null) => alertOf(schema, { candid: 1n, candidate: value }).isPositive;
    expect([of(null), of({ ...here, isdiffpos: null }), of({ ...here, isdiffpos: "" })]).toEqual([true, true, true]);
    expect(["-", "-1", "f"].map((isdiffpos) => of({ ...here, isdiffpos }))).toEqual([false, false, false]);
  });
});
