import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeAlerts } from "../../src/alert/decode";
import { readRa } from "../../src/alert/sphere";
import { loadCatalog } from "../../src/match/load-catalog";
import { finkKilonovaRate, magnitudeRate } from "../../src/select/ready/kilonova";
import { needs, reportFile } from "../helpers/data";
import { runPython } from "../helpers/python";

const alertIn = (name: string) => [...decodeAlerts(readFileSync(reportFile(name)))];

describe.skipIf(needs.reports())("right ascensions beyond 0 to 360", () => {
  it("are places in packets and in catalogues, and are found", async () => {
    const [over] = alertIn("ra360.avro");
    const [below] = alertIn("raneg.avro");
    expect(over!.ra).toBeCloseTo(1e-7, 9);
    expect(below!.ra).toBeCloseTo(359.5, 9);
    const wrap = await loadCatalog<{ name: string; ra: number }>(reportFile("wrap.csv"));
    expect([...wrap.ra]).toEqual([expect.closeTo(359.9999, 9), 179.9, 180.5]);
    expect(wrap.rows.map((row) => row.ra)).toEqual([-0.0001, 179.9, -179.5]); // as the file has them
    for (const turn of [-720, -360, 0, 360, 3600]) {
      expect(wrap.nearest(180.5 + turn, 30, { radiusArcsec: 1 })?.row.name).toBe("C");
      expect(wrap.nearest(-0.0001 + turn, 10, { radiusArcsec: 1 })?.row.name).toBe("A");
    }
    expect(wrap.nearest(over!.ra, over!.dec, { radiusArcsec: 1 })?.row.name).toBe("A");
    const beyond = await loadCatalog(reportFile("over.csv"));
    expect(beyond.nearest(97, 89.9, { radiusArcsec: 1 })?.row["name"]).toBe("A");
  });

  it("in radians from −π to π are refused as ever, not taken for degrees", async () => {
    const rows = Array.from({ length: 200 }, (_, n) => ({ ra: -3.1 + n * 0.031, dec: -1.5 + n * 0.015 }));
    await expect(loadCatalog(rows)).rejects.toThrow(/look like radians/);
  });

  it.skipIf(needs.python())("are the remainder that Python gives", () => {
    const values = [-1e-20, -0.0001, -180, -360, 360, 360.0000001, 457, 719.999, -12345.678, 1e9 + 0.25];
    const theirs: number[] = JSON.parse(
      runPython("import json, sys; print(json.dumps([x % 360 % 360 for x in json.loads(sys.argv[1])]))", [
        JSON.stringify(values),
      ]),
    );
    for (const [n, value] of values.entries()) expect(readRa(value)).toBeCloseTo(theirs[n]!, 9);
    expect([Number.NaN, Number.POSITIVE_INFINITY, -999, 99999].map(readRa)).toEqual(Array(4).fill(Number.NaN));
  });
});

describe.skipIf(needs.reports())("rates of change in packets", () => {
  it("mind the sign: from −18.0 to +18.0 mag is no rest", () => {
    for (const alert of alertIn("signflip.avro")) expect(magnitudeRate(alert)).toBe(Number.POSITIVE_INFINITY);
  });

  it("mind the error: two points of one minute are no rise", () => {
    for (const alert of alertIn("samenight.avro")) {
      expect(magnitudeRate(alert) > 0).toBe(false);
      expect(finkKilonovaRate(alert)).toBe(false);
    }
  });
});
