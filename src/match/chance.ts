import { checkRadius, maxSeparationArcsec } from "../alert/sphere";
import { usageError } from "../errors";
import { expectArgument } from "../expect";
import type { Catalog } from "./catalog";
import { offsetPosition, type SkyPosition } from "./sky";

/** Options of {@link chanceMatchRate}. */
export interface ChanceOptions {
  /** Radii to try, arcseconds; default 0.5, 1, 1.5, 2, 3, 5, 10, 20, 30. */
  radiiArcsec?: readonly number[];
  /**
   * Least shift, arcseconds; shifts lie between this and twice this. Default 180, and at least three times the widest
   * radius. Smaller for a catalogue that holds only the neighbourhood of the alerts, as that of a simulated night does.
   */
  shiftArcsec?: number;
  /** How often all positions are shifted; more shifts give a smaller error of `chance`. Default 16. */
  shifts?: number;
  /** Seed of the shifts; the same seed gives the same answer. Default 1. */
  seed?: number;
}

/** What one radius would give. All three are fractions, 0 to 1; NaN where there is nothing to divide. */
export interface ChanceRow {
  readonly radiusArcsec: number;
  /** Positions that have an entry within the radius. */
  readonly matched: number;
  /** The same for positions where none belongs: matches by chance alone. */
  readonly chance: number;
  /** Share of the matches that are true ones. */
  readonly purity: number;
}

/** Beyond the source itself, within the same density of stars. */
const usualShiftArcsec = 180;

/**
 * Measures how many matches happen by chance at each radius, so that a radius can be chosen: the positions are matched
 * as they are, and again shifted by 3 to 6 arcminutes (more for radii above 1′) in random directions, where whatever is
 * met is met by accident.
 *
 * With m the matched fraction and c the chance fraction, the true fraction t follows from m = t + (1 − t)·c, and
 * purity = t / m: positions with a true counterpart have no need of a chance one.
 *
 * @param positions alerts or other places, degrees; those with NaN are left out
 * @throws USAGE for a radius outside 0 to 180° or no positions
 * @example
 * for (const { radiusArcsec, matched, purity } of match.chanceRate(gcvs, alerts)) console.log(radiusArcsec, matched, purity);
 */
export function chanceMatchRate<Row>(
  catalog: Catalog<Row>,
  positions: Iterable<SkyPosition>,
  {
    radiiArcsec = [0.5, 1, 1.5, 2, 3, 5, 10, 20, 30],
    shifts = 16,
    seed = 1,
    shiftArcsec = usualShiftArcsec,
  }: ChanceOptions = {},
): ChanceRow[] {
  if (typeof catalog?.nearest !== "function")
    throw usageError("a catalogue", catalog, "make one with await match.loadCatalog(path)");
  expectArgument("rows", positions, "a list of positions { ra, dec }");
  for (const radius of radiiArcsec) checkRadius(radius);
  if (!(Number.isInteger(shifts) && shifts >= 1)) throw usageError("shifts of at least 1", shifts);
  if (!(shiftArcsec > 0)) throw usageError("shiftArcsec above 0", shiftArcsec);
  const radii = [...radiiArcsec].sort((a, b) => a - b);
  const places = Array.from(positions, ({ ra, dec }) => ({ ra, dec })).filter(({ ra, dec }) =>
    Number.isFinite(ra + dec),
  );
  if (places.length === 0) throw usageError("at least one position", "none");
  const widest = radii.at(-1) ?? 0;
  // A shift must take the source itself out of every radius: at least three times the widest.
  const least = Math.min(Math.max(shiftArcsec, 3 * widest), maxSeparationArcsec / 2);
  const random = randomNumbers(seed);

  const matched = new Array<number>(radii.length).fill(0);
  const byChance = new Array<number>(radii.length).fill(0);
  const count = (place: SkyPosition, into: number[]) => {
    const found = catalog.nearest(place.ra, place.dec, { radiusArcsec: widest });
    if (found === null) return;
    radii.forEach((radius, at) => {
      if (found.separationArcsec <= radius) into[at]!++;
    });
  };
  for (const place of places) {
    count(place, matched);
    for (let shift = 0; shift < shifts; shift++) {
      const distanceArcsec = least * (1 + random());
      count(offsetPosition(place, { distanceArcsec, positionAngle: 360 * random() }), byChance);
    }
  }
  return radii.map((radiusArcsec, at) => {
    const m = matched[at]! / places.length;
    const c = byChance[at]! / (places.length * shifts);
    const purity = m > 0 ? Math.max(0, (m - c) / (m * Math.max(1 - c, Number.EPSILON))) : Number.NaN;
    return { radiusArcsec, matched: m, chance: c, purity };
  });
}

/** mulberry32 (T. Ettinger, public domain): 32 bits of state, enough for shifts. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
