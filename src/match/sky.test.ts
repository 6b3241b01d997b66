import { describe, expect, it } from "vitest";
import { wrapRa } from "../alert/sphere";
import { galacticLatitude, inCone, offsetPosition, positionAngleDeg, separationArcsec } from "./sky";

const at = (ra: number, dec: number) => ({ ra, dec });

describe("separationArcsec", () => {
  it("gives the published separation of Arcturus and Spica", () => {
    // Meeus, Astronomical Algorithms, 2nd ed., example 17.a: 32.7930°.
    expect(separationArcsec(at(213.9154, 19.1825), at(201.2983, -11.1614)) / 3600).toBeCloseTo(32.793, 4);
  });

  it.each([
    ["across RA 0", at(359.9999, 0), at(0.0001, 0), 0.72],
    ["over the north pole", at(10, 89.9999), at(190, 89.9999), 0.72],
    ["at the south pole, whatever the right ascension", at(10, -90), at(190, -90), 0],
    ["to the antipode", at(40, 30), at(220, -30), 648_000],
    ["a milliarcsecond in declination", at(100, 45), at(100, 45 + 0.001 / 3600), 0.001],
    ["a milliarcsecond on the equator", at(100, 0), at(100 + 0.001 / 3600, 0), 0.001],
  ])("%s", (_, a, b, expected) => {
    expect(separationArcsec(a, b)).toBeCloseTo(expected, 7);
    expect(separationArcsec(b, a)).toBeCloseTo(expected, 7);
  });

  it("is NaN for a place that is none", () => {
    expect(separationArcsec(at(Number.NaN, 0), at(0, 0))).toBeNaN();
  });
});

describe("positionAngleDeg and offsetPosition", () => {
  it.each([
    ["north", at(50, 10), at(50, 11), 0],
    ["east", at(50, 0), at(51, 0), 90],
    ["south", at(50, 10), at(50, 9), 180],
    ["west across RA 0", at(0.5, 0), at(359.5, 0), 270],
  ])("%s", (_, from, to, angle) => expect(positionAngleDeg(from, to)).toBeCloseTo(angle, 9));

  it("agree with each other everywhere, at any distance", () => {
    for (const from of [at(0, 0), at(359.9, 45), at(123, -89.9), at(10, 89.99999), at(200, 12)]) {
      for (const distanceArcsec of [0.5, 300, 36_000, 400_000]) {
        for (const positionAngle of [1, 89, 137, 271, 359]) {
          const to = offsetPosition(from, { distanceArcsec, positionAngle });
          expect(separationArcsec(from, to)).toBeCloseTo(distanceArcsec, 6);
          expect(positionAngleDeg(from, to)).toBeCloseTo(positionAngle, 2);
          expect(to.ra).toBeGreaterThanOrEqual(0);
          expect(to.ra).toBeLessThan(360);
        }
      }
    }
  });
});

describe("galacticLatitude", () => {
  it.each([
    ["M 31 (NED: −21.5733°)", at(10.68479, 41.26906), -21.5733],
    ["Sgr A* (Reid & Brunthaler 2004: −0.0462°)", at(266.41684, -29.00781), -0.0462],
  ])("%s", (_, place, latitude) => expect(galacticLatitude(place)).toBeCloseTo(latitude, 3));
});

describe("inCone", () => {
  const nearPole = inCone({ ra: 0, dec: 89.9, radiusArcsec: 720 });
  it("holds its edge and the far side of a pole", () => {
    expect(nearPole(at(180, 89.95))).toBe(true);
    expect(nearPole(at(180, 89.85))).toBe(false);
    expect(inCone({ ra: 0, dec: 0, radiusArcsec: 0 })(at(0, 0))).toBe(true);
  });
  it("holds no place that is none", () => expect(nearPole(at(Number.NaN, 89.9))).toBe(false));
  it.each([
    [{ ra: Number.NaN, dec: 0, radiusArcsec: 1 }, /ra in degrees, got NaN/],
    [{ ra: 0, dec: 91, radiusArcsec: 1 }, /dec from -90 to 90 degrees, got 91/],
    [{ ra: 0, dec: 0, radiusArcsec: -1 }, /radiusArcsec from 0 to 648000, got -1/],
  ])("refuses %o", (cone, message) => expect(() => inCone(cone)).toThrow(message));
});

describe("wrapRa", () => {
  it.each([
    [0, 0],
    [360, 0],
    [-1e-17, 0],
    [-10, 350],
    [725, 5],
  ])("%d is %d", (ra, expected) => expect(wrapRa(ra)).toBe(expected));
});
