import { usageError } from "../errors";
import { expectArgument } from "../expect";

/** A place on the sky: right ascension and declination in degrees, ICRS. An alert is one. */
export interface SkyPosition {
  readonly ra: number;
  readonly dec: number;
}

export const radiansPerDegree = Math.PI / 180;
export const arcsecPerRadian = 3600 / radiansPerDegree;
/** No two places are further apart than this, 180°. */
export const maxSeparationArcsec = 648_000;

/**
 * Unit vector of a place: x towards RA 0, Dec 0; z towards the north pole.
 *
 * @param position degrees
 * @example
 * unitVector({ ra: 90, dec: 0 }); // [0, 1, 0] to 1e-16
 */
export function unitVector({ ra, dec }: SkyPosition): [number, number, number] {
  const vector: [number, number, number] = [0, 0, 0];
  writeUnitVector(vector, 0, ra, dec);
  return vector;
}

/** The same into an array that is there already, from index `at` on: for millions of places. */
export function writeUnitVector(into: { [index: number]: number }, at: number, ra: number, dec: number): void {
  const cosDec = Math.cos(dec * radiansPerDegree);
  into[at] = cosDec * Math.cos(ra * radiansPerDegree);
  into[at + 1] = cosDec * Math.sin(ra * radiansPerDegree);
  into[at + 2] = Math.sin(dec * radiansPerDegree);
}

/**
 * Separation of two unit vectors in arcseconds, as atan2(|a×b|, a·b): good to 1e-10″ at every separation, where the
 * arc cosine of the scalar product loses everything below 3 mas.
 */
export function vectorSeparationArcsec(ax: number, ay: number, az: number, bx: number, by: number, bz: number): number {
  const x = ay * bz - az * by;
  const y = az * bx - ax * bz;
  const z = ax * by - ay * bx;
  return Math.atan2(Math.sqrt(x * x + y * y + z * z), ax * bx + ay * by + az * bz) * arcsecPerRadian;
}

/**
 * Angle between two places on the sky, in arcseconds (0 to 648,000). Exact on the sphere: at the poles, across RA 0 and
 * at the antipode. NaN when a coordinate is NaN.
 *
 * @param a @param b right ascension and declination in degrees; an alert will do
 * @example
 * match.separationArcsec(alert, { ra: 10.6847, dec: 41.2688 }) < 5
 */
export function separationArcsec(a: SkyPosition, b: SkyPosition): number {
  expectArgument("place", a, "a position { ra, dec }");
  expectArgument("place", b, "a second position { ra, dec }");
  return vectorSeparationArcsec(...unitVector(a), ...unitVector(b));
}

/** Numbers beyond a turn that stand for "none" where a right ascension is written. */
const noRa = new Set([999, 9999, 99999].flatMap((none) => [none, -none]));

/**
 * The one rule for a right ascension that is read, in packets and catalogues: any finite number of degrees is taken modulo 360, so
 * that −180…180 and 360.0000001 are places; NaN for what is not finite and for ±999, ±9999 and ±99999.
 *
 * @example
 * readRa(-0.5); // 359.5
 */
export function readRa(degrees: number): number {
  if (degrees >= 0 && degrees < 360) return degrees;
  return Number.isFinite(degrees) && !noRa.has(degrees) ? wrapRa(degrees) : Number.NaN;
}

/** Right ascension brought into 0 ≤ ra < 360 degrees. */
export function wrapRa(ra: number): number {
  const wrapped = ra > -360 && ra < 360 ? ra : ra % 360; // the remainder of doubles is a slow instruction
  if (wrapped >= 0 || Number.isNaN(wrapped)) return wrapped;
  // A tiny negative value plus 360 rounds to 360 itself.
  const turned = wrapped + 360;
  return turned < 360 ? turned : 0;
}

/** Throws USAGE unless the radius is one that can be searched. */
export function checkRadius(radiusArcsec: number): void {
  if (!(radiusArcsec >= 0 && radiusArcsec <= maxSeparationArcsec))
    throw usageError(
      "radiusArcsec from 0 to 648000",
      radiusArcsec,
      "Give the radius in arcseconds: { radiusArcsec: 2 }",
    );
}
