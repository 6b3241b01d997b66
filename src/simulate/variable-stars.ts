import { clamp, cos, exp, fraction, pow10, TWO_PI } from "./numeric";
import type { Random } from "./random";

/** How something changes: `relativeFlux` is its flux divided by its mean flux in that band. */
export interface Variation {
  /** Type as the General Catalogue of Variable Stars names it. */
  readonly type: string;
  /** Days; NaN for what does not repeat. */
  readonly period: number;
  relativeFlux(mjd: number, band: string): number;
}

/** Amplitude in another band relative to g: cool pulsators vary less towards the red. */
const pulsatorBands: Record<string, number> = { g: 1, r: 0.7, i: 0.55 };

/**
 * A magnitude curve between −0.5 (bright) and +0.5 that rises during `rise` of the period and falls for the rest,
 * first fast and then slowly: the saw-tooth of an RRab star or a Cepheid.
 */
export function sawTooth(phase: number, rise: number, bend: number): number {
  if (phase < rise) return 0.5 * cos((TWO_PI / 2) * (phase / rise));
  const x = (phase - rise) / (1 - rise);
  return -0.5 + (1 - exp(-bend * x)) / (1 - exp(-bend));
}

/** Divides by the mean over one period and band, so that the reference image shows the mean flux. */
function periodic(
  random: Random,
  type: string,
  period: number,
  magAt: (phase: number, band: string) => number,
): Variation {
  const start = random.uniform();
  const means = new Map<string, number>();
  const fluxAt = (phase: number, band: string) => pow10(-0.4 * magAt(phase, band));
  return {
    type,
    period,
    relativeFlux(mjd, band) {
      let mean = means.get(band);
      if (mean === undefined) {
        mean = 0;
        for (let i = 0; i < 100; i++) mean += fluxAt((i + 0.5) / 100, band) / 100;
        means.set(band, mean);
      }
      return fluxAt(fraction(start + (mjd - 60000) / period), band) / mean;
    },
  };
}

/** RRAB: saw-tooth of 0.45–0.75 days, 0.5–1.3 mag in g; RRC: near sine of 0.25–0.4 days, 0.3–0.5 mag (Smith 1995). */
export function rrLyrae(random: Random): Variation {
  if (random.chance(0.22)) {
    const amplitude = random.uniform(0.3, 0.5);
    return periodic(random, "RRC", random.uniform(0.25, 0.4), (phase, band) => {
      const tilt = 0.08 * cos(2 * TWO_PI * phase);
      return amplitude * (pulsatorBands[band] ?? 1) * (0.5 * cos(TWO_PI * phase) + tilt);
    });
  }
  const period = random.uniform(0.45, 0.75);
  // longer periods have smaller amplitudes (Bailey's relation)
  const amplitude = clamp(1.9 - 1.6 * period + random.normal(0, 0.12), 0.5, 1.35);
  const rise = random.uniform(0.13, 0.2);
  return periodic(random, "RRAB", period, (phase, band) => {
    return amplitude * (pulsatorBands[band] ?? 1) * sawTooth(phase, rise, 2.2);
  });
}

/** Classical Cepheid: 3–20 days, 0.4–1.1 mag in g, rising in about a third of the period. */
export function cepheid(random: Random): Variation {
  const period = 3 * exp(random.uniform(0, 1.9));
  const amplitude = random.uniform(0.4, 1.1);
  const rise = random.uniform(0.25, 0.4);
  return periodic(random, "DCEP", period, (phase, band) => {
    return amplitude * (pulsatorBands[band] ?? 1) * sawTooth(phase, rise, 1.2);
  });
}

/** Mira: 200–400 days, 2.5–5 mag in g and less towards the red. */
export function mira(random: Random): Variation {
  const period = random.uniform(200, 400);
  const amplitude = random.uniform(2.5, 5);
  const rise = random.uniform(0.38, 0.5);
  const bands: Record<string, number> = { g: 1, r: 0.8, i: 0.5 };
  return periodic(random, "M", period, (phase, band) => amplitude * (bands[band] ?? 1) * sawTooth(phase, rise, 0.6));
}

/** EA: flat but for two narrow eclipses, 0.6–4 days; EW: two broad minima all the time, 0.25–0.45 days. */
export function eclipsingBinary(random: Random): Variation {
  if (random.chance(0.5)) {
    const depth = random.uniform(0.25, 0.7);
    const uneven = random.uniform(0, 0.08);
    return periodic(random, "EW", random.uniform(0.25, 0.45), (phase) => {
      // 0 at the maxima, 1 at the minima, narrower at the minima as in contact systems
      const c = cos(TWO_PI * phase);
      const minimum = c * c * (0.75 + 0.25 * c * c);
      return (depth - (c < 0 ? uneven : 0)) * minimum;
    });
  }
  const width = random.uniform(0.06, 0.12);
  const [first, second] = [random.uniform(0.5, 1.6), random.uniform(0.1, 0.4)];
  return periodic(random, "EA", 0.6 * exp(random.uniform(0, 1.9)), (phase) => {
    const dip = (at: number) => {
      const x = Math.abs(fraction(phase - at + 0.5) - 0.5) / width;
      return x < 1 ? 1 - x * x * x * x * x * x : 0; // flat-bottomed and steep at the contacts
    };
    return first * dip(0.25) + second * dip(0.75);
  });
}

/** Damped random walk of an AGN (Kelly et al. 2009): time scale 100–400 days, 0.15–0.35 mag, on a half-day grid. */
export function agn(random: Random, nightMjd: number): Variation {
  const [tau, scatter] = [random.uniform(100, 400), random.uniform(0.15, 0.35)];
  const step = 0.5;
  const start = nightMjd - 40;
  const keep = exp(-step / tau);
  const kick = scatter * Math.sqrt(1 - keep * keep);
  const mags = [random.normal(0, scatter)];
  for (let i = 1; i < 90; i++) mags.push(mags[i - 1]! * keep + random.normal(0, kick));
  const bands: Record<string, number> = { g: 1, r: 0.8, i: 0.7 }; // bluer when brighter
  // the walk goes back and on as far as anybody asks, from numbers of its own: what follows the start does not change by it
  const before = [mags[0]!];
  const earlier = random.fork("before");
  const later = random.fork("after");
  const magOf = (i: number): number => {
    while (i >= mags.length) mags.push(mags.at(-1)! * keep + later.normal(0, kick));
    if (i >= 0) return mags[i]!;
    while (before.length <= -i) before.push(before.at(-1)! * keep + earlier.normal(0, kick));
    return before[-i]!;
  };
  return {
    type: random.chance(0.5) ? "QSO" : "AGN",
    period: Number.NaN,
    relativeFlux(mjd, band) {
      const x = clamp((mjd - start) / step, -800, 1000);
      const i = Math.floor(x);
      const mag = magOf(i) + (magOf(i + 1) - magOf(i)) * (x - i);
      return pow10(-0.4 * mag * (bands[band] ?? 1));
    },
  };
}
