import type { LsstDetection } from "./lsst-detect";
import { blankLsst, type LsstRow } from "./lsst-encode";
import { ownLightNJy } from "./sky-light";

const bands = ["u", "g", "r", "i", "z", "y"] as const;
/** A measured point of the object. */
export interface ForcedFlux {
  readonly band: string;
  readonly fluxNJy: number;
}

let template: LsstRow | undefined;

/**
 * The columns of `diaObject`: mean, scatter and extremes of its detections in each band.
 *
 * @param detections oldest first, the alert's own last
 */
export function diaObjectRow(id: bigint, detections: readonly LsstDetection[], forced: readonly ForcedFlux[]): LsstRow {
  template ??= blankLsst("diaObject");
  const row = { ...template };
  const [first, last] = [detections[0]!, detections.at(-1)!];
  row.diaObjectId = id;
  row.validityStartMjdTai = last.exposure.midpointMjdTai;
  const mean = (of: (d: LsstDetection) => number) => detections.reduce((sum, d) => sum + of(d), 0) / detections.length;
  row.ra = mean((d) => d.ra);
  row.dec = mean((d) => d.dec);
  row.raErr = row.decErr = last.errArcsec / 3600 / Math.sqrt(detections.length);
  for (const band of bands) {
    const mine = detections.filter((d) => d.exposure.band === band);
    if (mine.length > 0) photometry(row, band, mine);
    const fluxes = forced.filter((f) => f.band === band).map((f) => f.fluxNJy);
    if (fluxes.length > 0) {
      const [average, sigma] = meanAndScatter(fluxes);
      row[`${band}_fpFluxMean`] = average;
      row[`${band}_fpFluxMeanErr`] = sigma / Math.sqrt(fluxes.length);
    }
  }
  row.firstDiaSourceMjdTai = first.exposure.midpointMjdTai;
  row.lastDiaSourceMjdTai = last.exposure.midpointMjdTai;
  row.nDiaSources = detections.length;
  return row;
}

function photometry(row: LsstRow, band: string, mine: readonly LsstDetection[]): void {
  const fluxes = mine.map((d) => d.fluxNJy);
  const [average, sigma] = meanAndScatter(fluxes);
  const error = mine.reduce((sum, d) => sum + d.fluxErrNJy, 0) / mine.length;
  row[`${band}_psfFluxMean`] = average;
  row[`${band}_psfFluxMeanErr`] = error / Math.sqrt(mine.length);
  row[`${band}_psfFluxNdata`] = mine.length;
  row[`${band}_psfFluxMin`] = Math.min(...fluxes);
  row[`${band}_psfFluxMax`] = Math.max(...fluxes);
  row[`${band}_psfFluxErrMean`] = error;
  const science = ownLightNJy(mine[0]!.source, band) + average;
  row[`${band}_scienceFluxMean`] = science;
  row[`${band}_scienceFluxMeanErr`] = error / Math.sqrt(mine.length);
  if (mine.length < 2) return;
  row[`${band}_psfFluxSigma`] = sigma;
  let steepest = 0;
  for (let i = 1; i < mine.length; i++) {
    const days = mine[i]!.exposure.mjdUtc - mine[i - 1]!.exposure.mjdUtc;
    const slope = (fluxes[i]! - fluxes[i - 1]!) / days;
    if (Math.abs(slope) > Math.abs(steepest)) steepest = slope;
  }
  row[`${band}_psfFluxMaxSlope`] = steepest;
}

function meanAndScatter(values: readonly number[]): [mean: number, sigma: number] {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const squares = values.reduce((sum, v) => sum + (v - mean) * (v - mean), 0);
  return [mean, Math.sqrt(squares / Math.max(1, values.length - 1))];
}
