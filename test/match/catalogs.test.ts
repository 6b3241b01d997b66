// @module-tag long
import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { Alert } from "../../src/alert/alert";
import { decodeAlert } from "../../src/alert/decode";
import type { Catalog } from "../../src/match/catalog";
import { crossmatch } from "../../src/match/crossmatch";
import { loadCatalog } from "../../src/match/load-catalog";
import { offsetPosition, separationArcsec } from "../../src/match/sky";
import { AlertStream } from "../../src/stream/alert-stream";
import { dataFolder, needs } from "../helpers/data";
import { runPython } from "../helpers/python";

interface Gcvs {
  ra: number;
  dec: number;
  VarType: string;
}

/** A linear congruential generator (Numerical Recipes), so that every run asks the same. */
let state = 59_099;
function random(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}

/** Places beside entries, on them, at the poles, at RA 0, and anywhere. */
function probes(catalog: Catalog<any>): { ra: number; dec: number }[] {
  const besides = Array.from({ length: 14 }, () => {
    const row = Math.floor(random() * catalog.length);
    const entry = { ra: catalog.ra[row]!, dec: catalog.dec[row]! };
    return offsetPosition(entry, { distanceArcsec: 10 ** (4 * random() - 2), positionAngle: 360 * random() });
  });
  const anywhere = Array.from({ length: 6 }, () => ({ ra: 360 * random(), dec: 180 * random() - 90 }));
  const special = [
    [0, 90],
    [123, -90],
    [359.9999, 89.99],
    [0, 0],
    [359.99999, 30],
    [0.00001, 30],
  ].map(([ra, dec]) => ({ ra: ra!, dec: dec! }));
  return [...besides, ...anywhere, ...special, { ra: catalog.ra[7]!, dec: catalog.dec[7]! }];
}

