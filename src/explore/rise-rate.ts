import type { LightCurve } from "../alert/light-curve";
import { usageError } from "../errors";
import { expectArgument } from "../expect";

/** How fast a source brightens: a straight line through its magnitudes. */
export interface RiseRate {
  readonly band: string;
  /** Magnitudes a day, positive while it brightens; NaN with fewer than two times. */
  readonly magPerDay: number;
  /** Its 1 sigma error from the errors of the magnitudes. */
  readonly magPerDayErr: number;
  /** Points of the line, and the days from the first to the last. */
  readonly points: number;
  readonly spanDays: number;
  /** χ² over (points − 2): far above 1 it is no straight line. NaN with two points. */
  readonly reducedChi2: number;
}

/** Options of {@link riseRate}. */
export interface RiseOptions {
  /** Only the last so many days of the band; default 10. */
  days?: number;
}

/**
 * The rate at which an object brightens in one band: a weighted least-squares line through the difference magnitudes of the
 * last days, as `numpy.polyfit(t, mag, 1, w=1/err, cov="unscaled")`.
 *
 * Points fainter than the reference, or without a magnitude and its error, are left out.
 *
 * @param curve what `lightCurve` returns
 * @throws USAGE for days that are not above 0
 * @example
 * const { magPerDay, magPerDayErr } = explore.riseRate(astro.lightCurve(alert), "g");
 */
export function riseRate(curve: LightCurve, band: string, options: RiseOptions = {}): RiseRate {
  expectArgument(
    "objects",
    curve?.detections,
    "a light curve with its detections",
    "make one with astro.lightCurve(alerts)",
  );
  expectArgument("text", band, "the name of a band");
  const { days = 10 } = options;
  if (!(days > 0)) throw usageError("days above 0", days);
  const all = curve.detections.filter(
    (point) => point.band === band && point.isPositive && Number.isFinite(point.mag) && point.magErr > 0,
  );
  const last = all.reduce((latest, { mjdUtc }) => Math.max(latest, mjdUtc), Number.NEGATIVE_INFINITY);
  const points = all.filter(({ mjdUtc }) => mjdUtc >= last - days);
  const spanDays = points.reduce((span, { mjdUtc }) => Math.max(span, last - mjdUtc), 0);
  const about = { band, points: points.length, spanDays };
  const none = { magPerDay: Number.NaN, magPerDayErr: Number.NaN, reducedChi2: Number.NaN };
  if (points.length < 2 || spanDays === 0) return { ...about, ...none };

  const weights = points.map(({ magErr }) => 1 / magErr ** 2);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (of: (i: number) => number) => weights.reduce((sum, weight, i) => sum + weight * of(i), 0) / total;
  const [middle, level] = [mean((i) => points[i]!.mjdUtc), mean((i) => points[i]!.mag)];
  const spread = mean((i) => (points[i]!.mjdUtc - middle) ** 2);
  const slope = mean((i) => (points[i]!.mjdUtc - middle) * (points[i]!.mag - level)) / spread;
  const left = mean((i) => (points[i]!.mag - level - slope * (points[i]!.mjdUtc - middle)) ** 2) * total;
  const reducedChi2 = points.length > 2 ? left / (points.length - 2) : Number.NaN;
  return { ...about, magPerDay: -slope, magPerDayErr: 1 / Math.sqrt(total * spread), reducedChi2 };
}
