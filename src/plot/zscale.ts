import { expectArgument } from "../expect";

/** Options of the zscale limits. */
export interface ZscaleOptions {
  /** Steepness of the result, 0 to 1; IRAF's default 0.25. */
  contrast?: number;
  /** Pixels looked at, at most; default 1000. */
  samples?: number;
}

const REJECT_SIGMA = 2.5;
const REJECT_FRACTION = 0.5;
const MIN_PIXELS = 5;
const MAX_ITERATIONS = 5;

/**
 * Display limits by IRAF's zscale: a line is fitted to the sorted pixel values, outliers rejected, and its slope divided
 * by the contrast gives the range around the median. Shows the sky background well and saturates bright sources.
 *
 * Source: the algorithm of IRAF's `display` task; same numbers as astropy's ZScaleInterval.
 *
 * @param pixels any order; NaN and infinities are ignored
 * @returns [low, high]; [NaN, NaN] without a finite pixel
 */
export function zscaleLimits(pixels: ArrayLike<number>, options: ZscaleOptions = {}): [number, number] {
  expectArgument("numbers", pixels, "pixel values");
  const { contrast = 0.25, samples = 1000 } = options;
  const finite = Float64Array.from(Array.from(pixels).filter(Number.isFinite));
  if (finite.length === 0) return [Number.NaN, Number.NaN];
  const stride = Math.max(1, Math.trunc(finite.length / samples));
  const sorted = finite.filter((_, i) => i % stride === 0).slice(0, samples);
  sorted.sort();
  const count = sorted.length;
  const low = sorted[0]!;
  const high = sorted[count - 1]!;

  const minimum = Math.max(MIN_PIXELS, Math.trunc(count * REJECT_FRACTION));
  const { kept, slope } = fitLine(sorted, minimum);
  if (kept < minimum) return [low, high];
  const center = Math.trunc((count - 1) / 2);
  const half = count / 2;
  const median = count % 2 === 1 ? sorted[center]! : (sorted[half - 1]! + sorted[half]!) / 2;
  const steep = contrast > 0 ? slope / contrast : slope;
  return [Math.max(low, median - (center - 1) * steep), Math.min(high, median + (count - center) * steep)];
}

function fitLine(values: Float64Array, minimum: number): { kept: number; slope: number } {
  const count = values.length;
  const grow = Math.max(1, Math.trunc(count * 0.01));
  let bad: Uint8Array = new Uint8Array(count);
  let kept = count;
  let last = count + 1;
  let line = { slope: 0, offset: 0 };
  for (let turn = 0; turn < MAX_ITERATIONS && kept < last && kept >= minimum; turn++) {
    line = leastSquares(values, bad);
    const residual = values.map((value, x) => value - (line.slope * x + line.offset));
    const limit = REJECT_SIGMA * deviation(residual, bad);
    const outside = residual.map((value, i) => (Math.abs(value) > limit || bad[i] ? 1 : 0));
    bad = grown(outside, grow);
    last = kept;
    kept = bad.reduce((good, flag) => good + (flag ? 0 : 1), 0);
  }
  return { kept, slope: line.slope };
}

function leastSquares(values: Float64Array, bad: Uint8Array): { slope: number; offset: number } {
  let n = 0;
  let meanX = 0;
  let meanY = 0;
  for (let x = 0; x < values.length; x++) {
    if (bad[x]) continue;
    n++;
    meanX += (x - meanX) / n;
    meanY += (values[x]! - meanY) / n;
  }
  let xx = 0;
  let xy = 0;
  for (let x = 0; x < values.length; x++) {
    if (bad[x]) continue;
    xx += (x - meanX) ** 2;
    xy += (x - meanX) * (values[x]! - meanY);
  }
  const slope = xx > 0 ? xy / xx : 0;
  return { slope, offset: meanY - slope * meanX };
}

function deviation(residual: Float64Array, bad: Uint8Array): number {
  const good = residual.filter((_, i) => !bad[i]);
  const mean = good.reduce((sum, value) => sum + value, 0) / good.length;
  return Math.sqrt(good.reduce((sum, value) => sum + (value - mean) ** 2, 0) / good.length);
}

/** Neighbours of a rejected value are rejected with it, in a window of `width` as numpy's "same" convolution has it. */
function grown(flags: Float64Array, width: number): Uint8Array {
  const result = new Uint8Array(flags.length);
  const before = Math.trunc((width - 1) / 2);
  for (let i = 0; i < flags.length; i++) {
    if (!flags[i]) continue;
    for (let k = i - before; k <= i + (width - 1 - before); k++) if (k >= 0 && k < result.length) result[k] = 1;
  }
  return result;
}
