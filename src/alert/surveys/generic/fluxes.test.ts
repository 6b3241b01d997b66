import { describe, expect, it } from "vitest";
import { alertOf, record, said } from "../../../../test/helpers/schemas";

const { NaN: none } = Number;
const place = { id: "long", mjd: "double", ra: "double", dec: "double" };
const here = { id: 1n, mjd: 60000, ra: 1, dec: 2 };
const fluxOf = (types: Record<string, unknown>, values: object) => {
  const alert = alertOf(record({ ...place, ...types }), { ...here, ...values });
  return [alert.fluxNJy, alert.fluxErrNJy];
};

describe("fluxes that end in their unit", () => {
  it.each([
    ["flux_uJy", "flux_uJy_err", 1e3],
    ["flux_nJy", "flux_err_nJy", 1],
    ["psfFlux_mJy", "psfFluxErr_mJy", 1e6],
    ["diff_flux_Jy", "sigma_diff_flux_Jy", 1e9],
    ["FLUX_UJY", "fluxErr", 1e3],
    ["uJy", "duJy", 1e3],
    ["mJy", "mJy_err", 1e6],
  ])("%s with %s", (flux, err, toNJy) => {
    expect(fluxOf({ [flux]: "double", [err]: "double" }, { [flux]: -8, [err]: 2 })).toEqual([-8 * toNJy, 2 * toNJy]);
  });

  it("go before the flux of no unit beside them, whose error is not theirs", () => {
    const types = { flux: "double", flux_err: "double", flux_uJy: "double" };
    expect(fluxOf(types, { flux: 5000, flux_err: 50, flux_uJy: 3 })).toEqual([3000, none]);
    const two = { flux_mJy: "double", flux_err_mJy: "double", flux_nJy: "double", flux_err_nJy: "double" };
    expect(fluxOf(two, { flux_mJy: 0.5, flux_err_mJy: 0.25, flux_nJy: 5e5, flux_err_nJy: 2.5e5 })).toEqual([
      5e5, 2.5e5,
    ]);
  });

  it("are not their own error where none is given", () => {
    expect(fluxOf({ flux_uJy: "double" }, { flux_uJy: 3 })).toEqual([3000, none]);
    const { snr, missing } = alertOf(record({ ...place, psfFlux: "double" }), { ...here, psfFlux: 3 });
    expect([snr, missing]).toEqual([none, expect.arrayContaining(["fluxErrNJy", "snr"])]);
  });

  it("are no other quantity that ends in those letters", () => {
    expect(fluxOf({ sky_uJy: "double", template_flux_uJy: "double" }, { sky_uJy: 1, template_flux_uJy: 1 })).toEqual([
      none,
      none,
    ]);
  });
});

describe("magnitudes as fluxes", () => {
  const row = (doc: string) => ({
    mjd: "double",
    filter: "string",
    mag: said("double", doc),
    magerr: "double",
    isdiffpos: "int",
    forced: "boolean",
  });
  const make = (doc: string) => {
    const detections = { type: "array", items: record(row(doc)) };
    const one = { mjd: 60000, filter: "g", mag: 21.4, magerr: 0.1, isdiffpos: -1, forced: false };
    return alertOf(record({ oid: "string", detections }), {
      oid: "a",
      detections: [one, { ...one, mjd: 60001, forced: true }],
    });
  };

  it("are known where the documentation says AB, with the sign of the difference, forced photometry too", () => {
    const alert = make("difference magnitude [AB]");
    expect([alert.fluxNJy, alert.fluxErrNJy]).toEqual([expect.closeTo(-1e4, 6), expect.closeTo(921.034, 3)]);
    expect(alert.forced).toEqual([{ mjdUtc: 60001, band: "g", fluxNJy: alert.fluxNJy, fluxErrNJy: alert.fluxErrNJy }]);
  });

  it.each(["", "difference magnitude", "AB, Vega for J and H"])("are not known with the documentation '%s'", (doc) => {
    const alert = make(doc);
    expect([alert.mag, alert.fluxNJy, alert.forced[0]!.fluxNJy]).toEqual([21.4, none, none]);
  });

  it("give a flux of no unit beside them their unit, not their sign", () => {
    const rows = { type: "array", items: record({ mjd: "double", flux: "double" }) };
    const types = { isdiffpos: "boolean", flux: "double", mag: said("double", "[AB]"), history: rows };
    const alert = alertOf(record({ ...place, ...types }), {
      ...here,
      isdiffpos: false,
      flux: 50,
      mag: 21.4,
      history: [{ mjd: 59999, flux: 100 }],
    });
    expect(alert.fluxNJy).toBeCloseTo(-1e4, 6);
    expect(alert.history).toMatchObject([{ mjdUtc: 59999, fluxNJy: expect.closeTo(2e4, 6), isPositive: true }]);
  });
});
