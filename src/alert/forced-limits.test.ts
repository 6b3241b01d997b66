import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { dataFolder, needs } from "../../test/helpers/data";
import { simulateNight } from "../simulate/night";
import { decodeAlert } from "./decode";
import { forcedLimits } from "./forced-limits";
import { lightCurve } from "./light-curve";

const point = (mjdUtc: number, fluxNJy: number, fluxErrNJy: number, band = "r") => ({
  mjdUtc,
  band,
  fluxNJy,
  fluxErrNJy,
});

describe("limits from forced photometry", () => {
  it("are 5 sigma in AB magnitudes, worked out by hand, where nothing was seen", () => {
    // 5 × 72.6 nJy = 363 nJy is AB 25.0: 31.4 − 2.5 log10(363) = 25.0002
    const forced = [point(60000, 10, 72.6), point(60001, 400, 72.6), point(60002, -900, 72.6), point(60003, 1, 0)];
    expect(forcedLimits(forced, [])).toEqual([{ mjdUtc: 60000, band: "r", mag: expect.closeTo(25.0002, 4) }]);
    expect(forcedLimits([point(60000, Number.NaN, 5), point(60000, 1, Number.NaN)], [])).toEqual([]);
  });

  it("are none where the same visit has a detection in that band", () => {
    const forced = [point(60000, 10, 50), point(60000, 10, 50, "g")];
    expect(forcedLimits(forced, [{ mjdUtc: 60000.000001, band: "r" }]).map(({ band }) => band)).toEqual(["g"]);
  });

  it("stand in the light curves of Rubin alerts, and not at the visits of their detections", () => {
    const night = simulateNight({ survey: "lsst", seed: 7, night: 3, alerts: 60, visits: 4, stamps: "none" });
    const alerts = [...night.visits()].flatMap((visit) => visit.alerts);
    let limits = 0;
    for (const alert of alerts) {
      const rows: any[] = alert.packet.prvDiaForcedSources ?? [];
      const faint = rows.filter((row) => Math.abs(row.psfFlux) < 5 * row.psfFluxErr);
      expect(alert.upperLimits.length).toBeLessThanOrEqual(faint.length);
      const { upperLimits, detections } = lightCurve(alert);
      const times = new Set(detections.map(({ mjdUtc, band }) => `${mjdUtc.toFixed(5)} ${band}`));
      for (const { mjdUtc, band } of upperLimits) expect(times).not.toContain(`${mjdUtc.toFixed(5)} ${band}`);
      limits += upperLimits.length;
    }
    expect(limits).toBeGreaterThan(0);
  });

  it.skipIf(needs.data())("leave ZTF its own", () => {
    const file = readdirSync(dataFolder("ztf")).find((name) => name.endsWith(".avro"))!;
    const alert = decodeAlert(readFileSync(dataFolder("ztf", file)));
    const rows = ((alert.packet.prv_candidates ?? []) as any[]).filter((row) => row.magpsf === null);
    expect(alert.upperLimits).toHaveLength(rows.length);
  });
});
