import { channelHeight, channelWidth, pixelArcsec, tangent } from "./camera";
import { type Detection, positionAt } from "./detect";
import { stampSize as size, steppedDn } from "./fits-write";
import type { Neighbour } from "./neighbours";
import { cos, nJyOf, sin, TWO_PI } from "./numeric";
import { addEllipse, addGalaxy, addStar } from "./psf";
import { Random } from "./random";

/** Three images of one place, row-major, in DN. Row numbers grow southward, columns westward, as in ZTF's cutouts. */
export interface StampPixels {
  readonly science: Float64Array;
  readonly template: Float64Array;
  readonly difference: Float64Array;
}

/** Five images to draw on, made once: fresh ones for each alert would be a third of the garbage of a night. */
export class Canvas implements StampPixels {
  readonly science = new Float64Array(size * size);
  readonly template = new Float64Array(size * size);
  readonly difference = new Float64Array(size * size);
  readonly still = new Float64Array(size * size);
  readonly change = new Float64Array(size * size);
}

const centre = (size - 1) / 2;
/** Electrons per DN (Bellm et al. 2019). */
const gain = 6.2;
/** Part of the single-exposure noise that is left in a reference image of 15 exposures. */
const templateNoise = 0.26;
const saturation = 60_000;

const poolSize = 1 << 16;
let pool: Float64Array | undefined;

/** Normal deviates made once: taken from a random place in small random steps they cost a tenth of fresh ones. */
export function noisePool(): Float64Array {
  if (!pool) {
    const random = new Random(0x5eed);
    pool = Float64Array.from({ length: poolSize }, () => random.normal());
  }
  return pool;
}

/**
 * Draws science, template and difference image around a detection.
 *
 * The template shows the catalogue's stars and galaxies on the sky of the exposure; the science image shows the same and the change;
 * the difference is the one minus the other, pixel by pixel, so its sum around the centre is the flux that `magpsf` gives. For a source that faded ZTF subtracts the
 * other way round and says so in the file name only (`refmsci`): its centre is positive, too.
 *
 * @param random names the noise
 * @param fluxDn what was measured, signed, DN
 * @param canvas is drawn on and given back; the next call overwrites it
 */
export function drawStamps(
  random: Random,
  seen: Detection,
  neighbours: readonly Neighbour[],
  fluxDn: number,
  canvas: Canvas,
): StampPixels {
  const { source, exposure, shape } = seen;
  const { still, change, science, template, difference } = canvas;
  still.fill(0);
  change.fill(0);
  const at = positionAt(source, exposure.mjdUtc);
  // the cutout is centred on a whole pixel, the source is not
  const middle = { x: centre + seen.trueX - Math.round(seen.x), y: centre + seen.trueY - Math.round(seen.y) };
  const perDn = nJyOf(exposure.zeroPoint);
  for (const n of neighbours) {
    const { east, north } = tangent(at, n.truePosition);
    const [x, y] = [middle.x - east / pixelArcsec, middle.y - north / pixelArcsec];
    const flux = nJyOf(n.mags[exposure.band]) / perDn;
    if (n.kind === "star") addStar(still, x, y, flux, exposure.fwhmPx);
    else addGalaxy(still, x, y, flux, exposure.fwhmPx, n.isCounterpart ? Math.max(0.6, (21 - n.mags.r) * 0.45) : 0.5);
  }
  drawChange(random, seen, middle, fluxDn, change);

  const noise = noisePool();
  // sky and read-out, so that the star profile at the limit of the exposure is five times its own noise
  const sigma = (nJyOf(exposure.limitMag) / perDn / 5 / (exposure.fwhmPx * 1.5)) * 0.5;
  const step = random.below(8) * 2 + 1;
  const sign = seen.isPositive ? 1 : -1;
  let [a, b] = [random.below(poolSize), random.below(poolSize)];
  for (let i = 0; i < size * size; i++) {
    const light = still[i]!;
    const shot = light > 20 ? Math.sqrt(sigma * sigma + light / gain) : sigma;
    const old = templateNoise * shot * noise[(a = (a + step) & (poolSize - 1))]!;
    const fresh = shot * noise[(b = (b + step) & (poolSize - 1))]!;
    template[i] = steppedDn(Math.min(saturation, exposure.skyDn + light + old));
    science[i] = steppedDn(Math.min(saturation, exposure.skyDn + light + change[i]! + fresh));
    difference[i] = sign * (science[i]! - template[i]!);
  }
  blankOut(random, seen, [science, template, difference], shape.nbad);
  return canvas;
}

/** What changed, without noise: width and axis ratio are those that the packet gives. */
function drawChange(
  random: Random,
  { source, exposure, shape, isPositive, x, y }: Detection,
  at: { x: number; y: number },
  fluxDn: number,
  image: Float64Array,
): void {
  const angle = random.uniform(0, TWO_PI);
  switch (source.class.name) {
    case "dipole": {
      // the other lobe stands beside the long axis, so far off that it leaves the first its shape
      const apart = random.uniform(1.3, 1.7) * Math.max(shape.fwhm, exposure.fwhmPx);
      addEllipse(image, at, 1.5 * fluxDn, shape.fwhm, shape.elong, angle);
      addStar(image, at.x - apart * sin(angle), at.y + apart * cos(angle), -0.5 * fluxDn, exposure.fwhmPx);
      break;
    }
    case "edge":
      addEllipse(image, at, fluxDn, shape.fwhm, shape.elong, angle);
      addBand(image, seenFrom(x, y), 0.005 * fluxDn, isPositive);
      break;
    default:
      addEllipse(image, at, fluxDn, shape.fwhm, shape.elong, angle);
  }
}

/** Distance in pixels from the centre of the stamp to the nearest edge of the detector, and on which side that is. */
function seenFrom(x: number, y: number): { side: 0 | 1 | 2 | 3; distance: number } {
  const distances = [x, channelWidth - x, y, channelHeight - y];
  const side = distances.indexOf(Math.min(...distances)) as 0 | 1 | 2 | 3;
  return { side, distance: distances[side]! };
}

/** Light that leaks in along the edge. */
function addBand(image: Float64Array, edge: ReturnType<typeof seenFrom>, level: number, positive: boolean): void {
  for (let depth = 0; depth < 4; depth++) {
    const inward = Math.round(edge.distance) - depth;
    const line = edge.side % 2 === 0 ? centre - inward : centre + inward;
    if (line < 0 || line >= size) continue;
    for (let i = 0; i < size; i++) {
      const index = edge.side < 2 ? i * size + line : line * size + i;
      image[index]! += (level * (4 - depth)) / 4 + (positive ? 1 : -1);
    }
  }
}

/** Pixels beyond the detector, and bad pixels near the centre, are blank in every image but the template. */
function blankOut(random: Random, { x, y }: Detection, images: Float64Array[], bad: number): void {
  const [column0, row0] = [Math.round(x) - centre, Math.round(y) - centre];
  const inside = column0 >= 0 && row0 >= 0 && column0 + size <= channelWidth && row0 + size <= channelHeight;
  if (!inside) {
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const [cx, cy] = [column0 + column, row0 + row];
        if (cx >= 0 && cy >= 0 && cx < channelWidth && cy < channelHeight) continue;
        for (const image of images) image[row * size + column] = Number.NaN;
      }
    }
  }
  for (let i = 0; i < bad; i++) {
    const index = (centre + 2 + random.below(3)) * size + centre - 3 + random.below(7);
    images[0]![index] = Number.NaN;
    images[2]![index] = Number.NaN;
  }
}
