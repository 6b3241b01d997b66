import { describe, expect, it } from "vitest";
import { needs } from "../../test/helpers/data";
import { runPython } from "../../test/helpers/python";
import { fluxToMag, magToFluxNJy } from "./photometry";
import { dateToMjd, jdToMjd, leapSecondsAtUtc, mjdTaiToUtc, mjdToDate, mjdToJd, mjdUtcToTai } from "./time";

describe("magnitudes and fluxes", () => {
  it("goes there and back", () => {
    const flux = magToFluxNJy(20.5, 0.07);
    const back = fluxToMag(flux.fluxNJy, flux.fluxErrNJy);
    expect(back.mag).toBeCloseTo(20.5, 12);
    expect(back.magErr).toBeCloseTo(0.07, 12);
  });

  it("has 1 nJy at 31.4 and 3,631 Jy near 0 mag", () => {
    expect(magToFluxNJy(31.4, 0).fluxNJy).toBeCloseTo(1, 12);
    expect(magToFluxNJy(0, 0).fluxNJy / 1e9).toBeCloseTo(3630.78, 2);
  });

  it("signs the flux of a fading source and not its error", () => {
    const fading = magToFluxNJy(18, 0.1, -1);
    expect(fading.fluxNJy).toBeLessThan(0);
    expect(fading.fluxErrNJy).toBeGreaterThan(0);
  });

  it("gives NaN for what is missing or has no magnitude", () => {
    expect(magToFluxNJy(null, 0.1)).toEqual({ fluxNJy: Number.NaN, fluxErrNJy: Number.NaN });
    expect(magToFluxNJy(18, null).fluxErrNJy).toBeNaN();
    expect(magToFluxNJy(18).fluxNJy).not.toBeNaN();
    for (const flux of [null, undefined, Number.NaN, 0, -5]) expect(fluxToMag(flux, 1).mag).toBeNaN();
  });

  it.skipIf(needs.python())("equals astropy", () => {
    const mags = [12.3, 17.123456, 20, 24.9];
    const script = `import sys, json, astropy.units as u
print(json.dumps([float((m*u.ABmag).to_value(u.nJy)) for m in json.loads(sys.argv[1])]))`;
    const expected: number[] = JSON.parse(runPython(script, [JSON.stringify(mags)]));
    mags.forEach((mag, i) => {
      expect(magToFluxNJy(mag, 0).fluxNJy / expected[i]!).toBeCloseTo(1, 9);
    });
  });
});

describe("time scales", () => {
  it("turns JD into MJD without losing the second", () => {
    expect(jdToMjd(2458226.7635764)).toBeCloseTo(58226.2635764, 9);
    expect(mjdToJd(58226.25)).toBe(2458226.75);
  });

  it("takes 37 s off TAI since 2017 and 36 s just before", () => {
    expect(mjdTaiToUtc(60000) - 60000).toBeCloseTo(-37 / 86400, 10);
    expect(mjdTaiToUtc(57753.9) - 57753.9).toBeCloseTo(-36 / 86400, 10);
    expect(mjdUtcToTai(mjdTaiToUtc(60123.456))).toBeCloseTo(60123.456, 9);
    expect(mjdTaiToUtc(Number.NaN)).toBeNaN();
    expect(leapSecondsAtUtc(Number.NaN)).toBeNaN();
  });

  it("knows dates", () => {
    expect(dateToMjd(new Date("2018-11-29T00:00:00Z"))).toBe(58451);
    expect(mjdToDate(58451.5).toISOString()).toBe("2018-11-29T12:00:00.000Z");
    expect(() => mjdToDate(Number.NaN)).toThrow("Expected a modified Julian date");
  });

  it.skipIf(needs.python())("equals astropy from 1972 on", () => {
    const mjds = [
      41317.5, 41500, 44000.25, 48804, 50083.5, 51179.1, 53736, 54832.9, 56109, 57203.1, 57754, 58451, 61095.5,
    ];
    const script = `import sys, json
from astropy.time import Time
print(json.dumps([float((Time(m, format="mjd", scale="tai") - Time(m, format="mjd", scale="utc")).sec) for m in json.loads(sys.argv[1])]))`;
    const expected: number[] = JSON.parse(runPython(script, [JSON.stringify(mjds)]));
    expect(mjds.map(leapSecondsAtUtc)).toEqual(expected.map((seconds) => Math.round(-seconds)));
  });
});

describe("a time that is no number", () => {
  it.each([
    ["mjdToJd", mjdToJd],
    ["jdToMjd", jdToMjd],
    ["mjdUtcToTai", mjdUtcToTai],
    ["mjdTaiToUtc", mjdTaiToUtc],
    ["mjdToDate", mjdToDate],
  ])("is refused by %s: text, as of a CSV file, would be joined and not added", (_name, convert) => {
    for (const time of ["60000", 60000n, null, undefined])
      expect(() => convert(time as any)).toThrow(expect.objectContaining({ code: "USAGE" }));
  });
});
