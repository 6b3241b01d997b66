import type { Exposure } from "./cadence";
import { channelHeight, channelWidth, offset, pixelArcsec, tangent } from "./camera";
import { bogusAlerts, quantileOf, realAlerts } from "./distributions";
import { clamp, exp, magOf, nJyOf } from "./numeric";
import type { Random } from "./random";
import type { Position, SkySource } from "./sky-source";

/** What the difference image of one exposure shows of one source. Magnitudes AB, angles degrees, sizes pixels. */
export interface Detection {
  readonly source: SkySource;
  readonly exposure: Exposure;
  /** Without noise; signed. */
  readonly trueNJy: number;
  readonly isPositive: boolean;
  readonly snr: number;
  readonly mag: number;
  readonly magErr: number;
  readonly ra: number;
  readonly dec: number;
  /** Measured place on the read-out channel, pixels. */
  readonly x: number;
  readonly y: number;
  /** Where it really was there. */
  readonly trueX: number;
  readonly trueY: number;
  /** Shape and quality, distributed as in public alerts. */
  readonly shape: Shape;
}

export type Shape = { readonly [K in keyof Omit<typeof realAlerts, "magpsf">]: number } & {
  readonly nbad: number;
  readonly chipsf: number;
};

/** Part of a magnitude error that no amount of light removes, from the least `sigmapsf` of the public alerts on. */
const floorMag = [0.024, 0.045] as const;
/** 2.5 / ln 10. */
const magPerRelativeFlux = 1.0857362047581296;

/** Where the source is at the time. */
export const positionAt = (source: SkySource, mjd: number): Position => source.positionAt?.(mjd) ?? source;

/**
 * Looks at a source in an exposure: its measured values, or null when it does not reach 5 sigma there.
 *
 * The answer depends on the seed, the source and the exposure alone, so an alert and the histories of later alerts agree.
 */
export function detect(seed: Random, source: SkySource, exposure: Exposure): Detection | null {
  const trueNJy = source.differenceNJy(exposure.mjdUtc, exposure.band);
  const sigma = nJyOf(exposure.limitMag) / 5;
  if (Math.abs(trueNJy) < sigma) return null; // not even noise of four sigma would lift it
  const random = seed.fork("detect", source.index, exposure.index);
  const measured = trueNJy + sigma * random.normal();
  const snr = Math.abs(measured) / sigma;
  if (snr < 5) return null;
  const relative = magPerRelativeFlux / snr;
  const fraction = pixelArcsec * (0.05 + (0.4 * exposure.fwhmPx) / snr);
  const floor = random.uniform(...floorMag);
  const real = source.class.isReal;
  const scatter = real ? fraction : Math.max(0.15, fraction);
  const place = positionAt(source, exposure.mjdUtc);
  const moved = tangent(source, place);
  const trueX = clamp(source.place.x - moved.east / pixelArcsec, 2, channelWidth - 2);
  const trueY = clamp(source.place.y - moved.north / pixelArcsec, 2, channelHeight - 2);
  const [east, north] = [random.normal(0, scatter), random.normal(0, scatter)];
  return {
    source,
    exposure,
    trueNJy,
    isPositive: measured > 0,
    snr,
    mag: magOf(Math.abs(measured)) + random.normal(0, floor),
    magErr: Math.sqrt(floor * floor + relative * relative),
    ...offset(place, east, north),
    x: trueX - east / pixelArcsec,
    y: trueY - north / pixelArcsec,
    trueX,
    trueY,
    shape: shapeOf(seed, random, source, exposure, snr),
  };
}

/**
 * Draws shape and quality from the measured distributions, tied together by rank correlations of about the size found in
 * the public alerts: wide images have lower rb and fewer negative pixels, faint ones are more elongated.
 */
function shapeOf(seed: Random, random: Random, source: SkySource, exposure: Exposure, snr: number): Shape {
  const real = source.class.isReal;
  const q = real ? realAlerts : bogusAlerts;
  const kind = source.class.name;
  const z = () => random.normal();
  // half of the width is common to the exposure; what stands alone is measured wider than what stands on a star
  const common = seed.fork("width", exposure.index).normal();
  const alone = !real ? 0 : kind === "asteroid" ? 0.75 : -0.18;
  const wide = clamp(0.5 * common + 0.8 * z() + alone, -2.6, 2.6);
  const faint = clamp(1.4 - 0.75 * Math.sqrt(snr / 10), -2, 1.2) + 0.3 * z();
  const good = z();
  const shape = {
    rb: quantileOf(q.rb, 0.8 * good - 0.43 * wide + 0.42 * z()),
    drb: clamp(quantileOf(q.drb, 0.5 * good - 0.2 * wide + 0.84 * z()), 0, 1),
    fwhm: quantileOf(q.fwhm, wide),
    elong: quantileOf(q.elong, 0.42 * faint - 0.13 * wide + (real ? 0.88 * z() : 0.75 * z() - 0.45 * good)),
    magdiff: quantileOf(q.magdiff, real ? z() : 0.89 * z() - 0.45 * good), // some artefacts look well in everything
    classtar: quantileOf(q.classtar, 0.4 * good - 0.4 * wide - 0.3 * faint + 0.75 * z()),
    nneg: Math.round(quantileOf(q.nneg, 0.9 * z() - 0.44 * wide)),
    sumrat: quantileOf(q.sumrat, z()),
    sky: quantileOf(q.sky, z()),
    aimage: quantileOf(q.aimage, 0.7 * wide + 0.7 * z()),
    seeratio: quantileOf(q.seeratio, 0.4 * z() - 0.92 * wide),
    dsnrms: quantileOf(q.dsnrms, 0.5 * z() - 0.85 * faint),
    nbad: real ? (random.chance(0.015) ? 1 : 0) : 0,
    chipsf: 0.75 + exp(0.85 * z()) * (1 + (snr * snr) / 450) * (real ? 1 : 2),
  };
  if (kind === "cosmicRay") {
    shape.elong = quantileOf(q.elong, 0.6 + z());
    // sharper than any star, but half a pixel across: what is narrower has no shape on pixels
    shape.fwhm = Math.max(random.uniform(0.85, 2.1), 1.18 * Math.sqrt(shape.elong));
    shape.nbad = random.chance(0.25) ? 1 : 0;
  } else if (kind === "edge") {
    shape.nbad = random.chance(0.45) ? 1 + random.below(4) : 0;
    shape.fwhm = quantileOf(q.fwhm, 0.7 + z());
    shape.elong = Math.max(1.3, shape.elong);
  } else if (kind === "dipole" && random.chance(0.06)) shape.nbad = 1;
  return shape;
}
