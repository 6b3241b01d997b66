import { separation, tangent } from "./camera";
import type { LsstDetection } from "./lsst-detect";
import { blankLsst, type LsstRow } from "./lsst-encode";
import { angleOf, cosDeg, log10, magOf, sin, TWO_PI } from "./numeric";
import type { Random } from "./random";

type Vector = readonly [number, number, number];

const radians = (degrees: number) => (degrees * TWO_PI) / 360;
const degrees = (angle: number) => (angle * 360) / TWO_PI;
const norm = ([x, y, z]: Vector) => Math.sqrt(x * x + y * y + z * z);
const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
/** Angle between two directions, degrees. */
const between = (a: Vector, b: Vector) => {
  const c = dot(a, b) / norm(a) / norm(b);
  return degrees(angleOf(c, Math.sqrt(Math.max(0, 1 - c * c))));
};
/** Longitude from 0 to 360 and latitude, degrees. */
const spherical = ([x, y, z]: Vector) => ({
  lon: (degrees(angleOf(x, y)) + 360) % 360,
  lat: degrees(angleOf(Math.sqrt(x * x + y * y), z)),
});
/** From equatorial axes to those of the Galaxy (Hipparcos catalogue, volume 1, equation 1.5.11). */
const galactic: readonly Vector[] = [
  [-0.0548755604, -0.8734370902, -0.4838350155],
  [0.4941094279, -0.44482963, 0.7469822445],
  [-0.867666149, -0.1980763734, 0.4559837762],
];
const obliquity = 23.4392911;

/** `ssSource` and `mpc_orbits` of a known asteroid: where it was expected, and the geometry of Sun, Earth and asteroid. */
export function solarSystemRows(random: Random, seen: LsstDetection, ids: { id: bigint; ssObjectId: bigint }) {
  const { source, exposure } = seen;
  const at = source.positionAt!(exposure.mjdUtc);
  const rangeAu = random.uniform(1.1, 2.4);
  const [sinE, cosE] = [sin(radians(obliquity)), cosDeg(obliquity)];
  const sky: Vector = [cosDeg(at.ra) * cosDeg(at.dec), sin(radians(at.ra)) * cosDeg(at.dec), sin(radians(at.dec))];
  const ecliptic: Vector = [sky[0], cosE * sky[1] + sinE * sky[2], cosE * sky[2] - sinE * sky[1]];
  // mean longitude of the Sun; good to two degrees, which nothing here depends on
  const sun = radians(280.46 + 0.98564736 * (exposure.mjdUtc - 51_544.5));
  const sunVector: Vector = [sin(sun + TWO_PI / 4), sin(sun), 0];
  const topo: Vector = [ecliptic[0] * rangeAu, ecliptic[1] * rangeAu, ecliptic[2] * rangeAu];
  const helio: Vector = [topo[0] - sunVector[0], topo[1] - sunVector[1], topo[2]];
  const helioRange = norm(helio);
  const { lon, lat } = spherical(ecliptic);
  const galaxy = spherical([dot(galactic[0]!, sky), dot(galactic[1]!, sky), dot(galactic[2]!, sky)]);
  const hour = source.positionAt!(exposure.mjdUtc + 1 / 24);
  const rate = tangent(at, hour); // arcseconds per hour
  const missed = tangent(at, seen);
  const designation = `2011 S${source.minorPlanet ?? source.index}`;
  const perDay = (arcsecPerHour: number) => (arcsecPerHour * 24) / 3600;
  const ss: LsstRow = {
    ...blankLsst("ssSource"),
    diaSourceId: ids.id,
    ssObjectId: ids.ssObjectId,
    designation,
    eclLambda: lon,
    eclBeta: lat,
    galLon: galaxy.lon,
    galLat: galaxy.lat,
    elongation: between(ecliptic, sunVector),
    phaseAngle: between(topo, helio),
    topoRange: rangeAu,
    helioRange,
    ephRa: at.ra,
    ephDec: at.dec,
    ephVmag: magOf(Math.abs(seen.trueNJy)) + 0.2,
    ephRate: perDay(Math.sqrt(rate.east * rate.east + rate.north * rate.north)),
    ephRateRa: perDay(rate.east),
    ephRateDec: perDay(rate.north),
    ephOffset: separation(at, seen),
    ephOffsetRa: missed.east,
    ephOffsetDec: missed.north,
    helio_x: helio[0],
    helio_y: helio[1],
    helio_z: helio[2],
    topo_x: topo[0],
    topo_y: topo[1],
    topo_z: topo[2],
    diaDistanceRank: 1,
  };
  const e = random.uniform(0.02, 0.25);
  const a = helioRange / (1 + e * random.uniform(-0.8, 0.8));
  const orbit: LsstRow = {
    ...blankLsst("mpc_orbits"),
    id: Number(source.minorPlanet ?? source.index),
    designation,
    packed_primary_provisional_designation: `K11S${source.minorPlanet ?? source.index}`,
    unpacked_primary_provisional_designation: designation,
    a,
    e,
    q: a * (1 - e),
    i: Math.abs(lat) + random.uniform(0, 12),
    node: random.uniform(0, 360),
    argperi: random.uniform(0, 360),
    mean_anomaly: random.uniform(0, 360),
    epoch_mjd: Math.floor(exposure.mjdUtc / 200) * 200,
    h: magOf(Math.abs(seen.trueNJy)) - 5 * log10(rangeAu * helioRange),
    g: 0.15,
    nopp: 3 + random.below(9),
    nobs_total: 40 + random.below(900),
  };
  return { ss, orbit };
}