describe.skipIf(needs.data())("real catalogues", () => {
  let gcvs: Catalog<Gcvs>;
  let ngc: Catalog;
  beforeAll(async () => {
    gcvs = await loadCatalog<Gcvs>(dataFolder("catalogs", "gcvs.csv"));
    ngc = await loadCatalog(dataFolder("catalogs", "NGC.csv"), { onBadRow: "skip" });
  });

  it("are read whole: 59,099 variable stars, 13,969 NGC and IC entries of which 7 have no position", async () => {
    expect([gcvs.length, gcvs.skipped.count]).toEqual([59_099, 0]);
    expect([ngc.length + ngc.skipped.count, ngc.skipped.count]).toEqual([13_969, 7]);
    await expect(loadCatalog(dataFolder("catalogs", "NGC.csv"))).rejects.toThrow(
      /row \d+, column "RA": expected hh:mm:ss, got an empty cell \(7 of 13,969 rows are bad\)/,
    );
  });

  it("hold M 31 where it is, in both", () => {
    const m31 = { ra: 10.68479, dec: 41.26906 };
    expect(ngc.nearest(m31.ra, m31.dec, { radiusArcsec: 5 })?.row).toMatchObject({ Name: "NGC0224", M: "031" });
    // S Andromedae, the supernova of 1885, the first row of the file.
    expect(gcvs.nearest(m31.ra, m31.dec, { radiusArcsec: 30 })).toMatchObject({ index: 0, row: { VarType: "SNI" } });
  });

  it.each(["gcvs", "ngc"] as const)("answer as brute force does: %s", (which) => {
    const catalog: Catalog<any> = which === "gcvs" ? gcvs : ngc;
    for (const place of probes(catalog)) {
      const separations = Array.from(catalog.ra, (ra, row) => separationArcsec({ ra, dec: catalog.dec[row]! }, place));
      const order = Array.from(separations.keys()).sort((a, b) => separations[a]! - separations[b]! || a - b);
      for (const radiusArcsec of [1.5, 60, 7200, 648_000]) {
        const expected = separations[order[0]!]! <= radiusArcsec ? order[0]! : undefined;
        expect(catalog.nearest(place.ra, place.dec, { radiusArcsec })?.index).toBe(expected);
      }
      const within = catalog.within(place.ra, place.dec, { radiusArcsec: 7200 });
      expect(within.map(({ index }) => index)).toEqual(order.filter((row) => separations[row]! <= 7200));
    }
  });

  it("give the first of two entries at one place", () => {
    const seen = new Map<string, number>();
    let pairs = 0;
    gcvs.rows.forEach(({ ra, dec }, row) => {
      const first = seen.get(`${ra},${dec}`);
      if (first === undefined) seen.set(`${ra},${dec}`, row);
      else {
        pairs++;
        expect(gcvs.nearest(ra, dec, { radiusArcsec: 1 })?.index).toBe(first);
      }
    });
    expect(pairs).toBeGreaterThan(0);
  });

  it("match real ZTF alerts on a stream, each still an alert that decodes on demand", async () => {
    const files = readdirSync(dataFolder("ztf")).filter((name) => name.endsWith(".avro"));
    const alerts = files.map((name) => decodeAlert(readFileSync(dataFolder("ztf", name))));
    const matched = await AlertStream.from(() => alerts)
      .map(crossmatch(gcvs, { radiusArcsec: 2 }))
      .toArray();
    expect(matched).toHaveLength(115);
    let found = 0;
    matched.forEach((alert, n) => {
      expect(alert).toBeInstanceOf(Alert);
      expect(alert.packet.candidate.magpsf).toBe(alerts[n]!.packet.candidate.magpsf);
      expect(alert.bytes).toBe(alerts[n]!.bytes);
      const place = { ra: alerts[n]!.ra, dec: alerts[n]!.dec };
      const separations = gcvs.rows.map((row) => separationArcsec(row, place));
      const nearest = Math.min(...separations.filter((each) => each <= 2));
      expect(alert.match?.separationArcsec ?? Number.POSITIVE_INFINITY).toBe(nearest);
      if (alert.match !== null) found++;
    });
    expect(found).toBeGreaterThan(0);
  });

  it.skipIf(needs.python())("have the coordinates that astropy reads, and its neighbours and separations", () => {
    const places = probes(ngc);
    const script = `
import csv, json, sys
from astropy import units as u
from astropy.coordinates import SkyCoord
rows = [r for r in csv.DictReader(open(sys.argv[1], newline=""), delimiter=";") if r["RA"]]
sky = SkyCoord([r["RA"] for r in rows], [r["Dec"] for r in rows], unit=(u.hourangle, u.deg))
places = json.load(sys.stdin)
asked = SkyCoord([p["ra"] for p in places] * u.deg, [p["dec"] for p in places] * u.deg)
index, separation, _ = asked.match_to_catalog_sky(sky)
print(json.dumps({"names": [r["Name"] for r in rows], "ra": sky.ra.deg.tolist(), "dec": sky.dec.deg.tolist(),
  "nearest": [rows[i]["Name"] for i in index], "separation": separation.arcsec.tolist()}))
`;
    const oracle = JSON.parse(runPython(script, [dataFolder("catalogs", "NGC.csv")], JSON.stringify(places)));
    expect(ngc.rows.map((row) => row["Name"])).toEqual(oracle.names);
    oracle.ra.forEach((ra: number, row: number) => {
      expect(Math.abs(ngc.ra[row]! - ra)).toBeLessThan(1e-10);
      expect(Math.abs(ngc.dec[row]! - oracle.dec[row])).toBeLessThan(1e-10);
    });
    const found = places.map(({ ra, dec }) => ngc.nearest(ra, dec, { radiusArcsec: 648_000 })!);
    expect(found.map(({ row }) => row["Name"])).toEqual(oracle.nearest);
    found.forEach(({ separationArcsec: ours }, n) => {
      expect(Math.abs(ours - oracle.separation[n])).toBeLessThan(1e-6);
    });
  });
});
