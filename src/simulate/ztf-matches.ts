import { type Detection, positionAt } from "./detect";
import { catalogId, type Neighbour, nearestFirst } from "./neighbours";
import { magOf } from "./numeric";
import type { Random } from "./random";
import { none } from "./ztf-rows";

/** Pan-STARRS and Gaia neighbours are looked for within these radii, arcseconds. */
const panStarrsRadius = 30;
const gaiaFaintest = 20.7;
const gaiaBright = 14;

/** The three nearest objects of Pan-STARRS and the nearest stars of Gaia; −999 where there is none. */
export function matches(seen: Detection, neighbours: readonly Neighbour[]) {
  const all = nearestFirst(seen, neighbours, Number.POSITIVE_INFINITY);
  const near = all.filter(({ distance }) => distance <= panStarrsRadius);
  const columns: Record<string, number | bigint> = {};
  for (let k = 1; k <= 3; k++) {
    const found = near[k - 1];
    columns[`objectidps${k}`] = found ? catalogId(found.n) : none;
    columns[`sgmag${k}`] = found?.n.mags.g ?? none;
    columns[`srmag${k}`] = found?.n.mags.r ?? none;
    columns[`simag${k}`] = found?.n.mags.i ?? none;
    columns[`szmag${k}`] = found?.n.mags.z ?? none;
    columns[`sgscore${k}`] = found?.n.sgscore ?? none;
    columns[`distpsnr${k}`] = found?.distance ?? none;
  }
  const nearest = (faintest: number) => all.find(({ n }) => n.kind === "star" && n.mags.r < faintest);
  const [gaia, bright] = [nearest(gaiaFaintest), nearest(gaiaBright)];
  return {
    ...columns,
    nmtchps: near.length,
    neargaia: gaia?.distance ?? none,
    maggaia: gaia?.n.mags.r ?? none,
    neargaiabright: bright?.distance ?? none,
    maggaiabright: bright?.n.mags.r ?? none,
  };
}

/**
 * The nearest known minor planet. Without one ZTF writes −999, −999 and the text "null"; a few rows here hold real nulls, which the
 * schema allows, and one of a hundred has a chance match some arcseconds off.
 */
export function solarSystem(random: Random, { source, exposure }: Detection) {
  if (source.minorPlanet !== undefined && positionAt(source, exposure.mjdUtc) !== source) {
    const predicted = magOf(Math.abs(source.differenceNJy(exposure.mjdUtc, "r"))) + random.normal(0, 0.2);
    return {
      ssdistnr: random.chance(0.85) ? 0 : 1, // whole arcseconds
      ssmagnr: Math.round(predicted * 10) / 10,
      ssnamenr: source.minorPlanet,
    };
  }
  if (random.chance(0.01))
    return { ssdistnr: 6 + random.below(20), ssmagnr: 21.8, ssnamenr: String(200_000 + random.below(1e5)) };
  if (random.chance(0.04)) return { ssdistnr: null, ssmagnr: null, ssnamenr: null };
  return { ssdistnr: none, ssmagnr: none, ssnamenr: "null" };
}
