import { usageError } from "../errors";
import { expectArgument } from "../expect";

/**
 * Points with their phase on a period, 0 ≤ phase < 1, sorted by it.
 *
 * @param periodDays as `explore.lombScargle` finds it
 * @param options `epochMjd`: MJD (UTC) of phase 0; default the first point's
 * @throws USAGE for a period that is not above 0, or an epoch that is none
 * @example
 * explore.phaseFold(astro.lightCurve(alerts).detections, 0.5674).map((point) => point.phase); // [ 0, … ]
 */
export function phaseFold<P extends { readonly mjdUtc: number }>(
  points: readonly P[],
  periodDays: number,
  options: { epochMjd?: number } = {},
): (P & { readonly phase: number })[] {
  expectArgument("objects", points, "points with mjdUtc", "astro.lightCurve(alert).detections");
  if (!(periodDays > 0 && Number.isFinite(periodDays))) throw usageError("periodDays above 0", periodDays);
  const timed = points.filter(({ mjdUtc }) => Number.isFinite(mjdUtc));
  const { epochMjd = timed.reduce((first, { mjdUtc }) => Math.min(first, mjdUtc), Number.POSITIVE_INFINITY) } = options;
  if (timed.length > 0 && !Number.isFinite(epochMjd)) throw usageError("epochMjd as a number", epochMjd);
  return timed
    .map((point) => {
      const cycles = (point.mjdUtc - epochMjd) / periodDays;
      // a hair below a whole cycle comes out as 1
      return { ...point, phase: (cycles - Math.floor(cycles)) % 1 };
    })
    .sort((a, b) => a.phase - b.phase);
}
