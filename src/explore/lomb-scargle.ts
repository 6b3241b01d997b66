import { usageError } from "../errors";
import { expectArgument } from "../expect";

/** A measured point in time. With both, flux and magnitude, the flux is taken: it has the sign of a difference. */
export interface TimePoint {
  readonly mjdUtc: number;
  readonly band?: string;
  readonly mag?: number;
  readonly magErr?: number;
  readonly fluxNJy?: number;
  readonly fluxErrNJy?: number;
}

/** Options of {@link lombScargle}. */
export interface PeriodOptions {
  /** Shortest period searched, days; default 0.1. */
  minPeriodDays?: number;
  /** Longest period searched, days; default the time between first and last point. */
  maxPeriodDays?: number;
  /** Frequencies for the width of a peak, 1 / (last − first time); default 10. */
  samplesPerPeak?: number;
  /** What is measured; default "flux" where all points have one, else "mag". */
  measure?: "flux" | "mag";
}

/** A periodogram and its highest peak. */
export interface Periodogram {
  readonly periodDays: number;
  /** 0 to 1: the share of the scatter about the mean that the sinusoid explains. */
  readonly power: number;
  /** Probability that noise alone has a peak as high (Baluev 2008, an upper bound). */
  readonly falseAlarmProbability: number;
  /** Points used. */
  readonly points: number;
  /** Cycles per day, ascending, in equal steps. */
  readonly frequencies: Float64Array;
  readonly powers: Float64Array;
}

/** The direct sums take some 30 ns for a point and frequency: half a minute for so many. */
const mostSums = 1e9;

/**
 * Lomb–Scargle periodogram of unevenly sampled points, with weights and a floating mean (Zechmeister & Kürster 2009): power
 * for power that of astropy's `LombScargle(t, y, dy).power(frequency)`. Of several bands each is taken about its own mean.
 *
 * Points without a value or a positive error are left out. Alerts of a difference image alone show a source where it differs:
 * aliases of a day and of half the period are common, so fold and look.
 *
 * @param points detections of a light curve, or `{ mjdUtc, mag, magErr }`
 * @throws USAGE for fewer than 4 points with an error, periods that are none, or more than 1e9 sums
 * @example
 * const { periodDays } = explore.lombScargle(astro.lightCurve(alerts).detections, { minPeriodDays: 0.2, maxPeriodDays: 1 });
 */
export function lombScargle(points: readonly TimePoint[], options: PeriodOptions = {}): Periodogram {
  expectArgument("objects", points, "points with mjdUtc and a magnitude or flux", "astro.lightCurve(alert).detections");
  const hasFlux = points.every(({ fluxNJy }) => Number.isFinite(fluxNJy));
  const { minPeriodDays = 0.1, samplesPerPeak = 10, measure = hasFlux ? "flux" : "mag" } = options;
  if (measure !== "flux" && measure !== "mag") throw usageError('measure "flux" or "mag"', measure);
  const measured = points
    .map(({ mjdUtc, band = "", ...of }) => {
      const [value, error] = measure === "flux" ? [of.fluxNJy, of.fluxErrNJy] : [of.mag, of.magErr];
      return { t: mjdUtc, band, value: value ?? Number.NaN, weight: 1 / (error ?? Number.NaN) ** 2 };
    })
    .filter(({ t, value, weight }) => Number.isFinite(t + value + weight) && weight > 0);
  if (measured.length < 4) throw usageError(`4 points or more with a ${measure} and its error`, measured.length);
  const times = measured.map(({ t }) => t);
  const first = times.reduce((a, b) => Math.min(a, b));
  const baseline = times.reduce((a, b) => Math.max(a, b)) - first;
  if (!(baseline > 0)) throw usageError("points at more than one time", `${measured.length} at MJD ${first}`);
  const { maxPeriodDays = Math.max(baseline, 2 * minPeriodDays) } = options;
  if (!(minPeriodDays > 0 && maxPeriodDays > minPeriodDays && Number.isFinite(maxPeriodDays)))
    throw usageError("0 < minPeriodDays < maxPeriodDays", `${minPeriodDays} and ${maxPeriodDays}`);
  if (!(samplesPerPeak >= 1)) throw usageError("samplesPerPeak of 1 or more", samplesPerPeak);

  const step = 1 / (samplesPerPeak * baseline);
  const count = Math.ceil((1 / minPeriodDays - 1 / maxPeriodDays) / step) + 1;
  if (count * measured.length > mostSums)
    throw usageError("at most 1e9 sums", count * measured.length, "raise minPeriodDays, or lower samplesPerPeak");
  const frequencies = Float64Array.from({ length: count }, (_, i) => 1 / maxPeriodDays + i * step);
  const total = measured.reduce((sum, { weight }) => sum + weight, 0);
  const w = measured.map(({ weight }) => weight / total);
  const y = centred(measured);
  const t = times.map((each) => each - first);
  const powers = frequencies.map((frequency) => powerAt(frequency, t, y, w));
  const best = powers.reduce((top, power, i) => (power > powers[top]! ? i : top), 0);
  const power = powers[best]!;
  const falseAlarmProbability = baluev(power, frequencies[count - 1]!, t, w);
  return { periodDays: 1 / frequencies[best]!, power, falseAlarmProbability, points: t.length, frequencies, powers };
}

