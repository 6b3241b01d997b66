import { describe, expect, it } from "vitest";
import { apparentMagnitude, isStellar } from "./apparent";

/**
 * Values published by ALeRCE: the first three from the light curves that come with its `lc_correction` package (errors in
 * quadrature), the last two from its API documentation and pipeline (errors without the reference's share).
 */
const published = {
  "ZTF20aatvpgs, brighter": {
    source: {
      mag: 19.20176124572754,
      magErr: 0.1195293664932251,
      isPositive: true,
      refMag: 18.52400016784668,
      refMagErr: 0.01600000075995922,
    },
    mag: 18.058256149291992,
    magErr: 0.0429760180413723,
  },
  "ZTF17aadkbpx, fainter": {
    source: {
      mag: 17.406423568725586,
      magErr: 0.05560019612312317,
      isPositive: false,
      refMag: 15.752999305725098,
      refMagErr: 0.017000000923871994,
    },
    mag: 16.020103454589844,
    magErr: 0.026705525815486908,
  },
  "ZTF17aadkbpx, brighter": {
    source: {
      mag: 18.447532653808594,
      magErr: 0.10995122790336609,
      isPositive: true,
      refMag: 15.95300006866455,
      refMagErr: 0.010999999940395355,
    },
    mag: 15.849020004272461,
    magErr: 0.014168216846883297,
  },
};

describe("apparent magnitude", () => {
  it.each(Object.entries(published))("equals what ALeRCE published for %s", (_, { source, mag, magErr }) => {
    const total = apparentMagnitude(source);
    expect(total.isCorrected).toBe(true);
    expect(total.mag).toBeCloseTo(mag, 5);
    // The published errors use 1.0857 or nothing for 2.5 / ln 10; the ratio cancels.
    expect(total.magErr).toBeCloseTo(magErr, 5);
  });

  it.each([
    {
      magErr: 0.09397929,
      mag: 18.622025,
      isPositive: false,
      total: 17.906834,
      shared: 0.042980175,
      extended: 0.048635766,
    },
    {
      magErr: 0.087919265,
      mag: 18.648088,
      isPositive: true,
      total: 18.492537,
      shared: 0.07564124,
      extended: 0.07618386,
    },
  ])("equals ALeRCE's two other errors for $total", (row) => {
    // The reference is not published with these rows; its flux and error follow from the published total and shared error.
    const flux = (m: number) => 10 ** (-0.4 * m);
    const refFlux = flux(row.total) - (row.isPositive ? 1 : -1) * flux(row.mag);
    const refErr = Math.sqrt((flux(row.mag) * row.magErr) ** 2 - (flux(row.total) * row.shared) ** 2) / refFlux;
    const source = { ...row, refMag: -2.5 * Math.log10(refFlux), refMagErr: refErr };
    expect(apparentMagnitude(source).mag).toBeCloseTo(row.total, 6);
    expect(apparentMagnitude(source, { referenceError: "extended" }).magErr).toBeCloseTo(row.extended, 5);
    expect(apparentMagnitude(source, { referenceError: "shared" }).magErr).toBeCloseTo(row.shared, 5);
  });

  const source = { mag: 18, magErr: 0.1, isPositive: true, refMag: 18, refMagErr: 0.1 };

  it("doubles the flux of two equal sources: 0.753 mag brighter", () => {
    expect(18 - apparentMagnitude(source).mag).toBeCloseTo(2.5 * Math.log10(2), 10);
  });

  it("corrects within 1.4″ only, or within the radius asked for", () => {
    expect(apparentMagnitude({ ...source, refDistanceArcsec: 1.39 }).isCorrected).toBe(true);
    expect(apparentMagnitude({ ...source, refDistanceArcsec: 1.4 }).reason).toBe("reference source too far");
    expect(apparentMagnitude({ ...source, refDistanceArcsec: 1.4 }, { radiusArcsec: 2 }).isCorrected).toBe(true);
    expect(() => apparentMagnitude(source, { radiusArcsec: 0 })).toThrow("radius in arcseconds");
  });

  it("says why not", () => {
    expect(apparentMagnitude({ ...source, mag: null }).reason).toBe("no detection");
    expect(apparentMagnitude({ ...source, refMag: null }).reason).toBe("no reference source");
    expect(apparentMagnitude({ ...source, refMag: -999 }).reason).toBe("no reference source");
    expect(apparentMagnitude({ ...source, refDistanceArcsec: null }).reason).toBe("no reference source");
    expect(apparentMagnitude({ ...source, isPositive: false, refMag: 19 })).toEqual({
      mag: Number.NaN,
      magErr: Number.NaN,
      isCorrected: false,
      reason: "fainter than nothing",
    });
  });

  it("has no shared error where the reference is the less certain one", () => {
    expect(apparentMagnitude({ ...source, refMagErr: 0.2 }, { referenceError: "shared" }).magErr).toBeNaN();
  });
});

describe("point source or not", () => {
  const star = { distnr: 0.2, distpsnr1: 0.1, sgscore1: 0.9, chinr: 5, sharpnr: 0.5 };
  it("asks PS1 first, the reference image else", () => {
    expect(isStellar(star)).toBe(true);
    expect(isStellar({ ...star, sgscore1: 0.4 })).toBe(false);
    expect(isStellar({ ...star, distpsnr1: -999 })).toBe(false);
    expect(isStellar({ ...star, distpsnr1: 3, chinr: 0.9, sharpnr: 0 })).toBe(true);
    expect(isStellar({ ...star, distpsnr1: null, chinr: null, sharpnr: 0 })).toBe(false);
    expect(isStellar({ ...star, distnr: 1.5 })).toBe(false);
    expect(isStellar({ ...star, distnr: null })).toBe(false);
  });
});
