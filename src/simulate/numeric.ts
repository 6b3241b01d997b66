/**
 * The few functions of mathematics a night needs, from additions, multiplications and square roots alone.
 *
 * `Math.exp` and its kin may differ in the last digit between engines and releases; the four operations and `sqrt`
 * may not (IEEE 754). With these, a seed gives the same bytes on every machine.
 */
const LN2_HIGH = 0.6931471803691238; // ln 2 in two parts, so that k · ln 2 loses nothing
const LN2_LOW = 1.9082149292705877e-10;
export const LN10 = Math.LN10; // a constant, the same everywhere
export const TWO_PI = 6.283185307179586;

const word = new DataView(new ArrayBuffer(8));

/** 2^k for whole k from −1022 to 1023, put together from its bits. */
function powerOfTwo(k: number): number {
  word.setUint32(0, ((k + 1023) << 20) >>> 0);
  word.setUint32(4, 0);
  return word.getFloat64(0);
}

/** e^x, relative error about 1e-15 for |x| ≤ 700. */
export function exp(x: number): number {
  if (x > 700) return Number.POSITIVE_INFINITY;
  if (x < -700) return 0;
  const k = Math.round(x / (LN2_HIGH + LN2_LOW));
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let sum = 1;
  for (let n = 14; n >= 1; n--) sum = 1 + (r / n) * sum;
  return sum * powerOfTwo(k);
}

/** Natural logarithm; NaN below 0, −Infinity at 0. */
export function ln(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x < 2.3e-308) return ln(x * 18014398509481984) - 54 * (LN2_HIGH + LN2_LOW); // subnormal: scale by 2^54 first
  word.setFloat64(0, x);
  const high = word.getUint32(0);
  let k = (high >>> 20) - 1023;
  word.setUint32(0, (high & 0xfffff) | 0x3ff00000);
  let m = word.getFloat64(0);
  if (m > Math.SQRT2) {
    m /= 2;
    k++;
  }
  const s = (m - 1) / (m + 1);
  const s2 = s * s;
  let sum = 0;
  for (let n = 23; n >= 1; n -= 2) sum = sum * s2 + 1 / n;
  return 2 * s * sum + k * LN2_LOW + k * LN2_HIGH;
}

/** Sine of x in radians, absolute error about 1e-14 for |x| < 1e4. */
export function sin(x: number): number {
  let r = x - TWO_PI * Math.round(x / TWO_PI);
  if (r > TWO_PI / 4) r = TWO_PI / 2 - r;
  else if (r < -TWO_PI / 4) r = -TWO_PI / 2 - r;
  const r2 = r * r;
  let sum = 1;
  for (let n = 20; n >= 2; n -= 2) sum = 1 - (r2 / (n * (n + 1))) * sum;
  return r * sum;
}

/** Cosine of x in radians. */
export const cos = (x: number): number => sin(x + TWO_PI / 4);
/** Angle of the point (x, y), radians, −π to π: the root of sin(angle − t), found by Newton from the nearest octant. */
export function angleOf(x: number, y: number): number {
  const r = Math.sqrt(x * x + y * y);
  if (r === 0) return 0;
  const [c, s] = [x / r, y / r];
  let t = Math.abs(c) > Math.abs(s) ? (c > 0 ? s : TWO_PI / 2 - s) : s > 0 ? TWO_PI / 4 - c : c - TWO_PI / 4;
  for (let i = 0; i < 5; i++) t += s * cos(t) - c * sin(t);
  return t > TWO_PI / 2 ? t - TWO_PI : t;
}

/** 10^x. */
export const pow10 = (x: number): number => exp(x * LN10);
export const log10 = (x: number): number => ln(x) / LN10;
/** Cosine of an angle in degrees. */
export const cosDeg = (degrees: number): number => cos((degrees * TWO_PI) / 360);

/** Flux in nJy of an AB magnitude: 31.4 − 2.5 log10(flux). */
export const nJyOf = (mag: number): number => pow10(0.4 * (31.4 - mag));
/** AB magnitude of a flux in nJy; NaN for a flux that is not positive. */
export const magOf = (fluxNJy: number): number => (fluxNJy > 0 ? 31.4 - 2.5 * log10(fluxNJy) : Number.NaN);

/** Share of a normal distribution below z (Abramowitz & Stegun 26.2.17, error below 1e-7). */
export function normalCdf(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail =
    0.3989422804014327 *
    exp((-z * z) / 2) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z > 0 ? 1 - tail : tail;
}

export const clamp = (x: number, low: number, high: number): number => Math.max(low, Math.min(high, x));

/** Fractional part, from 0 to below 1, also of negative numbers. */
export const fraction = (x: number): number => x - Math.floor(x);

/** `x` rounded to a number of decimals, as survey pipelines print their values. */
export function rounded(x: number, decimals: number): number {
  let scale = 1;
  for (let i = 0; i < decimals; i++) scale *= 10;
  return Math.round(x * scale) / scale;
}
