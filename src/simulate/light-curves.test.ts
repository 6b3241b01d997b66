import { describe, expect, it } from "vitest";
import { Random } from "./random";
import { distanceModulus, redshiftAt } from "./sources";
import { bazin, dwarfNova, kilonova, supernovaIa, supernovaII } from "./transients";
import { cepheid, eclipsingBinary, mira, rrLyrae, sawTooth } from "./variable-stars";

const night = 60320;
const mags = (flux: (mjd: number) => number, from: number, to: number, n = 400) =>
  Array.from({ length: n }, (_, i) => -2.5 * Math.log10(flux(from + ((to - from) * i) / n)));
const span = (values: number[]) => Math.max(...values) - Math.min(...values);

describe("variable stars", () => {
  it.each([
    ["rrLyrae", rrLyrae, 0.25, 0.75, 0.25, 1.4],
    ["cepheid", cepheid, 3, 21, 0.35, 1.15],
    ["mira", mira, 200, 400, 2.4, 5.1],
    ["eclipsingBinary", eclipsingBinary, 0.25, 4.1, 0.2, 1.7],
  ] as const)(
    "%s repeats with its period, within its amplitudes, and has mean flux 1",
    (_, make, shortest, longest, low, high) => {
      for (let seed = 1; seed <= 30; seed++) {
        const star = make(new Random(seed));
        expect(star.period).toBeGreaterThan(shortest);
        expect(star.period).toBeLessThan(longest);
        for (const mjd of [night, night + 0.123, night + 7.77]) {
          expect(star.relativeFlux(mjd + 3 * star.period, "g")).toBeCloseTo(star.relativeFlux(mjd, "g"), 6);
        }
        const flux = (mjd: number) => star.relativeFlux(mjd, "g");
        const curve = mags(flux, night, night + star.period);
        expect(span(curve)).toBeGreaterThan(low);
        expect(span(curve)).toBeLessThan(high);
        const mean = curve.reduce((sum, mag) => sum + 10 ** (-0.4 * mag), 0) / curve.length;
        expect(mean).toBeCloseTo(1, 1);
        expect(span(mags((mjd) => star.relativeFlux(mjd, "r"), night, night + star.period))).toBeLessThanOrEqual(
          span(curve) + 1e-9,
        );
      }
    },
  );

  it("rises faster than it falls where it should", () => {
    expect(sawTooth(0, 0.15, 2)).toBeCloseTo(0.5, 9); // faintest
    expect(sawTooth(0.15, 0.15, 2)).toBeCloseTo(-0.5, 9); // brightest, a seventh of the period later
    expect(sawTooth(1, 0.15, 2)).toBeCloseTo(0.5, 9);
  });
});

describe("transients", () => {
  it("has the maximum of Bazin's curve at day 0 with height 1", () => {
    const curve = Array.from({ length: 801 }, (_, i) => bazin((i - 400) / 10, 3.6, 24));
    expect(curve.indexOf(Math.max(...curve))).toBe(400);
    expect(Math.max(...curve)).toBeCloseTo(1, 12);
  });

  it.each([
    ["Ia", supernovaIa],
    ["II", supernovaII],
    ["KN", kilonova],
    ["DN", dwarfNova],
  ] as const)("%s is dark before its start and smooth after", (_, make) => {
    for (let seed = 1; seed <= 20; seed++) {
      const event = make(new Random(seed), night);
      if (event.type !== "UG") expect(event.relativeFlux(event.startMjd - 0.01, "r")).toBe(0);
      expect(event.startMjd).toBeLessThan(night);
      for (let day = 1; day < 60; day++) {
        const step =
          event.relativeFlux(event.startMjd + day, "g") - event.relativeFlux(event.startMjd + day - 0.02, "g");
        expect(Math.abs(step)).toBeLessThan(0.1);
      }
    }
  });

  it("fades as published: Ia 0.5–1.1 mag in g within 15 days of maximum, kilonova > 1 mag a day in g", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const ia = supernovaIa(new Random(seed), night);
      const [g0, g15] = [0, 15].map((d) => -2.5 * Math.log10(ia.relativeFlux(ia.peakMjd + d, "g")));
      expect(g15! - g0!).toBeGreaterThan(0.5); // Δm15(B) is 0.8–1.9 (Phillips 1993); g is slower than B
      expect(g15! - g0!).toBeLessThan(1.3);
      const kn = kilonova(new Random(seed), night);
      const [a, b] = [1, 2].map((d) => -2.5 * Math.log10(kn.relativeFlux(kn.startMjd + d, "g")));
      expect(b! - a!).toBeGreaterThan(1);
    }
  });

  it("puts supernovae at Hubble distances", () => {
    // astropy 8: FlatLambdaCDM(70, 0.3).distmod([0.05, 0.1])
    expect(Math.abs(distanceModulus(0.05) - 36.735)).toBeLessThan(0.02);
    expect(Math.abs(distanceModulus(0.1) - 38.315)).toBeLessThan(0.02);
    expect(distanceModulus(redshiftAt(37.5))).toBeCloseTo(37.5, 6);
  });
});
