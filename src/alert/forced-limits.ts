import { fluxToMag } from "./photometry";
import type { ForcedPoint, UpperLimit } from "./types";

/** What counts as a detection in difference images: Rubin's threshold, and that of the 5 sigma limits of other surveys. */
const SIGMAS = 5;

/** 1e-5 d = 0.9 s, as in `lightCurve`. */
const STEPS_PER_DAY = 1e5;

/**
 * Forced photometry that shows nothing as 5 sigma upper limits: where the flux, of either sign, is below five times its error and the visit has no
 * detection, the limit is the AB magnitude of five times the error, m = 31.4 − 2.5 log10(5 σ / nJy).
 *
 * @param forced forced photometry, nJy
 * @param detections of the same object; their visits have no limit
 */
export function forcedLimits(
  forced: readonly ForcedPoint[],
  detections: readonly { readonly mjdUtc: number; readonly band: string }[],
): UpperLimit[] {
  const key = ({ mjdUtc, band }: { mjdUtc: number; band: string }) => `${Math.round(mjdUtc * STEPS_PER_DAY)}|${band}`;
  const seen = new Set(detections.map(key));
  return forced
    .filter(
      (point) => point.fluxErrNJy > 0 && Math.abs(point.fluxNJy) < SIGMAS * point.fluxErrNJy && !seen.has(key(point)),
    )
    .map(({ mjdUtc, band, fluxErrNJy }) => ({ mjdUtc, band, mag: fluxToMag(SIGMAS * fluxErrNJy).mag }));
}
