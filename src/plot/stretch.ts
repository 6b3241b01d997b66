import { usageError } from "../errors";
import { expectArgument } from "../expect";
import { zscaleLimits } from "./zscale";

/** How pixel values become shades. */
export type StretchKind = "linear" | "asinh";

/** Which pixel values become black and white: by IRAF's zscale, by percentiles, or as given. */
export type StretchLimits = "zscale" | { percentiles: readonly [number, number] } | readonly [number, number];

/** How a stamp is stretched. */
export interface StretchOptions {
  /** "linear", or "asinh": linear near black, logarithmic towards white. Default "asinh". */
  stretch?: StretchKind;
  /** Default percentiles 1 and 99.5. */
  limits?: StretchLimits;
  /** Where asinh turns from linear to logarithmic, as a fraction of the range; default 0.1. */
  softening?: number;
}

/** Pixel values mapped to 0 (black) … 1 (white), with the words that name how. */
export interface Stretched {
  /** NaN stays NaN. */
  readonly values: Float64Array;
  /** Pixel values drawn black and white, in the unit of the image. */
  readonly low: number;
  readonly high: number;
  /** For a title: "asinh, 1–99.5 %". */
  readonly name: string;
}

/**
 * Values at two percentiles, linearly interpolated between pixels; NaN ignored, [NaN, NaN] when nothing is left.
 *
 * @param low @param high percentiles, 0 to 100
 */
export function percentileLimits(pixels: ArrayLike<number>, low = 1, high = 99.5): [number, number] {
  expectArgument("numbers", pixels, "pixel values");
  if (!(low >= 0 && low < high && high <= 100)) throw usageError("percentiles 0 ≤ low < high ≤ 100", `${low}, ${high}`);
  const sorted = Float64Array.from(Array.from(pixels).filter(Number.isFinite)).sort();
  const at = (percent: number): number => {
    const place = (percent / 100) * (sorted.length - 1);
    const below = sorted[Math.floor(place)] ?? Number.NaN;
    const above = sorted[Math.ceil(place)] ?? Number.NaN;
    return below + (above - below) * (place - Math.floor(place));
  };
  return [at(low), at(high)];
}

/**
 * Maps pixel values to grey levels between 0 and 1.
 *
 * asinh: `asinh(x / softening) / asinh(1 / softening)` of the value scaled to 0…1 (Lupton, Gunn & Szalay 1999; the form
 * of astropy's AsinhStretch).
 *
 * @example
 * const { values, name } = stretch(alert.stamps.science!.pixels, { stretch: "asinh", limits: "zscale" });
 */
export function stretch(pixels: ArrayLike<number>, options: StretchOptions = {}): Stretched {
  expectArgument("numbers", pixels, "pixel values");
  const { stretch: kind = "asinh", limits = { percentiles: [1, 99.5] }, softening = 0.1 } = options;
  if (kind !== "linear" && kind !== "asinh") throw usageError('stretch "linear" or "asinh"', kind);
  if (!(softening > 0)) throw usageError("a softening above 0", softening);
  const [[low, high], words] = limitsOf(pixels, limits);
  const range = high > low ? high - low : 1;
  const top = Math.asinh(1 / softening);
  const values = Float64Array.from(pixels, (value) => {
    if (!Number.isFinite(value)) return value === Number.POSITIVE_INFINITY ? 1 : value < 0 ? 0 : Number.NaN;
    const scaled = Math.min(1, Math.max(0, (value - low) / range));
    return kind === "linear" ? scaled : Math.asinh(scaled / softening) / top;
  });
  return { values, low, high, name: `${kind}, ${words}` };
}

function limitsOf(pixels: ArrayLike<number>, limits: StretchLimits): [[number, number], string] {
  if (limits === "zscale") return [zscaleLimits(pixels), "zscale"];
  if (typeof limits === "object" && "percentiles" in limits) {
    const [low, high] = limits.percentiles;
    return [percentileLimits(pixels, low, high), `${low}–${high} %`];
  }
  const [low, high] = limits;
  if (!(low < high)) throw usageError("limits [low, high] with low < high", `[${low}, ${high}]`);
  return [[low, high], `${low} to ${high}`];
}
