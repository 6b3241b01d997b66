import { usageError } from "../errors";
import { expectArgument } from "../expect";
import { fluxToMag, type Magnitude, magToFluxNJy } from "./photometry";

/** ALeRCE corrects a detection when the source in the reference image lies closer than this, arcseconds. */
const CORRECTION_RADIUS_ARCSEC = 1.4;

/**
 * How the error of the reference enters.
 * - "independent": added in quadrature; ZTF Explanatory Supplement, variable-star notebook. Right where the reference was
 *   made without the image; else somewhat too large.
 * - "shared": taken off, because the error of the difference already holds that of the reference; ALeRCE `sigmapsf_corr`.
 *   NaN where the difference error is the smaller one.
 * - "extended": difference error alone; ALeRCE `sigmapsf_corr_ext`, for sources that are not point-like.
 */
export type ReferenceError = "independent" | "shared" | "extended";

/** What is known about one difference detection and the reference source under it. */
export interface DifferencePhotometry {
  /** Difference AB magnitude (ZTF `magpsf`) and its 1 sigma error (`sigmapsf`). */
  readonly mag: number | null;
  readonly magErr: number | null;
  /** False when the source is fainter than in the reference (`isdiffpos` "f" or "0"). */
  readonly isPositive: boolean;
  /** AB magnitude of the reference source (ZTF `magnr`) and its error (`sigmagnr`). */
  readonly refMag: number | null | undefined;
  readonly refMagErr: number | null | undefined;
  /** Its distance, arcseconds (ZTF `distnr`); left out: taken as the same source. */
  readonly refDistanceArcsec?: number | null;
}

/** Options of {@link apparentMagnitude}. */
export interface ApparentOptions {
  /** Default "independent". */
  referenceError?: ReferenceError;
  /** Farther reference sources are another object; default 1.4″. */
  radiusArcsec?: number;
}

/** Total brightness of a source, or the reason why it is not known. */
export interface ApparentMagnitude extends Magnitude {
  readonly isCorrected: boolean;
  /** "" when corrected. */
  readonly reason: "" | "no detection" | "no reference source" | "reference source too far" | "fainter than nothing";
}

/**
 * Apparent (total, "DC") magnitude from a difference magnitude and the reference source under it:
 * m = −2.5 log10(10^(−0.4 m_ref) ± 10^(−0.4 m_diff)).
 *
 * Without a reference source within the radius there is nothing to add, and the magnitude is NaN: for a source that is not
 * in the reference (a supernova beside its host) the difference magnitude *is* the apparent one.
 *
 * Sources: ZTF Science Data System Explanatory Supplement, section on alert photometry; Förster et al. 2021 (ALeRCE) for the
 * radius and the two further errors.
 *
 * @throws USAGE for a radius that is not positive
 * @example
 * astro.apparentMagnitude({ mag: 19.2018, magErr: 0.1195, isPositive: true, refMag: 18.524, refMagErr: 0.016 }).mag // 18.058…
 */
export function apparentMagnitude(source: DifferencePhotometry, options: ApparentOptions = {}): ApparentMagnitude {
  expectArgument("object", source, "the photometry of a detection");
  const { referenceError = "independent", radiusArcsec = CORRECTION_RADIUS_ARCSEC } = options;
  if (!(radiusArcsec > 0)) throw usageError("a radius in arcseconds above 0", radiusArcsec);
  const difference = magToFluxNJy(source.mag, source.magErr, source.isPositive ? 1 : -1);
  if (Number.isNaN(difference.fluxNJy)) return uncorrected("no detection");
  // ZTF writes −999 where there is no magnitude or distance.
  const isThere = (value: number | null | undefined) => typeof value === "number" && value >= 0;
  if (!isThere(source.refMag)) return uncorrected("no reference source");
  if (source.refDistanceArcsec !== undefined) {
    if (!isThere(source.refDistanceArcsec)) return uncorrected("no reference source");
    if (!(source.refDistanceArcsec! < radiusArcsec)) return uncorrected("reference source too far");
  }
  const reference = magToFluxNJy(source.refMag, source.refMagErr);
  const total = reference.fluxNJy + difference.fluxNJy;
  if (!(total > 0)) return uncorrected("fainter than nothing");
  const own = difference.fluxErrNJy ** 2;
  const other = reference.fluxErrNJy ** 2;
  const variance = referenceError === "extended" ? own : referenceError === "shared" ? own - other : own + other;
  return { ...fluxToMag(total, Math.sqrt(variance)), isCorrected: true, reason: "" };
}

function uncorrected(reason: ApparentMagnitude["reason"]): ApparentMagnitude {
  return { mag: Number.NaN, magErr: Number.NaN, isCorrected: false, reason };
}

/** What decides whether a ZTF source is a point source. */
export interface StellarEvidence {
  distnr: number | null;
  distpsnr1: number | null;
  sgscore1: number | null;
  chinr: number | null;
  sharpnr: number | null;
}

/**
 * Whether a ZTF source is star-like, so that the apparent magnitude is to be trusted: reference source within 1.4″, and either
 * a PS1 source within 1.4″ with sgscore1 > 0.4, or, without one, a reference source with chinr < 2 and −0.13 < sharpnr < 0.1.
 *
 * Source: ALeRCE (Förster et al. 2021). Pass `alert.packet.candidate`.
 * @example
 * const stars = night.filter((a) => astro.isStellar(a.packet.candidate)).length;
 */
export function isStellar(candidate: StellarEvidence): boolean {
  expectArgument("object", candidate, "the candidate record of a packet");
  const close = (value: number | null) => value !== null && value >= 0 && value < CORRECTION_RADIUS_ARCSEC;
  const number = (value: number | null) => value ?? Number.NaN;
  if (!close(candidate.distnr)) return false;
  if (close(candidate.distpsnr1)) return number(candidate.sgscore1) > 0.4;
  const sharp = number(candidate.sharpnr);
  return number(candidate.chinr) < 2 && sharp > -0.13 && sharp < 0.1;
}
