import { offset, separation } from "./camera";
import { clamp, exp, log10 } from "./numeric";
import type { Random } from "./random";
import type { Position, SkySource } from "./sky-source";

/** A star or galaxy of the reference catalogue near a source. */
export interface Neighbour {
  /** Last four digits of its number; see {@link catalogId}. */
  readonly digits: number;
  readonly kind: "star" | "galaxy";
  /** As the catalogue gives it, with its error; degrees. */
  readonly ra: number;
  readonly dec: number;
  /** Where it is, degrees. */
  readonly truePosition: Position;
  readonly mags: Readonly<Record<"g" | "r" | "i" | "z", number>>;
  /** 0 galaxy … 1 star, as the survey's own classifier has it; 0.5 where it could not tell. */
  readonly sgscore: number;
  /** Type of a variable star or active galaxy that the catalogue knows; "" otherwise. */
  readonly type: string;
  /** Spectroscopic redshift; NaN when the catalogue has none. */
  readonly redshift: number;
  /** True for the source's own star or host. */
  readonly isCounterpart: boolean;
  /** False for the few variable stars that the catalogue left out. */
  readonly isListed: boolean;
}

/** Radius around a place that is filled with neighbours, arcseconds: the corner of a stamp, and a little more. */
export const neighbourRadiusArcsec = 45;
/** How far from the middle of its track a moving source can be in a night, arcseconds. */
const trackArcsec = 60;

/** The random numbers of a place: of a source, or of the track of a moving one in one night. */
export const surroundings = (random: Random, { index, trackNight }: SkySource): Random =>
  random.fork("neighbours", index, ...(trackNight === undefined ? [] : [trackNight]));

/**
 * Everything the reference catalogue knows around a source, nearest first, its own counterpart included.
 *
 * Positions carry errors of 0.1–0.3″ per axis. Of the variable stars one in twelve has no type in the catalogue and one in twenty
 * is missing from it, as in real catalogues.
 */
export function neighboursOf(random: Random, source: SkySource, at: Position = source): Neighbour[] {
  const list: Neighbour[] = [];
  // one sky for the whole track of what moves: the places of a night overlap
  const radiusArcsec = neighbourRadiusArcsec + (source.positionAt ? trackArcsec : 0);
  const own = source.counterpart;
  if (own) {
    const variable = source.class.isReal && source.class.home === "star";
    const known = !variable || !random.chance(1 / 12);
    list.push(
      place(random, offset(source, own.eastArcsec, own.northArcsec), own.kind, own.mags, {
        type: known && (variable || source.class.name === "AGN") ? source.type : "",
        redshift: own.kind === "galaxy" || source.type === "QSO" ? source.redshift : Number.NaN,
        isCounterpart: true,
        isListed: !variable || !random.chance(1 / 20),
      }),
    );
  }
  const field = random.poisson((source.field.density * radiusArcsec * radiusArcsec) / 900);
  const galaxies = clamp(7 / source.field.density, 0.15, 1);
  for (let i = 0; i < field; i++) {
    const r = clamp(22.6 + log10(random.uniform()) / 0.28, 12.5, 22.6);
    const kind = random.chance(galaxies * clamp((r - 16) / 6.5, 0.02, 0.75)) ? "galaxy" : "star";
    const colour = kind === "galaxy" ? random.uniform(0.3, 1) : random.uniform(0.2, 1.4);
    const radius = radiusArcsec * Math.sqrt(random.uniform());
    const east = radius * random.uniform(-1, 1);
    const north = Math.sqrt(radius * radius - east * east) * (random.chance(0.5) ? 1 : -1);
    const redshift = kind === "galaxy" && r < 18.5 ? random.uniform(0.03, 0.25) : Number.NaN;
    const rest = { type: "", redshift, isCounterpart: false, isListed: true };
    list.push(place(random, offset(source, east, north), kind, { g: r + colour, r, i: r - 0.4 * colour }, rest));
  }
  return nearestFirst(at, list, neighbourRadiusArcsec).map(({ n }) => n);
}

/** Those nearer than a radius, nearest first, with their distances in arcseconds. */
export function nearestFirst(at: Position, neighbours: readonly Neighbour[], radiusArcsec: number) {
  return neighbours
    .map((n) => ({ n, distance: separation(at, n) }))
    .filter(({ distance }) => distance < radiusArcsec)
    .sort((a, b) => a.distance - b.distance);
}

type Rest = Pick<Neighbour, "type" | "redshift" | "isCounterpart" | "isListed">;

function place(
  random: Random,
  truePosition: Position,
  kind: Neighbour["kind"],
  mags: { g: number; r: number; i: number },
  rest: Rest,
): Neighbour {
  const error = random.uniform(0.1, 0.3);
  const { ra, dec } = offset(truePosition, random.normal(0, error), random.normal(0, error));
  return {
    digits: random.below(10_000),
    kind,
    ra,
    dec,
    truePosition,
    mags: { ...mags, z: mags.i - 0.3 * (mags.r - mags.i) },
    sgscore: scoreOf(random, kind, mags.r),
    ...rest,
  };
}

/** Number in the manner of Pan-STARRS: zone of declination, right ascension, four digits. Made on demand: bigint is slow. */
export function catalogId({ ra, dec, digits }: Neighbour): bigint {
  const zone = BigInt(Math.floor((dec + 90) * 120));
  return (zone * 1_000_000_000n + BigInt(Math.floor(ra * 1e6))) * 10_000n + BigInt(digits);
}

/** Star–galaxy scores are sharp above 20th magnitude and drift to the middle below (Tachibana & Miller 2018). */
function scoreOf(random: Random, kind: Neighbour["kind"], r: number): number {
  if (random.chance(0.04)) return 0.5;
  const blur = 0.04 + 0.9 / (1 + exp(-(r - 21.6) / 0.5));
  const u = random.uniform();
  const wrong = blur * u * u;
  return clamp(kind === "star" ? 1 - wrong : wrong, 0, 1);
}
