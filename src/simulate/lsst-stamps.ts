import { tangent } from "./camera";
import { lsstPixelArcsec, toCamera } from "./lsst-camera";
import type { LsstDetection } from "./lsst-detect";
import { card, type FitsUnit, unitBlocks } from "./lsst-fits";
import { type Spot, sigmaOf } from "./lsst-shape";
import type { Neighbour } from "./neighbours";
import { exp, nJyOf } from "./numeric";
import type { Random } from "./random";
import { lightBand } from "./sky-light";
import { noisePool } from "./stamps";

/** Pixels on a side, as most of Rubin's cutouts have. */
const size = 30;
const psfSize = { visit: 41, template: 55 };
/** Noise of a template of many visits, as part of that of one; its seeing, arcseconds. */
const templateNoise = 0.35;
const templateSeeing = 0.8;

type Image = Float64Array<ArrayBuffer>;
const blank = (): Image => new Float64Array(size * size);

/** Adds a round spot whose light sums to `flux`, however little of it falls on the image. */
function addSpot(image: Image, width: number, x: number, y: number, flux: number, sigma: number): void {
  const profile = (at: number) =>
    Array.from({ length: width }, (_, i) => exp(-((i - at) * (i - at)) / sigma / sigma / 2));
  const [across, down] = [profile(x), profile(y)];
  const peak = flux / (Math.PI * 2 * sigma * sigma);
  for (let row = 0; row < width; row++) {
    const scale = peak * down[row]!;
    for (let column = 0; column < width; column++) image[row * width + column]! += scale * across[column]!;
  }
}

/** The point-spread function of a seeing as a unit, sum 1: the same for every stamp of a visit, and kept. */
const psfs = new Map<string, Buffer[]>();
function psfUnit(width: number, seeingArcsec: number): Buffer[] {
  const key = `${width}/${seeingArcsec}`;
  let unit = psfs.get(key);
  if (!unit) {
    const pixels = new Float64Array(width * width);
    addSpot(pixels, width, (width - 1) / 2, (width - 1) / 2, 1, sigmaOf(seeingArcsec));
    const sum = pixels.reduce((a, b) => a + b, 0);
    unit = unitBlocks(
      { width, height: width, bits: 64, pixels: pixels.map((v) => v / sum), cards: [card("EXTNAME", "PSFIMAGE")] },
      false,
    );
    if (psfs.size > 1000) psfs.clear();
    psfs.set(key, unit);
  }
  return unit;
}

/** Where the stamp lies on the detector and on the sky. No CTYPE: Rubin's own stamps have none. */
function cardsOf(seen: LsstDetection): string[] {
  const { exposure } = seen;
  const { s, c } = exposure.turn;
  const scale = lsstPixelArcsec / 3600;
  const [left, bottom] = corner(seen);
  return [
    card("CUTMINX", left),
    card("CUTMINY", bottom),
    card("BUNIT", "nJy"),
    card("WCSAXES", 2),
    card("CRPIX1", seen.x - left + 1),
    card("CRPIX2", seen.y - bottom + 1),
    card("PC1_1", -c * scale),
    card("PC1_2", s * scale),
    card("PC2_1", s * scale),
    card("PC2_2", c * scale),
    card("CDELT1", 1),
    card("CDELT2", 1),
    card("CRVAL1", seen.ra),
    card("CRVAL2", seen.dec),
    card("ROTPA", exposure.rotationDeg),
  ];
}

const corner = ({ x, y }: LsstDetection): [number, number] => [Math.round(x) - size / 2, Math.round(y) - size / 2];

/** Light of the sky around, without what changed, as a visit of that seeing sees it. */
function still(seen: LsstDetection, neighbours: readonly Neighbour[], seeingArcsec: number): Image {
  const image = blank();
  const { exposure } = seen;
  const [left, bottom] = corner(seen);
  const sigma = sigmaOf(seeingArcsec);
  for (const n of neighbours) {
    const { east, north } = tangent(seen, n.truePosition);
    if (east * east + north * north > 64) continue;
    const { u, v } = toCamera(exposure.turn, east / lsstPixelArcsec, north / lsstPixelArcsec);
    const flux = nJyOf(n.mags[lightBand(exposure.band)]);
    const [x, y] = [seen.x + u - left, seen.y + v - bottom];
    addSpot(image, size, x, y, n.kind === "star" ? flux : 0.5 * flux, sigma);
    if (n.kind === "galaxy") addSpot(image, size, x, y, 0.5 * flux, sigma * 2);
  }
  return image;
}

/** What changed. */
function change(spots: readonly Spot[], seen: LsstDetection): Image {
  const image = blank();
  const [left, bottom] = corner(seen);
  for (const { dx, dy, share, sigma } of spots)
    addSpot(image, size, seen.x - left + dx, seen.y - bottom + dy, share * seen.fluxNJy, sigma);
  return image;
}

/** The three cutouts of a detection: 34,560 bytes each for difference and science, 43,200 for the template. */
export function lsstStamps(
  random: Random,
  seen: LsstDetection,
  spots: readonly Spot[],
  neighbours: readonly Neighbour[],
) {
  const { exposure } = seen;
  const noise = noisePool();
  const mask = noise.length - 1;
  // a point source fitted with its profile has the noise of the pixels under it: 4 pi sigma² of them
  const perPixel = exposure.sigmaNJy / sigmaOf(exposure.seeingArcsec) / Math.sqrt(4 * Math.PI);
  const [before, now, changed] = [
    still(seen, neighbours, templateSeeing),
    still(seen, neighbours, exposure.seeingArcsec),
    change(spots, seen),
  ];
  const images = { science: blank(), template: blank(), difference: blank() };
  const variances = { science: blank(), template: blank(), difference: blank() };
  let [a, b] = [random.below(noise.length), random.below(noise.length)];
  const step = random.below(8) * 2 + 1;
  for (let i = 0; i < size * size; i++) {
    const light = Math.max(0, now[i]! + changed[i]!);
    const old = templateNoise * templateNoise * (perPixel * perPixel + 0.5 * perPixel * (before[i]! / 20));
    const total = perPixel * perPixel + 0.5 * perPixel * (light / 20);
    const fresh = total - old > 0 ? total - old : total;
    const [n1, n2] = [noise[(a = (a + step) & mask)]!, noise[(b = (b + step) & mask)]!];
    images.template[i] = before[i]! + Math.sqrt(old) * n1;
    images.science[i] = now[i]! + changed[i]! + Math.sqrt(fresh) * n2;
    images.difference[i] = changed[i]! + Math.sqrt(fresh) * n2 - Math.sqrt(old) * n1;
    variances.template[i] = old;
    variances.science[i] = fresh;
    variances.difference[i] = fresh + old;
  }
  const cards = cardsOf(seen);
  const file = (kind: keyof typeof images) => {
    const image: FitsUnit = { width: size, height: size, bits: 32, pixels: images[kind], cards };
    const uncertainty = [card("UTYPE", "VarianceUncertainty"), card("EXTNAME", "UNCERT")];
    const psf =
      kind === "template" ? psfUnit(psfSize.template, templateSeeing) : psfUnit(psfSize.visit, exposure.seeingArcsec);
    const variance: FitsUnit = { ...image, pixels: variances[kind], cards: uncertainty };
    return Buffer.concat([...unitBlocks(image, true), ...unitBlocks(variance, false), ...psf]);
  };
  return { science: file("science"), template: file("template"), difference: file("difference") };
}
