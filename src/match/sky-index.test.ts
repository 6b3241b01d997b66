import { describe, expect, it } from "vitest";
import { separationArcsec } from "./sky";
import { type Neighbour, SkyIndex } from "./sky-index";

interface Sky {
  ra: Float64Array;
  dec: Float64Array;
}

/** A linear congruential generator (Numerical Recipes), so that the skies are the same in every run. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function sky(count: number, place: (n: number) => [ra: number, dec: number]): Sky {
  const places = Array.from({ length: count }, (_, n) => place(n));
  return { ra: Float64Array.from(places, ([ra]) => ra), dec: Float64Array.from(places, ([, dec]) => dec) };
}

function bruteForce({ ra, dec }: Sky, atRa: number, atDec: number, radiusArcsec: number): Neighbour[] {
  const all = Array.from(ra, (each, index) => ({
    index,
    separationArcsec: separationArcsec({ ra: each, dec: dec[index]! }, { ra: atRa, dec: atDec }),
  }));
  return all
    .filter((each) => each.separationArcsec <= radiusArcsec)
    .sort((a, b) => a.separationArcsec - b.separationArcsec || a.index - b.index);
}

const uniform = (random: () => number): [number, number] => [
  360 * random(),
  (Math.asin(2 * random() - 1) * 180) / Math.PI,
];
const random = seeded(7);
const skies: Record<string, Sky> = {
  "the whole sky": sky(1500, () => uniform(random)),
  "a field across RA 0": sky(800, () => [(359.5 + random()) % 360, random() - 0.5]),
  "the north polar cap": sky(600, () => [360 * random(), 90 - 0.02 * random()]),
  "the south pole itself, many times": sky(40, () => [360 * random(), -90]),
  "two deep fields and a stripe": sky(900, (n) =>
    n % 3 === 0 ? [360 * random(), 0] : n % 3 === 1 ? [150 + random(), 2 + random()] : [9.5 + random(), -44],
  ),
  "every entry twice": sky(600, (n) => [(n % 300) * 1.2, ((n % 300) * 7) % 90]),
  "right ascensions 0 and 360 alike": sky(20, (n) => [n % 2 ? 0 : 360, n - 10]),
  "one entry": sky(1, () => [359.9999, 89.9999]),
};
const radii = [0, 1.5, 60, 3600, 36_000, 180_000, 324_000, 400_000, 647_000, 648_000];

describe.each(Object.entries(skies))("%s", (_, entries) => {
  const index = new SkyIndex(entries.ra, entries.dec);
  const probes: [number, number][] = [
    [0, 0],
    [360, 0],
    [359.99999, 0.1],
    [1e-7, -45],
    [0, 90],
    [123, -90],
    [77, 89.9999],
    [200, -89.99999],
    ...Array.from({ length: 12 }, () => uniform(random)),
    // Beside an entry, on it, and opposite to it: where rounding would show.
    ...[0, 5, 11].flatMap((n): [number, number][] => {
      const row = n % entries.ra.length;
      const [ra, dec] = [entries.ra[row]!, entries.dec[row]!];
      return [
        [ra, dec],
        [ra + 0.0003, dec],
        [ra + 180, -dec],
      ];
    }),
  ];

  it.each(radii)("finds what brute force finds within %d″", (radius) => {
    for (const [ra, dec] of probes) {
      const expected = bruteForce(entries, ra, dec, radius);
      expect(index.within(ra, dec, radius)).toEqual(expected);
      const nearest = index.nearest(ra, dec, radius);
      expect(nearest?.separationArcsec).toBe(expected[0]?.separationArcsec);
      expect(nearest?.index).toBe(expected[0]?.index);
    }
  });

  it("finds an entry at exactly its separation and not below it", () => {
    for (const [ra, dec] of probes) {
      const [first] = bruteForce(entries, ra, dec, 648_000);
      const separation = first!.separationArcsec;
      expect(index.nearest(ra, dec, separation)?.separationArcsec).toBe(separation);
      if (separation > 1e-6) expect(index.nearest(ra, dec, separation * (1 - 1e-9))).toBeNull();
    }
  });
});

describe("a catalogue of more entries than are sampled for its zones", () => {
  /** Every second entry lies in one square degree, so that half of all zones share a few buckets of declination. */
  const entries = sky(80_000, (n) => (n % 2 ? uniform(random) : [30 + random(), 40 + random()]));
  const index = new SkyIndex(entries.ra, entries.dec);

  it.each([uniform(random), [30.5, 40.5], [30 + random(), 41.0001]])("is searched as exactly at %d, %d", (ra, dec) => {
    const expected = bruteForce(entries, ra!, dec!, 7200);
    expect(expected.length).toBeGreaterThan(0);
    expect(index.within(ra!, dec!, 7200)).toEqual(expected);
    expect(index.nearest(ra!, dec!, 7200)).toEqual(expected[0]);
  });
});

describe("a place that is none", () => {
  const index = new SkyIndex(Float64Array.of(10), Float64Array.of(20));
  it.each([
    [Number.NaN, 20],
    [10, Number.NaN],
    [Number.POSITIVE_INFINITY, 20],
    [10, 90.1],
  ])("ra %d, dec %d has no neighbour", (ra, dec) => {
    expect(index.nearest(ra, dec, 648_000)).toBeNull();
    expect(index.within(ra, dec, 648_000)).toEqual([]);
  });

  it("right ascension beyond 360 or below 0 is wrapped", () => {
    expect(index.nearest(370, 20, 1)?.index).toBe(0);
    expect(index.nearest(-350, 20, 1)?.index).toBe(0);
  });

  it("an empty index answers nothing", () => {
    const empty = new SkyIndex(new Float64Array(0), new Float64Array(0));
    expect(empty.nearest(10, 20, 648_000)).toBeNull();
    expect(empty.within(10, 20, 648_000)).toEqual([]);
  });
});