function centred(points: readonly { band: string; value: number; weight: number }[]): number[] {
  const sums = new Map<string, { values: number; weights: number }>();
  for (const { band, value, weight } of points) {
    const { values, weights } = sums.get(band) ?? { values: 0, weights: 0 };
    sums.set(band, { values: values + weight * value, weights: weights + weight });
  }
  return points.map(({ band, value }) => value - sums.get(band)!.values / sums.get(band)!.weights);
}

/** Equations 4 to 15 of Zechmeister & Kürster (2009), A&A 496, 577. */
function powerAt(frequency: number, t: readonly number[], y: readonly number[], w: readonly number[]): number {
  let [Y, C, S, YY, YC, YS, CC, CS] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < t.length; i++) {
    const angle = 2 * Math.PI * frequency * t[i]!;
    const [c, s, wi, wy] = [Math.cos(angle), Math.sin(angle), w[i]!, w[i]! * y[i]!];
    Y += wy;
    C += wi * c;
    S += wi * s;
    YY += wy * y[i]!;
    YC += wy * c;
    YS += wy * s;
    CC += wi * c * c;
    CS += wi * c * s;
  }
  const SS = 1 - CC - S * S;
  [YY, YC, YS, CC, CS] = [YY - Y * Y, YC - Y * C, YS - Y * S, CC - C * C, CS - C * S];
  const power = (SS * YC * YC + CC * YS * YS - 2 * CS * YC * YS) / (YY * (CC * SS - CS * CS));
  return Number.isFinite(power) ? power : 0;
}

/** Baluev (2008), MNRAS 385, 1279, for the normalisation by the scatter about the mean. */
function baluev(power: number, maxFrequency: number, t: readonly number[], w: readonly number[]): number {
  const N = t.length;
  const mean = t.reduce((sum, each, i) => sum + w[i]! * each, 0);
  const variance = t.reduce((sum, each, i) => sum + w[i]! * (each - mean) ** 2, 0);
  // Γ(n/2) / Γ((n−1)/2) by its recurrence: r(n+1) = (n−1) / (2 r(n)), r(2) = 1/√π
  let ratio = 1 / Math.sqrt(Math.PI);
  for (let n = 2; n < N - 1; n++) ratio = (n - 1) / (2 * ratio);
  const width = maxFrequency * Math.sqrt(4 * Math.PI * variance);
  const single = (1 - power) ** ((N - 3) / 2);
  const tau = ratio * Math.sqrt(power) * width * (1 - power) ** ((N - 4) / 2);
  return single - (1 - single) * Math.expm1(-tau);
}
