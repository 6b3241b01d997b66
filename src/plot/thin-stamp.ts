import type { Stamp } from "../alert/types";

/** Pixels along a side that are drawn; surveys send 63 and less than 150, and a panel has no more room. */
const mostPixels = 400;

/**
 * A stamp that is small enough to be drawn: blocks of pixels become their mean (NaN left out), so that no source between
 * them is lost.
 *
 * @returns the stamp, and how many of its old pixels lie along the side of a new one: 1 where nothing was changed
 */
export function thinStamp(stamp: Stamp): { stamp: Stamp; step: number } {
  const step = Math.ceil(Math.max(stamp.width, stamp.height) / mostPixels);
  if (!(step > 1)) return { stamp, step: 1 };
  const size = { width: Math.ceil(stamp.width / step), height: Math.ceil(stamp.height / step) };
  const mean = blocks(stamp.pixels, stamp.width, size, step, 1);
  // the variance of a mean of n values is their summed variance over n²
  const variance = stamp.variance && { variance: blocks(stamp.variance, stamp.width, size, step, 2) };
  const { psf: _dropped, ...rest } = stamp;
  return { stamp: { ...rest, ...size, pixels: mean, ...variance }, step };
}

function blocks(
  pixels: ArrayLike<number>,
  width: number,
  size: { width: number; height: number },
  step: number,
  power: 1 | 2,
): Float64Array {
  const sums = new Float64Array(size.width * size.height);
  const counts = new Float64Array(sums.length);
  for (let i = 0; i < pixels.length; i++) {
    const value = pixels[i]!;
    if (!Number.isFinite(value)) continue;
    const block = Math.floor(Math.floor(i / width) / step) * size.width + Math.floor((i % width) / step);
    sums[block]! += value;
    counts[block]!++;
  }
  return sums.map((sum, i) => sum / counts[i]! ** power);
}
