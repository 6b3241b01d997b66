import {
  arcsecPerRadian,
  checkRadius,
  radiansPerDegree,
  type SkyPosition,
  unitVector,
  vectorSeparationArcsec,
  wrapRa,
} from "../alert/sphere";
import { usageError } from "../errors";
import { expectArgument } from "../expect";

export { type SkyPosition, separationArcsec } from "../alert/sphere";

/**
 * Direction in which `to` lies as seen from `from`: degrees from north through east, 0 to 360.
 *
 * The usual four-part formula with 1 − cos Δα written as 2 sin²(Δα/2), so that arcsecond offsets do not cancel.
 *
 * @example
 * match.positionAngleDeg({ ra: 10, dec: 0 }, { ra: 11, dec: 0 }); // 90
 */
export function positionAngleDeg(from: SkyPosition, to: SkyPosition): number {
  expectArgument("place", from, "a position { ra, dec }");
  expectArgument("place", to, "a second position { ra, dec }");
  const deltaRa = (to.ra - from.ra) * radiansPerDegree;
  const dec1 = from.dec * radiansPerDegree;
  const dec2 = to.dec * radiansPerDegree;
  const east = Math.sin(deltaRa) * Math.cos(dec2);
  const north = Math.sin(dec2 - dec1) + 2 * Math.sin(dec1) * Math.cos(dec2) * Math.sin(deltaRa / 2) ** 2;
  const angle = Math.atan2(east, north) / radiansPerDegree;
  return angle < 0 ? angle + 360 : angle;
}

/**
 * The place at a distance and direction from another, along a great circle.
 *
 * @param by `distanceArcsec` in arcseconds, `positionAngle` in degrees from north through east
 * @example
 * match.offsetPosition({ ra: 0, dec: 0 }, { distanceArcsec: 3600, positionAngle: 90 }).ra; // 1
 */
export function offsetPosition(
  from: SkyPosition,
  by: { distanceArcsec: number; positionAngle: number },
): { ra: number; dec: number } {
  expectArgument("place", from, "a position { ra, dec }");
  expectArgument("object", by, "a distance and an angle { distanceArcsec, positionAngle }");
  const { distanceArcsec, positionAngle } = by;
  const distance = distanceArcsec / arcsecPerRadian;
  const angle = positionAngle * radiansPerDegree;
  const dec1 = from.dec * radiansPerDegree;
  const along = Math.sin(distance) * Math.cos(angle);
  const east = Math.sin(distance) * Math.sin(angle);
  const north = Math.cos(dec1) * Math.cos(distance) - Math.sin(dec1) * along;
  const up = Math.sin(dec1) * Math.cos(distance) + Math.cos(dec1) * along;
  return {
    ra: wrapRa(from.ra + Math.atan2(east, north) / radiansPerDegree),
    dec: Math.atan2(up, Math.hypot(east, north)) / radiansPerDegree,
  };
}

/** North galactic pole, ICRS degrees: The Hipparcos and Tycho Catalogues, ESA SP-1200, vol. 1, §1.5.3 (1997). */
const northGalacticPole = unitVector({ ra: 192.85948, dec: 27.12825 });

/**
 * Galactic latitude in degrees, −90 to 90: small where the Milky Way crowds the field with stars.
 *
 * @example
 * night.filter((alert) => Math.abs(match.galacticLatitude(alert)) > 20)
 */
export function galacticLatitude(position: SkyPosition): number {
  expectArgument("place", position, "a position { ra, dec }");
  const [x, y, z] = unitVector(position);
  const [px, py, pz] = northGalacticPole;
  return 90 - vectorSeparationArcsec(x, y, z, px, py, pz) / 3600;
}

/**
 * A test that is true for everything inside a cone on the sky, its edge included; false for a NaN position.
 *
 * @param cone its centre `ra`, `dec` in degrees, and `radiusArcsec`, 0 to 648,000
 * @throws USAGE for a centre or radius that is not on the sky
 * @example
 * const nearM31 = night.filter(match.inCone({ ra: 10.685, dec: 41.269, radiusArcsec: 3600 }));
 */
export function inCone(cone: SkyPosition & { radiusArcsec: number }): (position: SkyPosition) => boolean {
  expectArgument("place", cone, "a cone { ra, dec, radiusArcsec }");
  const { ra, dec, radiusArcsec } = cone;
  if (!Number.isFinite(ra)) throw usageError("ra in degrees", ra);
  if (!(Math.abs(dec) <= 90)) throw usageError("dec from -90 to 90 degrees", dec);
  checkRadius(radiusArcsec);
  const [x, y, z] = unitVector({ ra, dec });
  return (position) => vectorSeparationArcsec(x, y, z, ...unitVector(position)) <= radiusArcsec;
}
