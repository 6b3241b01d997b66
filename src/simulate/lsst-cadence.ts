import { mjdUtcToTai } from "../alert/time";
import type { SkyField } from "./cadence";
import { type Turn, turnOf } from "./lsst-camera";
import { clamp, fraction, nJyOf, rounded } from "./numeric";
import type { Random } from "./random";
import { civil } from "./ztf-names";

/** One visit of Rubin's camera: 30 s of one pointing in one band. */
export interface LsstExposure {
  /** Its place in the list of all exposures, in order of time. */
  readonly index: number;
  /** Night of the sky, from 1; 0 for the twelve months before the first. */
  readonly night: number;
  /** Number of the visit within its night, from 0; −1 for the twelve months before. */
  readonly visit: number;
  readonly field: SkyField;
  readonly band: LsstBand;
  /** Mid-exposure, UTC. */
  readonly mjdUtc: number;
  readonly midpointMjdTai: number;
  /** Full width at half maximum of a star, arcseconds. */
  readonly seeingArcsec: number;
  /** Difference magnitude of a 5 sigma detection. */
  readonly limitMag: number;
  /** One sigma of a point source, nJy. */
  readonly sigmaNJy: number;
  /** The camera's turn against north, degrees, and its sine and cosine. */
  readonly rotationDeg: number;
  readonly turn: Turn;
  /** Rubin's visit number: date of the observing day and five digits. */
  readonly visitNumber: number;
  /** Part of the ids of its sources: days since MJD 58000 and number within the day. */
  readonly idStem: bigint;
}

export type LsstBand = "u" | "g" | "r" | "i" | "z" | "y";

/** Single-visit depths and their median seeing (Ivezić et al. 2019, table 2), without what the difference costs: 0.15 mag. */
const depths: Readonly<Record<LsstBand, readonly [limit: number, seeing: number]>> = {
  u: [23.65, 0.92],
  g: [24.35, 0.87],
  r: [23.9, 0.83],
  i: [23.26, 0.8],
  z: [22.65, 0.78],
  y: [21.95, 0.76],
};
/** Share of the visits of the wide survey (same source). */
const bandShares: readonly [LsstBand, number][] = [
  ["u", 0.07],
  ["g", 0.09],
  ["r", 0.22],
  ["i", 0.22],
  ["z", 0.2],
  ["y", 0.2],
];
/** Bands of one night's passes: those with a filter in the camera around new Moon. */
const tonightBands: readonly LsstBand[] = ["g", "r", "i", "z"];

/** A field comes back after 33 minutes, in another band. */
const passMinutes = 33;
/** Midnight at Cerro Pachón, hours UTC. */
const midnightHour = 4.7;
/** Most visits of a night here: 14 passes over 12 pointings. */
export const maxLsstVisits = 160;
export const maxPointings = 12;

type Draft = Omit<LsstExposure, "index" | "visitNumber" | "idStem">;

/**
 * The exposures of one night, in order of time.
 *
 * @param nightMjd whole MJD of the night, UTC
 */
export function planLsstVisits(
  random: Random,
  pointings: readonly SkyField[],
  { night, nightMjd, visits, visitsOff }: { night: number; nightMjd: number; visits: number; visitsOff: number },
): Omit<LsstExposure, "index">[] {
  const passes = Math.ceil(visits / pointings.length);
  const middleRa = pointings.reduce((sum, p) => sum + p.ra, 0) / pointings.length;
  const hours = (passes * passMinutes) / 60;
  const start = clamp(midnightHour + (middleRa - midnightRa(nightMjd)) / 15 - hours / 2, 0.8, 9 - hours);
  const drafts: Draft[] = [];
  const first = random.below(2);
  for (let pass = 0; pass < passes; pass++) {
    const band = tonightBands[(pass + first) % tonightBands.length]!;
    let seconds = (start + (pass * passMinutes) / 60) * 3600;
    for (const field of pointings) {
      if (drafts.length === visits) break;
      const mjd = nightMjd + seconds / 86_400;
      drafts.push({ night, visit: drafts.length, ...expose(random, field, mjd, band) });
      seconds += random.uniform(37, 39); // exposure, read-out and slew
    }
  }
  return numbered(drafts, visitsOff);
}

/** The visits of the twelve months before the first night, in order of time. */
export function planLsstBefore(
  random: Random,
  pointings: readonly SkyField[],
  nightMjd: number,
  visitsOff: number,
): Omit<LsstExposure, "index">[] {
  const drafts = pointings.flatMap((field) => lastYear(random.fork("year", field.id), field, nightMjd));
  return numbered(
    drafts.map((draft) => ({ night: 0, visit: -1, ...draft })),
    visitsOff,
  );
}

/** In order of time, each visit with its number within the day and the ids that follow from it. */
function numbered(drafts: Draft[], visitsOff: number): Omit<LsstExposure, "index">[] {
  let [today, sequence] = [0, 0];
  return drafts
    .sort((a, b) => a.mjdUtc - b.mjdUtc)
    .map((draft) => {
      const day = Math.floor(draft.mjdUtc - 0.5); // Rubin's day changes at noon UTC
      if (day !== today) [today, sequence] = [day, 20 + visitsOff];
      sequence += 1;
      const { year, month, day: ofMonth } = civil(day);
      return {
        ...draft,
        visitNumber: ((year * 100 + month) * 100 + ofMonth) * 100_000 + sequence,
        idStem: 170_000_000_000_000_000n + BigInt(day - 58_000) * 10_000_000_000_000n + BigInt(sequence) * 100_000_000n,
      };
    });
}

/** Right ascension in the south at midnight, degrees; 112 on 11 January. */
const midnightRa = (mjd: number): number => fraction((112 + 0.98565 * (mjd - 60_320)) / 360) * 360;

/** A pair of visits on every fifth night of the seven months in which the field is up at night. */
function lastYear(random: Random, field: SkyField, nightMjd: number) {
  const drafts: ReturnType<typeof expose>[] = [];
  for (let night = nightMjd - 364; night < nightMjd; night++) {
    if (!random.chance(0.2)) continue;
    const away = fraction((field.ra - midnightRa(night)) / 360 + 0.5) * 360 - 180;
    if (Math.abs(away) > 100) continue;
    const hour = clamp(midnightHour + away / 15 + random.uniform(-2, 2), 0.6, 9);
    const band = random.weighted(bandShares.map(([, share]) => share));
    for (const [i, minutes] of [0, passMinutes].entries()) {
      const [name] = bandShares[(band + i) % bandShares.length]!;
      drafts.push(expose(random, field, night + (hour + minutes / 60) / 24, name));
    }
  }
  return drafts;
}

function expose(random: Random, field: SkyField, mjdUtc: number, band: LsstBand) {
  const [limit, median] = depths[band];
  const seeing = median * random.logNormal(1, 0.12);
  const limitMag = rounded(limit - (seeing - median) * 1.2 + random.normal(0, 0.08), 4);
  const rotationDeg = rounded(random.uniform(0, 360), 4);
  return {
    field,
    band,
    mjdUtc: rounded(mjdUtc, 8),
    midpointMjdTai: mjdUtcToTai(rounded(mjdUtc, 8)),
    seeingArcsec: rounded(seeing, 4),
    limitMag,
    sigmaNJy: nJyOf(limitMag) / 5,
    rotationDeg,
    turn: turnOf(rotationDeg),
  };
}
