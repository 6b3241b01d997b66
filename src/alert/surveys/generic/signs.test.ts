import { afterEach, describe, expect, it, vi } from "vitest";
import { alertOf, list, record, said } from "../../../../test/helpers/schemas";
import { fluxToMag } from "../../photometry";

const { NaN: none } = Number;
const place = { id: "long", mjd: "double", ra: "double", dec: "double" };
const here = { id: 1n, mjd: 60000, ra: 1, dec: 2 };
const make = (types: Record<string, unknown>, values: object) =>
  alertOf(record({ ...place, ...types }), { ...here, ...values });

describe("the sign of a flux that is known", () => {
  afterEach(() => void vi.restoreAllMocks());

  it("decides isPositive, and a contradiction is said once", () => {
    const warn = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const types = { mag: said("double", "[AB]"), flux_uJy: "double", isdiffpos: "string" };
    const of = (flux_uJy: number, isdiffpos: string) =>
      make(types, { mag: 23.9 - 2.5 * Math.log10(Math.abs(flux_uJy)), flux_uJy, isdiffpos });
    const all = [of(-150, "t"), of(150, "f"), of(150, "t"), of(-150, "f"), of(-151, "t")];
    expect(all.map((alert) => alert.isPositive)).toEqual([false, true, true, false, false]);
    for (const alert of all) expect(alert.isPositive).toBe(alert.fluxNJy > 0);
    expect(warn.mock.calls).toEqual([
      ['isdiffpos says "brighter than the reference" where flux_uJy is negative: isPositive follows the flux\n'],
      ['isdiffpos says "fainter than the reference" where flux_uJy is positive: isPositive follows the flux\n'],
    ]);
  });

  it("decides where it is a whole number, as ATLAS writes it", () => {
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const types = { mag: "double", uJy: ["null", "int"], duJy: ["null", "int"], isdiffpos: "string" };
    const alert = make(types, { mag: 18.5, uJy: -145, duJy: 13, isdiffpos: "t" });
    expect([alert.fluxNJy, alert.fluxErrNJy, alert.isPositive]).toEqual([-145_000, 13_000, false]);
    expect(make(types, { mag: 18.5, uJy: null, duJy: null, isdiffpos: "t" }).isPositive).toBe(true);
  });

  it("leaves the word to the packet where no flux is known", () => {
    const types = { mag: "double", isdiffpos: "string" };
    expect(make(types, { mag: 18, isdiffpos: "f" }).isPositive).toBe(false);
    const withFlux = { ...types, flux_uJy: "double" };
    expect(make(withFlux, { mag: 18, isdiffpos: "f", flux_uJy: 0 }).isPositive).toBe(false);
    expect(make(withFlux, { mag: 18, isdiffpos: "f", flux_uJy: none }).isPositive).toBe(false);
  });

  it("decides in the history, of fluxes that the detection gives their unit too", () => {
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const row = { mjd: "double", flux: "double", is_negative: "boolean" };
    const types = { flux: "double", zp: said("float", "AB zero point"), is_negative: "boolean" };
    const prior = [
      { mjd: 59999, flux: -100, is_negative: false },
      { mjd: 59998, flux: 100, is_negative: true },
    ];
    const { history } = make(
      { ...types, history: list(record(row)) },
      { flux: 50, zp: 27.5, is_negative: false, history: prior },
    );
    expect(history.map(({ isPositive, fluxNJy }) => [isPositive, fluxNJy > 0])).toEqual([
      [true, true],
      [false, false],
    ]);
  });
});

describe("a zero point", () => {
  const row = (zp = "") => ({ magpsf: "double", psfflux: "double", magzpsci: said("double", zp) });
  const of = (zeroPoint: number, doc = "", mag = "") =>
    make({ ...row(doc), magpsf: said("double", mag) }, { magpsf: 15, psfflux: 1e4, magzpsci: zeroPoint });

  it.each([
    ["gives back the magnitude", 25, "", 15],
    ["is 0.9 mag off, as 2MASS's in J is", 25.9, "", none],
    ["is 0.5 mag off", 24.5, "", none],
    ["gives it back in Vega's system, as its text says", 25, "zero point in the Vega system", none],
    ["of 2MASS, as its text says", 25, "calibrated to 2MASS", none],
  ])("that %s", (_, zeroPoint, doc, expected) => {
    const alert = of(zeroPoint, doc);
    expect(alert.mag).toBe(15);
    expect(fluxToMag(alert.fluxNJy).mag).toEqual(Number.isNaN(expected) ? none : expect.closeTo(expected, 9));
  });

  it("that is wrong leaves the flux to a magnitude that is AB", () => {
    expect(fluxToMag(of(25.9, "", "AB magnitude").fluxNJy).mag).toBeCloseTo(15, 9);
  });

  it("that the detection contradicts is not believed in rows without a magnitude", () => {
    const forced = list(record({ mjd: "double", psfflux: "double", magzpsci: "double" }));
    const fluxes = (zeroPoint: number) =>
      make(
        { ...row(), forced_photometry: forced },
        {
          magpsf: 15,
          psfflux: 1e4,
          magzpsci: zeroPoint,
          forced_photometry: [{ mjd: 59999, psfflux: 1e4, magzpsci: zeroPoint }],
        },
      ).forced.map((point) => fluxToMag(point.fluxNJy).mag);
    expect(fluxes(25)).toEqual([expect.closeTo(15, 9)]);
    expect(fluxes(25.9)).toEqual([none]);
  });
});

describe("the object of an alert", () => {
  const source = {
    diaSourceId: "long",
    diaObjectId: "long",
    mjd: "double",
    ra: "double",
    dec: "double",
    psfFlux: "double",
  };
  const value = { diaSourceId: 1n, diaObjectId: 101n, mjd: 60000, ra: 1, dec: 2, psfFlux: 5 };

  it.each([
    "target_name",
    "targetname",
    "target",
    "target_id",
    "object",
    "field_name",
    "programme",
    "program",
    "survey",
    "obs_id",
  ])("is named inside its source, never by %s", (name) => {
    const schema = record({ [name]: "string", detection: record(source) });
    expect(alertOf(schema, { [name]: "field_7", detection: value }).objectId).toBe(101n);
    const { diaObjectId: _, ...nameless } = source;
    expect(
      alertOf(record({ [name]: "string", detection: record(nameless) }), { [name]: "field_7", detection: value })
        .objectId,
    ).toBe(null);
  });

  it("is the source's before one that stands outside", () => {
    const schema = record({ objectId: "string", name: "string", detection: record(source) });
    expect(alertOf(schema, { objectId: "batch 5", name: "n", detection: value }).objectId).toBe(101n);
  });
});
