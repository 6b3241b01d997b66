import { lsstPixelArcsec } from "./lsst-camera";
import type { LsstDetection } from "./lsst-detect";
import { angleOf, exp, TWO_PI } from "./numeric";
import type { Random } from "./random";

/** A round spot of light, pixels from the source's place along columns and rows. */
export interface Spot {
  readonly dx: number;
  readonly dy: number;
  /** Part of the flux; the parts of a figure sum to 1. */
  readonly share: number;
  readonly sigma: number;
}

/** Full width at half maximum of a Gaussian, in sigmas. */
const perSigma = 2.3548200450309493;
export const sigmaOf = (seeingArcsec: number): number => seeingArcsec / lsstPixelArcsec / perSigma;

/**
 * What the difference image shows of a source, without noise: a point, a dipole, a track, or light along an edge. The stamp is
 * drawn from it and the packet's moments are measured on it, so that the two agree.
 */
export function spotsOf(sky: Random, { source, exposure }: LsstDetection): readonly Spot[] {
  const random = sky.fork("lsst spots", source.index, exposure.index);
  const sigma = sigmaOf(exposure.seeingArcsec);
  const [dx, dy] = [random.uniform(-1, 1), random.uniform(-1, 1)];
  switch (source.class.name) {
    case "dipole": {
      // half an arcsecond or so apart, in any direction
      const apart = random.uniform(1, 3.5) / Math.max(0.3, Math.sqrt(dx * dx + dy * dy));
      const [u, v] = [(dx * apart) / 2, (dy * apart) / 2];
      return [
        { dx: u, dy: v, share: 1.8, sigma },
        { dx: -u, dy: -v, share: -0.8, sigma },
      ];
    }
    case "cosmicRay":
      return [-3, -2, -1, 0, 1, 2, 3].map((i) => ({ dx: i * dx, dy: i * dy, share: 1 / 7, sigma: 0.6 }));
    case "edge":
      return [-2, -1, 0, 1, 2].map((i) => ({ dx: 0, dy: 4 * i, share: 0.2, sigma: sigma * 1.5 }));
    default:
      return [{ dx: 0, dy: 0, share: 1, sigma }];
  }
}

const reach = 15;
const size = 2 * reach + 1;
/** Drawn on again for each figure. */
const [image, across, down] = [new Float64Array(size * size), new Float64Array(size), new Float64Array(size)];
/** Part of the peak down to which a figure of several spots is measured. */
const isophote = 0.1;

/** Second moments of what is seen, the stronger lobe of a dipole alone, arcseconds squared along columns and rows. */
export function momentsOf(spots: readonly Spot[]): { xx: number; yy: number; xy: number } {
  const scale = lsstPixelArcsec * lsstPixelArcsec;
  const [only, second] = spots;
  if (!second) return { xx: scale * only!.sigma * only!.sigma, yy: scale * only!.sigma * only!.sigma, xy: 0 };
  image.fill(0);
  for (const { dx, dy, share, sigma } of spots) {
    profile(across, dx, sigma);
    profile(down, dy, sigma);
    const peak = share / (sigma * sigma);
    for (let i = 0, row = 0; row < size; row++)
      for (let column = 0; column < size; column++) image[i++]! += peak * across[column]! * down[row]!;
  }
  let most = 0;
  for (let i = 0; i < image.length; i++) most = Math.max(most, image[i]!);
  let [sum, x, y, xx, yy, xy] = [0, 0, 0, 0, 0, 0];
  for (let i = 0, row = -reach; row <= reach; row++) {
    for (let column = -reach; column <= reach; column++) {
      const value = image[i++]!;
      if (value < isophote * most) continue;
      sum += value;
      x += value * column;
      y += value * row;
      xx += value * column * column;
      yy += value * row * row;
      xy += value * column * row;
    }
  }
  [x, y] = [x / sum, y / sum];
  return { xx: scale * (xx / sum - x * x), yy: scale * (yy / sum - y * y), xy: scale * (xy / sum - x * y) };
}

/** A Gaussian along columns or rows, 1 at its peak. */
function profile(into: Float64Array, at: number, sigma: number): void {
  for (let i = 0; i < size; i++) into[i] = exp(-((i - reach - at) * (i - reach - at)) / (2 * sigma * sigma));
}

/** Length of a dipole in arcseconds, and its direction from the negative lobe to the positive one, degrees from the columns. */
export function dipoleOf([positive, negative]: readonly Spot[]): { length: number; angle: number } {
  const [dx, dy] = [positive!.dx - negative!.dx, positive!.dy - negative!.dy];
  const angle = (angleOf(dx, dy) * 360) / TWO_PI;
  return { length: Math.sqrt(dx * dx + dy * dy) * lsstPixelArcsec, angle: (angle + 360) % 360 };
}
