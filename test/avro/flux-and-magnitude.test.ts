import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Alert } from "../../src/alert/alert";
import { decodeAlerts } from "../../src/alert/decode";
import { dataFolder, needs, reportFile } from "../helpers/data";

interface Measured {
  mag: number;
  fluxNJy: number;
  isPositive: boolean;
}
/** AB magnitude of a flux in nJy, written out here: m = 31.4 − 2.5 lg |f|. */
const abMag = (fluxNJy: number) => 31.4 - 2.5 * Math.log10(Math.abs(fluxNJy));

function alertsIn(...folder: string[]): Alert[] {
  const path = dataFolder(...folder);
  return readdirSync(path)
    .filter((name) => /\.avro(\.gz)?$/.test(name) && !name.includes("confluent"))
    .flatMap((name) => [...decodeAlerts(readFileSync(`${path}/${name}`))]);
}

describe.skipIf(needs.data())("in every adapter a flux gives back the magnitude, with its sign, or is missing", () => {
  it.each(["ztf", "lsst", "elasticc"])("%s", (survey) => {
    const points = alertsIn(survey).flatMap((alert): Measured[] => [alert, ...alert.history]);
    const known = points.filter(({ mag, fluxNJy }) => !Number.isNaN(mag) && !Number.isNaN(fluxNJy));
    expect(known.length).toBeGreaterThan(3);
    for (const { mag, fluxNJy, isPositive } of known) {
      expect(abMag(fluxNJy)).toBeCloseTo(mag, 4);
      expect(isPositive).toBe(fluxNJy > 0);
    }
  });
});

describe.skipIf(needs.reports())("in packets of others", () => {
  it.each(["null_roman", "null_winter", "spark-lsst"])("%s", (name) => {
    for (const alert of decodeAlerts(readFileSync(reportFile(`${name}.avro`)))) {
      for (const { mag, fluxNJy, isPositive } of [alert, ...alert.history]) {
        if (Number.isNaN(fluxNJy)) continue;
        expect(abMag(fluxNJy)).toBeCloseTo(mag, 1);
        expect(isPositive).toBe(fluxNJy > 0);
      }
    }
  });
});
