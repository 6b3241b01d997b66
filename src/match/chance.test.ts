import { describe, expect, it } from "vitest";
import { chanceMatchRate } from "./chance";
import { catalogFromRows } from "./load-catalog";
import { offsetPosition } from "./sky";

/** At least one unrelated entry within the radius where entries lie at random, by Poisson; 40,000 a square degree: 0.038 in 2″. */
const expectedChance = (of: { densityPerSquareDeg: number; radiusArcsec: number }) =>
  -Math.expm1(-Math.PI * (of.radiusArcsec / 3600) ** 2 * of.densityPerSquareDeg);

/** A linear congruential generator (Numerical Recipes). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const random = seeded(3);
/** 20,000 stars in 4 square degrees: 5,000 per square degree, so 3″ meet one by chance 1.1 % of the time. */
const inField = () => ({ ra: 150 + 2 * random(), dec: 2 * random() - 1 });
const stars = Array.from({ length: 20_000 }, inField);
const catalog = catalogFromRows(stars);
/** 1,500 detections of stars with 0.3″ of error, and 500 where no star belongs. */
const positions = [
  ...stars.slice(0, 1500).map((star) =>
    offsetPosition(star, {
      distanceArcsec: 0.3 * Math.sqrt(-2 * Math.log(1 - random())),
      positionAngle: 360 * random(),
    }),
  ),
  ...Array.from({ length: 500 }, inField),
];

describe("chanceMatchRate", () => {
  const radiiArcsec = [0.1, 1, 3, 10, 30];
  const rows = chanceMatchRate(catalog, positions, { radiiArcsec, shifts: 40 });

  it("measures the rate that Poisson statistics expect", () => {
    for (const { radiusArcsec, chance } of rows.slice(1)) {
      const expected = expectedChance({ densityPerSquareDeg: 5000, radiusArcsec });
      // 80,000 shifted positions; a few of them leave the field, where there are no stars.
      const error = Math.sqrt(expected / 80_000);
      expect(chance).toBeGreaterThan(expected * 0.92 - 4 * error);
      expect(chance).toBeLessThan(expected + 4 * error);
    }
  });

  it("recovers the share of true matches, which was put in as three quarters", () => {
    const at3 = rows[2]!;
    expect(at3.matched).toBeCloseTo(0.75 + 0.25 * at3.chance, 2);
    expect(at3.matched * at3.purity).toBeCloseTo(0.75, 2);
    expect(rows.map((row) => row.radiusArcsec)).toEqual(radiiArcsec);
    expect(rows[0]!.matched).toBeLessThan(0.1);
    expect(rows[4]!.purity).toBeLessThan(rows[2]!.purity);
  });

  it("gives the same answer for the same seed, another for another", () => {
    const few = positions.slice(0, 100);
    const rate = (seed: number) => chanceMatchRate(catalog, few, { radiiArcsec: [30], seed })[0]!.chance;
    expect(rate(5)).toBe(rate(5));
    expect(rate(5)).not.toBe(rate(6));
  });

  it("measures a catalogue of neighbourhoods alone when the shift stays inside them", () => {
    const places = positions.slice(0, 300);
    const density = 200_000; // per square degree
    const patches = places.flatMap((place) =>
      Array.from({ length: Math.round(density * Math.PI * (60 / 3600) ** 2) }, () =>
        offsetPosition(place, { distanceArcsec: 60 * Math.sqrt(random()), positionAngle: 360 * random() }),
      ),
    );
    const rate = (shiftArcsec?: number) =>
      chanceMatchRate(catalogFromRows(patches), places, {
        radiiArcsec: [3],
        ...(shiftArcsec === undefined ? {} : { shiftArcsec }),
      })[0]!.chance;
    const expected = expectedChance({ densityPerSquareDeg: density, radiusArcsec: 3 });
    expect(rate()).toBeLessThan(expected / 2);
    expect(Math.abs(rate(20) / expected - 1)).toBeLessThan(0.1);
    expect(() => rate(0)).toThrow(/Expected shiftArcsec above 0/);
  });

  it("shifts by more than the widest radius, so that no source meets itself", () => {
    const lonely = catalogFromRows([{ ra: 10, dec: 89.5 }]);
    const [row] = chanceMatchRate(lonely, [{ ra: 10, dec: 89.5 }], { radiiArcsec: [600], shifts: 100 });
    expect(row).toEqual({ radiusArcsec: 600, matched: 1, chance: 0, purity: 1 });
  });

  it("leaves out NaN positions and refuses to measure nothing", () => {
    const nowhere = { ra: Number.NaN, dec: 0 };
    expect(chanceMatchRate(catalog, [nowhere, stars[0]!], { radiiArcsec: [1] })[0]!.matched).toBe(1);
    expect(() => chanceMatchRate(catalog, [nowhere])).toThrow(/at least one position/);
    expect(() => chanceMatchRate(catalog, stars, { shifts: 0 })).toThrow(/shifts of at least 1, got 0/);
    expect(() => chanceMatchRate(catalog, stars, { radiiArcsec: [-1] })).toThrow(/radiusArcsec/);
  });
});
