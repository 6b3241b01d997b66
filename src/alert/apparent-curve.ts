import { usageError } from "../errors";
import { expectArgument } from "../expect";
import { type ApparentMagnitude, type ApparentOptions, apparentMagnitude } from "./apparent";
import { lightCurve } from "./light-curve";
import { fluxToMag } from "./photometry";
import { rowsOf } from "./surveys/values";
import type { AlertView, Detection } from "./types";

/** One point of an apparent light curve: total brightness, where it can be known. */
export interface ApparentPoint extends ApparentMagnitude {
  readonly mjdUtc: number;
  readonly band: string;
  /** The difference magnitude it comes from. */
  readonly differenceMag: number;
  readonly isPositive: boolean;
  /**
   * Not to be trusted: fainter than the reference but no reference source to subtract from; or corrected while the first
   * detection of the band was not, or the other way round. Source: ALeRCE (Förster et al. 2021), `dubious`.
   */
  readonly isDubious: boolean;
}

/**
 * The light curve of an alert in apparent magnitudes: its own detection and its history, sorted by time. Difference
 * and reference source for ZTF, flux in the science image for Rubin.
 *
 * Points without a reference source keep `differenceMag` and have a NaN `mag`.
 *
 * @param options see {@link apparentMagnitude}; they do not concern Rubin
 * @throws USAGE for a survey whose packets hold neither
 * @example
 * const steady = astro.apparentLightCurve(alert).filter((p) => p.isCorrected && !p.isDubious);
 */
export function apparentLightCurve(alert: AlertView, options: ApparentOptions = {}): ApparentPoint[] {
  expectArgument("object", alert, "an alert");
  const { packet } = alert;
  const rows = new Map<string, any>();
  for (const row of rowsOf(packet?.prv_candidates)) rows.set(String(row.candid), row);
  for (const row of rowsOf(packet?.prvDiaSources)) rows.set(String(row.diaSourceId), row);
  rows.set(String(alert.alertId), ownRow(alert));
  const isOwn = (d: Detection) => d.mjdUtc === alert.mjdUtc && d.band === alert.band;
  // rows without an id cannot be told apart: what is known of one must not be taken for another's
  const rowOf = (d: Detection) => (d.alertId !== null || isOwn(d) ? rows.get(String(d.alertId)) : undefined);

  const firstCorrected = new Map<string, boolean>();
  return lightCurve(alert).detections.map((detection) => {
    const { mjdUtc, band, mag: differenceMag, isPositive } = detection;
    const total = correct(detection, rowOf(detection), options);
    const first = firstCorrected.get(band) ?? total.isCorrected;
    firstCorrected.set(band, first);
    const isDubious = (!isPositive && !total.isCorrected) || first !== total.isCorrected;
    return { mjdUtc, band, differenceMag, isPositive, isDubious, ...total };
  });
}

/** The survey's own record of the alert, which alone holds the reference. */
function ownRow({ packet, survey }: AlertView): any {
  const row = packet?.candidate ?? packet?.diaSource;
  if (row?.magnr !== undefined || row?.scienceFlux !== undefined) return row;
  throw usageError("a packet with a reference magnitude (ZTF) or scienceFlux (Rubin from schema 8)", survey);
}

function correct(detection: Detection, row: any, options: ApparentOptions): ApparentMagnitude {
  if (row?.scienceFlux !== undefined) {
    const total = fluxToMag(row.scienceFlux, row.scienceFluxErr);
    const isCorrected = !Number.isNaN(total.mag);
    const reason = isCorrected ? "" : typeof row.scienceFlux === "number" ? "fainter than nothing" : "no detection";
    return { ...total, isCorrected, reason };
  }
  const { mag, magErr, isPositive } = detection;
  const reference = { refMag: row?.magnr, refMagErr: row?.sigmagnr, refDistanceArcsec: row?.distnr ?? null };
  return apparentMagnitude({ mag, magErr, isPositive, ...reference }, options);
}
