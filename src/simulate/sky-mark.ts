import { fraction } from "./numeric";
import type { Random } from "./random";

/** What a sky is made from. */
export interface SkySize {
  readonly seed: number;
  /** Date of the first night, whole MJD. */
  readonly firstMjd: number;
  readonly alerts: number;
  readonly visits: number;
}

/** Fraction of the golden ratio: multiples of it lie as far from each other as they can. */
const golden = 0.6180339887498949;
/** Steps by which the exposures of two skies differ: a little more than 1e-5 days, to which ZTF numbers its images. */
const secondsPerStep = 0.868;
const steps = 46;
/** Rubin numbers the visits of a day with five digits; a night here needs 200 of them. */
const visitsOfSky = 200;
const visitBlocks = 490;
const minorPlanets = 899_000;

/**
 * What tells the ids of one sky from those of another: no two skies of consecutive seeds share one.
 *
 * Surveys leave no room for a sky in their ids, so it is where they leave a choice: in the seconds of an exposure and the row of
 * an image's table (ZTF's candid; differ in 460 skies of the usual size, in 46 of crowded ones), in the letters of a name (apart in
 * 1,000 skies of 30 usual nights each), in the number of a visit within the day (Rubin; 490 skies). Beyond these numbers two skies
 * share ids by chance. A seed with other than the usual size is a sky of its own.
 */
export class SkyMark {
  /** For the names of sources: the seed, with a suffix where the size is not the usual one. */
  readonly name: string;
  /** Added to the start of every slot of ZTF, s. */
  readonly secondsOff: number;
  /** Added to Rubin's number of a visit within the day. */
  readonly visitsOff: number;
  private readonly slot: number;

  constructor(random: Random, size: SkySize, usual: Omit<SkySize, "seed">) {
    const isUsual = size.firstMjd === usual.firstMjd && size.alerts === usual.alerts && size.visits === usual.visits;
    const shift = isUsual ? 0 : random.fork("size", size.firstMjd, size.alerts, size.visits).below(1 << 20);
    this.name = `S${size.seed}${isUsual ? "" : `.${shift.toString(36)}`}`;
    this.slot = size.seed + shift;
    this.secondsOff = secondsPerStep * (this.slot % steps);
    this.visitsOff = visitsOfSky * (this.slot % visitBlocks);
  }

  /** Name of a source: its sky, the night on which it was first there, its number. */
  sourceId(night: number, index: number): string {
    return `${this.name}-${night}-${String(index).padStart(6, "0")}`;
  }

  /** Number of a minor planet, as catalogues of them go: from 1,000 to 900,000. */
  minorPlanet(index: number): string {
    return String(1000 + ((this.firstOf(minorPlanets) + index) % minorPlanets));
  }

  /** Rubin's number of an object of the Solar System. */
  solarSystemId(index: number): bigint {
    return 21_000_000_000_000_000n + BigInt(this.slot % 900_000) * 1_000_000_000n + BigInt(index);
  }

  /** Where the numbers of this sky begin, out of `count` that all skies have. */
  firstOf(count: number): number {
    return Math.floor(fraction(golden * (this.slot % 1_000_003)) * count);
  }

  /** Which part of the rows of an image's table is this sky's, of `parts`. */
  partOf(parts: number): number {
    return Math.floor(this.slot / steps) % parts;
  }
}
