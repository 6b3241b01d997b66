import { describe, expect, it } from "vitest";
import { handMade, point } from "../../../test/helpers/handMade";
import { finkKilonovaEarly, finkKilonovaRate, magnitudeRate } from "./kilonova";

const at = (candidate: object, mag = 19, history = [point(60000, "g", 18.5), point(60000.2, "r", 17)]) =>
  handMade({
    mjdUtc: 60001,
    band: "g",
    mag,
    history,
    packet: { candidate: { drb: 0.95, ssdistnr: -999, ...candidate } },
  });

describe("fink-kilonova-rate", () => {
  it("takes the rate from the detection before in the same band, rising or fading", () => {
    expect(magnitudeRate(at({}))).toBeCloseTo(0.5, 12);
    expect(magnitudeRate(at({}, 18))).toBeCloseTo(0.5, 12);
    expect(magnitudeRate(at({}, 19, [point(60000, "r", 15)]))).toBeNaN();
    // one without a magnitude is none to compare with
    expect(magnitudeRate(at({}, 19, [point(60000, "g", 18.5), point(60000.5, "g", Number.NaN)]))).toBeCloseTo(0.5, 12);
  });

  it("is infinite through the reference, where the difference has no magnitude", () => {
    const [faded, brightened] = [false, true].map((isPositive) => point(60000, "g", 19, { isPositive }));
    expect(magnitudeRate(at({}, 19, [faded!]))).toBe(Number.POSITIVE_INFINITY);
    expect(magnitudeRate(at({}, 19, [brightened!]))).toBe(0);
  });

  it("takes no noise for a change: neither within an error nor within a quarter of an hour", () => {
    const since = (days: number, mag: number, magErr = 0.1) =>
      magnitudeRate(
        handMade({
          mjdUtc: 60001,
          band: "g",
          mag: 18.05,
          magErr,
          history: [point(60001 - days, "g", mag, { magErr })],
        }),
      );
    expect([since(1, 18), since(1, 18.18), since(1, 18, 0.01)]).toEqual([0, 0, expect.closeTo(0.05, 9)]);
    expect([since(1 / 1440, 17), since(0.02, 18.55)]).toEqual([Number.NaN, expect.closeTo(25, 6)]);
    // an older detection counts where the latest is too near
    const twice = [point(60000, "g", 18), point(60000.999, "g", 19)];
    expect(magnitudeRate(at({}, 19, twice))).toBeCloseTo(1, 9);
  });

  it.each([
    ["a fast fade", at({}), true],
    ["0.2 mag/d", at({}, 18.7), false],
    ["a low score", at({ drb: 0.9 }), false],
    ["an asteroid at 4″", at({ ssdistnr: 4 }), false],
    ["an asteroid at 11″", at({ ssdistnr: 11 }), true],
    ["no value for asteroids", at({ ssdistnr: null }), true],
    ["a first detection", at({}, 19, []), false],
    ["no score", at({ drb: null }), false],
  ])("judges %s", (_, alert, verdict) => expect(finkKilonovaRate(alert)).toBe(verdict));
});

describe("fink-kilonova-early", () => {
  // 40 Mpc is a distance modulus of 33.01: 17 mag there is −16.01
  const near = { separationKpc: 3, distanceMpc: 40, latitudeDeg: -25 };
  const seen = (age: number, mag = 17) =>
    handMade({ mag, packet: { candidate: { jd: 2460000, jdstarthist: 2460000 - age } } });
  it.each([
    ["one at 40 Mpc, seen for 0.1 d", seen(0.1), near, true],
    ["seen for 0.25 d", seen(0.25), near, false],
    ["too bright, −17.01", seen(0.1, 16), near, false],
    ["too faint, −14.51", seen(0.1, 18.5), near, false],
    ["11 kpc from the host", seen(0.1), { ...near, separationKpc: 11 }, false],
    ["in the galactic plane", seen(0.1), { ...near, latitudeDeg: 5 }, false],
    ["without a host", seen(0.1), null, false],
  ])("judges %s", (_, alert, host, verdict) => expect(finkKilonovaEarly(() => host)(alert)).toBe(verdict));
});
