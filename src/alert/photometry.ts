/** AB zero point of a flux in nJy: m = −2.5 log10(f) + 31.4, from m_AB = −2.5 log10(f_ν / erg s⁻¹ cm⁻² Hz⁻¹) − 48.60 (Oke & Gunn 1983). */
export const AB_ZERO_POINT_NJY = 31.4;

/** 2.5 / ln 10 = 1.0857: magnitude error of a relative flux error of one. */
export const MAG_PER_RELATIVE_FLUX = 2.5 / Math.LN10;

/** A flux and its 1 sigma error, nJy. */
export interface Flux {
  readonly fluxNJy: number;
  readonly fluxErrNJy: number;
}

/** An AB magnitude and its 1 sigma error. */
export interface Magnitude {
  readonly mag: number;
  readonly magErr: number;
}

/**
 * AB magnitude to flux density in nJy; error by the first order, σ_f = f σ_m ln(10) / 2.5.
 *
 * @param mag AB magnitude; NaN or null gives NaN
 * @param magErr its 1 sigma error; left out or null gives a NaN error
 * @param sign −1 for a source fainter than the reference (ZTF `isdiffpos` "f" or "0"): the flux is negative, its error is not
 * @example
 * astro.magToFluxNJy(31.4, 0.1) // { fluxNJy: 1, fluxErrNJy: 0.0921… }
 */
export function magToFluxNJy(mag: number | null | undefined, magErr?: number | null, sign: 1 | -1 = 1): Flux {
  if (mag === null || mag === undefined) return { fluxNJy: Number.NaN, fluxErrNJy: Number.NaN };
  const flux = 10 ** ((AB_ZERO_POINT_NJY - mag) / 2.5);
  return { fluxNJy: sign * flux, fluxErrNJy: (flux * (magErr ?? Number.NaN)) / MAG_PER_RELATIVE_FLUX };
}

/**
 * Flux density in nJy to AB magnitude; error by the first order, σ_m = 2.5 / ln(10) · σ_f / f.
 *
 * A flux that is zero, negative or missing has no magnitude: NaN. For the magnitude of a *difference* regardless of its
 * sign, as surveys quote it, pass the absolute value and keep the sign apart.
 *
 * @example
 * astro.fluxToMag(1000, 50) // { mag: 23.9, magErr: 0.054… }
 */
export function fluxToMag(fluxNJy: number | null | undefined, fluxErrNJy?: number | null): Magnitude {
  if (!(typeof fluxNJy === "number" && fluxNJy > 0)) return { mag: Number.NaN, magErr: Number.NaN };
  return {
    mag: AB_ZERO_POINT_NJY - 2.5 * Math.log10(fluxNJy),
    magErr: (MAG_PER_RELATIVE_FLUX * (fluxErrNJy ?? Number.NaN)) / fluxNJy,
  };
}
