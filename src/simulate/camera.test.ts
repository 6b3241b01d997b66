import { describe, expect, it } from "vitest";
import type { SkyField } from "./cadence";
import { channelHeight, channelWidth, offset, positionOf, separation, tangent } from "./camera";

const at = (id: number, ra: number, dec: number): SkyField => ({ id, ra, dec, density: 10 });
const field = at(505, 43.67912, 11.75);

describe("the camera", () => {
  it.each([
    // channel, x, y, ra, dec of public alerts; the small rotation and distortion of the real camera are left out here
    [field, 0, 1486.2, 1372.8, 46.99737, 9.36793],
    [field, 2, 1736.7, 3003.0, 46.039, 8.05235],
    [field, 3, 2837.8, 622.7, 46.60541, 8.71664],
    [field, 4, 216.4, 334.2, 45.47949, 9.66704],
    [at(537, 270.92622, 11.75), 14, 239.5, 2272.0, 268.07435, 8.23978],
    [at(550, 1.37527, 18.95), 8, 1865.8, 2819.0, 0.81429, 16.1457],
    [at(585, 252.57882, 18.95), 20, 1090.1, 95.2, 254.17862, 18.82782],
    [at(539, 284.87644, 11.75), 40, 2655.0, 211.5, 284.0932, 13.52557],
    [at(587, 267.11592, 18.95), 42, 638.2, 1173.4, 265.991, 19.58582],
    [at(588, 274.38447, 18.95), 60, 285.4, 1017.2, 272.27781, 22.4021],
  ])("puts pixels where public alerts have them, to 0.15° (%o, channel %i)", (of, rcid, x, y, ra, dec) => {
    expect(separation(positionOf(of, { rcid, x, y }), { ra, dec })).toBeLessThan(0.15 * 3600);
  });

  it("has 64 channels that do not overlap", () => {
    const centres = Array.from({ length: 64 }, (_, rcid) =>
      positionOf(field, { rcid, x: channelWidth / 2, y: channelHeight / 2 }),
    );
    for (const [i, a] of centres.entries()) {
      expect(separation(a, field)).toBeLessThan(5.3 * 3600);
      for (const b of centres.slice(i + 1)) {
        const { east, north } = tangent(a, b);
        expect(Math.max(Math.abs(east), Math.abs(north))).toBeGreaterThan(0.85 * 3600);
      }
    }
  });

  it("moves by arcseconds and back, also across RA 0", () => {
    for (const from of [field, { ra: 0.0001, dec: 60 }, { ra: 359.9999, dec: -30 }]) {
      const there = offset(from, 3, -4);
      expect(separation(from, there)).toBeCloseTo(5, 2);
      expect(tangent(from, there).east).toBeCloseTo(3, 2);
      expect(tangent(from, there).north).toBeCloseTo(-4, 2);
    }
  });
});
