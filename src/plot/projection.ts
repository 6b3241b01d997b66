const RADIANS = Math.PI / 180;

/** How the sky is laid flat. */
export type SkyProjection = "mollweide" | "aitoff";

/**
 * Projects a position of the whole sky to the plane, RA increasing to the left.
 *
 * Mollweide keeps areas; Aitoff keeps distances from the centre better. Formulas: Snyder, "Map Projections: A Working
 * Manual" (USGS PP 1395), chapters 31 and 15.
 *
 * @param ra @param dec degrees
 * @param centreRa RA in the middle of the map, degrees
 * @returns [x, y]: Mollweide within ±2√2 and ±√2, Aitoff within ±π and ±π/2
 */
export function project(ra: number, dec: number, projection: SkyProjection, centreRa = 180): [number, number] {
  const longitude = wrap(ra - centreRa) * RADIANS;
  const latitude = Math.max(-90, Math.min(90, dec)) * RADIANS;
  const [x, y] = projection === "mollweide" ? mollweide(longitude, latitude) : aitoff(longitude, latitude);
  return [-x, y];
}

/** To −180 … 180 degrees. */
export function wrap(degrees: number): number {
  const turned = ((((degrees + 180) % 360) + 360) % 360) - 180;
  // The right edge of a map is +180, not −180, so that a meridian drawn there stays there.
  return turned === -180 && degrees > 0 ? 180 : turned;
}

function mollweide(longitude: number, latitude: number): [number, number] {
  const target = Math.PI * Math.sin(latitude);
  let theta = latitude;
  // Newton's method; at the poles the derivative vanishes and theta = latitude is exact.
  for (let turn = 0; turn < 50 && Math.abs(Math.abs(latitude) - Math.PI / 2) > 1e-9; turn++) {
    const step = (2 * theta + Math.sin(2 * theta) - target) / (2 + 2 * Math.cos(2 * theta));
    theta -= step;
    if (Math.abs(step) < 1e-12) break;
  }
  return [((2 * Math.SQRT2) / Math.PI) * longitude * Math.cos(theta), Math.SQRT2 * Math.sin(theta)];
}

function aitoff(longitude: number, latitude: number): [number, number] {
  const alpha = Math.acos(Math.cos(latitude) * Math.cos(longitude / 2));
  const ratio = alpha < 1e-9 ? 1 : alpha / Math.sin(alpha);
  return [2 * Math.cos(latitude) * Math.sin(longitude / 2) * ratio, Math.sin(latitude) * ratio];
}
