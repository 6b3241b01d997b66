import { stampSize as size } from "./fits-write";
import { clamp, cos, exp, sin } from "./numeric";

/** Full width at half maximum of a Gaussian, in sigmas. */
const fwhmPerSigma = 2.3548200450309493;
const across = new Float64Array(size);
const down = new Float64Array(size);

/** Adds a round star of `flux` at column `x`, row `y`. The light that falls on the stamp's plane sums to `flux`. */
export function addStar(image: Float64Array, x: number, y: number, flux: number, fwhm: number): void {
  const sigma = fwhm / fwhmPerSigma;
  const reach = Math.ceil(4.5 * sigma) + 1;
  const [left, right] = range(x, reach);
  const [top, bottom] = range(y, reach);
  if (left > right || top > bottom) return;
  // a Gaussian is the product of two, and sums of its samples at whole pixels are normalised over all of them
  const sumX = profile(across, x, sigma, reach, left, right);
  const sumY = profile(down, y, sigma, reach, top, bottom);
  const peak = flux / (sumX * sumY);
  for (let row = top; row <= bottom; row++) {
    const scale = peak * down[row]!;
    for (let column = left; column <= right; column++) image[row * size + column]! += scale * across[column]!;
  }
}

/** Adds a galaxy: three Gaussians, of one, two and four times the seeing, for an exponential disc. */
export function addGalaxy(
  image: Float64Array,
  x: number,
  y: number,
  flux: number,
  fwhm: number,
  widening: number,
): void {
  addStar(image, x, y, 0.35 * flux, fwhm);
  addStar(image, x, y, 0.4 * flux, fwhm * (1 + widening));
  addStar(image, x, y, 0.25 * flux, fwhm * (1 + 2.5 * widening));
}

/** Adds an elongated source: `elong` is the ratio of its axes, `angle` in radians from the columns. */
export function addEllipse(
  image: Float64Array,
  at: { x: number; y: number },
  flux: number,
  fwhm: number,
  elong: number,
  angle: number,
): void {
  const long = (fwhm * Math.sqrt(elong)) / fwhmPerSigma;
  const short = fwhm / Math.sqrt(elong) / fwhmPerSigma;
  const reach = Math.ceil(4 * long) + 1;
  const [left, right] = range(at.x, reach);
  const [top, bottom] = range(at.y, reach);
  const [c, s] = [cos(angle), sin(angle)];
  const values: number[] = [];
  let sum = 0;
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const [dx, dy] = [column - at.x, row - at.y];
      const u = (c * dx + s * dy) / long;
      const v = (c * dy - s * dx) / short;
      const value = exp(-(u * u + v * v) / 2);
      values.push(value);
      sum += value;
    }
  }
  if (sum === 0) return;
  let i = 0;
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) image[row * size + column]! += (flux / sum) * values[i++]!;
  }
}

function range(centre: number, reach: number): [first: number, last: number] {
  return [clamp(Math.ceil(centre - reach), 0, size), clamp(Math.floor(centre + reach), -1, size - 1)];
}

function profile(
  into: Float64Array,
  centre: number,
  sigma: number,
  reach: number,
  first: number,
  last: number,
): number {
  let sum = 0;
  for (let i = Math.ceil(centre - reach); i <= centre + reach; i++) {
    const z = (i - centre) / sigma;
    const value = exp((-z * z) / 2);
    sum += value;
    if (i >= first && i <= last) into[i] = value;
  }
  return sum;
}
