import type { SkyField } from "./cadence";
import { cosDeg, rounded } from "./numeric";
import type { CameraPlace, Position } from "./sky-source";

/** Pixel scale of ZTF, arcseconds (Bellm et al. 2019). */
export const pixelArcsec = 1.01;
/** Size of one of the 64 read-out channels, pixels. */
export const channelWidth = 3072;
export const channelHeight = 3080;

/** Distance between neighbouring detectors and from the field's centre to its south-east corner, degrees. */
const pitch = { east: 1.9, north: 1.93 };
const corner = { east: 3.71, north: -3.76 };
const degreesPerPixel = pixelArcsec / 3600;

/**
 * Sky position of a pixel. Four by four detectors, number 0 in the south-east, rows going west; each read out through four
 * channels, 0 in the north-east, then anticlockwise: worked out from positions in public alerts.
 */
export function positionOf(field: SkyField, { rcid, x, y }: CameraPlace): Position {
  const detector = Math.floor(rcid / 4);
  const quadrant = rcid % 4;
  const east =
    corner.east -
    (detector % 4) * pitch.east -
    (x + (quadrant === 1 || quadrant === 2 ? channelWidth : 0)) * degreesPerPixel;
  const north =
    corner.north +
    Math.floor(detector / 4) * pitch.north +
    (2 * channelHeight - y - (quadrant >= 2 ? channelHeight : 0)) * degreesPerPixel;
  return offsetDegrees(field, east, north);
}

/** Distance in pixels that is kept from the edge of a channel, so that stamps are whole. */
export const channelMargin = 70;

/** The inverse of {@link positionOf}: null in a gap between detectors, near the edge of a channel, or outside. */
export function placeOn(field: SkyField, at: Position): CameraPlace | null {
  const east = (((at.ra - field.ra + 540) % 360) - 180) * cosDeg(at.dec);
  const north = at.dec - field.dec;
  const inside = (v: number, length: number) => v > channelMargin && v < length - channelMargin;
  for (let detector = 0; detector < 16; detector++) {
    const across = (corner.east - (detector % 4) * pitch.east - east) / degreesPerPixel;
    const down = 2 * channelHeight - (north - corner.north - Math.floor(detector / 4) * pitch.north) / degreesPerPixel;
    const [isWest, isSouth] = [across > channelWidth, down > channelHeight];
    const [x, y] = [across - (isWest ? channelWidth : 0), down - (isSouth ? channelHeight : 0)];
    const quadrant = isSouth ? (isWest ? 2 : 3) : isWest ? 1 : 0;
    if (inside(x, channelWidth) && inside(y, channelHeight)) return { rcid: detector * 4 + quadrant, x, y };
  }
  return null;
}

/** A position moved by small angles, degrees towards east and north. */
function offsetDegrees(from: Position, east: number, north: number): Position {
  const dec = from.dec + north;
  return { ra: rounded(wrap(from.ra + east / cosDeg(dec)), 7), dec: rounded(dec, 7) };
}

/** A position moved by arcseconds towards east and north. */
export const offset = (from: Position, eastArcsec: number, northArcsec: number): Position =>
  offsetDegrees(from, eastArcsec / 3600, northArcsec / 3600);

/** East and north of `to` as seen from `from`, arcseconds; for separations of minutes of arc at most. */
export function tangent(from: Position, to: Position): { east: number; north: number } {
  const east = (((to.ra - from.ra + 540) % 360) - 180) * cosDeg((from.dec + to.dec) / 2) * 3600;
  return { east, north: (to.dec - from.dec) * 3600 };
}

/** Separation in arcseconds, for neighbours. */
export function separation(a: Position, b: Position): number {
  const { east, north } = tangent(a, b);
  return Math.sqrt(east * east + north * north);
}

const wrap = (ra: number): number => (ra < 0 ? ra + 360 : ra >= 360 ? ra - 360 : ra);
