import { clamp, normalCdf } from "./numeric";

/** Values at the shares 0, 5, 10, 25, 50, 75, 90, 95 and 100 %. */
type Quantiles = readonly [number, number, number, number, number, number, number, number, number];
const shares = [0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1];

/** The value below which a share of a distribution lies, straight between its known quantiles. */
export function quantile(q: Quantiles, share: number): number {
  let i = 1;
  while (i < 8 && share > shares[i]!) i++;
  const t = clamp((share - shares[i - 1]!) / (shares[i]! - shares[i - 1]!), 0, 1);
  return q[i - 1]! + t * (q[i]! - q[i - 1]!);
}

/** The same for a standard normal deviate, so that quantities can be correlated (a Gaussian copula). */
export const quantileOf = (q: Quantiles, z: number): number => quantile(q, normalCdf(z));

/**
 * Real detections: quantiles of 72 public ZTF alerts with drb > 0.5 (2018 to 2023), one per object.
 * Of these files none has a bad pixel; ZTF's stream holds few real detections that do.
 */
export const realAlerts = {
  magpsf: [14.6, 16.2, 17.04, 18.01, 18.64, 19.3, 19.75, 19.9, 20.31],
  rb: [0.413, 0.537, 0.585, 0.722, 0.831, 0.919, 0.957, 0.961, 0.979],
  drb: [0.789, 0.9765, 0.9917, 0.999, 0.9999, 1, 1, 1, 1],
  fwhm: [1.218, 1.306, 1.501, 2.053, 2.455, 3.553, 5.536, 5.65, 6.79],
  elong: [1.013, 1.024, 1.027, 1.043, 1.074, 1.123, 1.171, 1.22, 1.253],
  magdiff: [-0.288, -0.08, -0.061, -0.018, 0.036, 0.075, 0.155, 0.293, 0.537],
  classtar: [0.489, 0.636, 0.699, 0.868, 0.975, 0.984, 0.996, 1, 1],
  nneg: [0, 0, 0, 0, 2, 4, 5, 5.5, 7],
  sumrat: [0.7215, 0.9327, 0.9654, 0.9842, 1, 1, 1, 1, 1],
  sky: [-3.74, -2.14, -1.2, -0.34, 0.06, 0.41, 0.75, 1.45, 3.1],
  aimage: [0.576, 0.65, 0.676, 0.737, 0.832, 1.146, 1.415, 1.458, 1.585],
  seeratio: [0.46, 0.699, 0.74, 0.926, 1.089, 1.292, 2, 2, 2],
  dsnrms: [0.88, 3.6, 4.9, 8.4, 18, 27, 56, 109, 3391],
} satisfies Record<string, Quantiles>;

/**
 * Artefacts: led by the 9 public alerts with drb ≤ 0.5 and widened to overlap with the real ones as in the stream, where
 * a cut on rb alone is known to leave a few per cent of artefacts (Mahabal et al. 2019; Duev et al. 2019).
 */
export const bogusAlerts = {
  magpsf: [14.4, 15.3, 15.9, 16.9, 18.1, 18.9, 19.5, 19.8, 20.4],
  rb: [0.15, 0.21, 0.25, 0.33, 0.44, 0.56, 0.68, 0.75, 0.9],
  drb: [1e-5, 2e-5, 1e-4, 0.008, 0.12, 0.27, 0.37, 0.5, 0.96],
  fwhm: [1.2, 1.45, 1.6, 2.03, 2.35, 3, 4.2, 5.5, 8],
  elong: [1.02, 1.045, 1.06, 1.09, 1.18, 1.32, 1.53, 1.62, 2.3],
  magdiff: [-0.35, -0.06, -0.01, 0.1, 0.25, 0.37, 0.54, 0.68, 1.1],
  classtar: [0.3, 0.68, 0.8, 0.93, 0.985, 0.998, 1, 1, 1],
  nneg: [0, 1, 1, 2, 4, 6, 8, 9.5, 13],
  sumrat: [0.3, 0.5, 0.65, 0.89, 0.97, 1, 1, 1, 1],
  sky: [-8.5, -7.5, -5, -1.6, -0.48, 0.05, 0.1, 0.3, 2],
  aimage: [0.333, 0.45, 0.53, 0.62, 0.79, 0.95, 1.1, 1.2, 2.2],
  seeratio: [0.4, 0.6, 0.75, 0.89, 1.18, 2, 2, 2, 2],
  dsnrms: [2, 6.7, 7.8, 21, 54, 116, 370, 380, 900],
} satisfies Record<keyof typeof realAlerts, Quantiles>;
