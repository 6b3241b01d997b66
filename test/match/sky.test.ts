import { beforeAll, describe, expect, it } from "vitest";
import { galacticLatitude, offsetPosition, positionAngleDeg, separationArcsec } from "../../src/match/sky";
import { needs } from "../helpers/data";
import { runPython } from "../helpers/python";

const corners = [0, 1e-9, 0.5, 90, 180, 213.9154, 359.9999999, 360];
const heights = [-90, -89.9999999, -45, -1e-9, 0, 19.1825, 89.99999, 90];
const places = corners.flatMap((ra, n) => heights.map((dec, m) => ({ ra: (ra + n * m * 1e-5) % 360.0001, dec })));
const pairs = places.flatMap((from, n) => [
  ...[1, 7, 23, 40].map((step) => ({ from, to: places[(n + step) % places.length]! })),
  { from, to: { ra: from.ra + 180, dec: -from.dec } },
  // A milliarcsecond and an arcminute away.
  { from, to: offsetPosition(from, { distanceArcsec: 0.001, positionAngle: 37 * n }) },
  { from, to: offsetPosition(from, { distanceArcsec: 60, positionAngle: 91 * n }) },
]);

describe.skipIf(needs.python())("sky geometry against astropy", () => {
  const script = `
import json, sys
from astropy import units as u
from astropy.coordinates import SkyCoord
pairs = json.load(sys.stdin)
at = lambda k: SkyCoord([p[k]["ra"] for p in pairs] * u.deg, [p[k]["dec"] for p in pairs] * u.deg)
a, b = at("from"), at("to")
print(json.dumps({"separation": a.separation(b).arcsec.tolist(), "angle": a.position_angle(b).deg.tolist(), "b": a.galactic.b.deg.tolist()}))
`;
  let oracle: { separation: number[]; angle: number[]; b: number[] };
  beforeAll(() => {
    oracle = JSON.parse(runPython(script, [], JSON.stringify(pairs)));
  });

  it("separations agree to a nanoarcsecond below a degree and to a microarcsecond anywhere", () => {
    pairs.forEach(({ from, to }, n) => {
      const expected = oracle.separation[n]!;
      expect(Math.abs(separationArcsec(from, to) - expected)).toBeLessThan(expected < 3600 ? 1e-9 : 1e-6);
    });
  });

  it("position angles agree where there is a direction", () => {
    pairs.forEach(({ from, to }, n) => {
      const separation = oracle.separation[n]!;
      if (separation < 1 || separation > 647_000 || Math.abs(from.dec) > 89.9999 || Math.abs(to.dec) > 89.9999) return;
      const difference = Math.abs(positionAngleDeg(from, to) - oracle.angle[n]!);
      expect(Math.min(difference, 360 - difference)).toBeLessThan(1e-7);
    });
  });

  it("galactic latitudes agree to 0.1″", () => {
    pairs.forEach(({ from }, n) => {
      expect(Math.abs(galacticLatitude(from) - oracle.b[n]!) * 3600).toBeLessThan(0.1);
    });
  });
});
