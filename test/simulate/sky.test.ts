// @module-tag long
import { describe, expect, it } from "vitest";
import type { Alert } from "../../src/alert/alert";
import { crossmatch } from "../../src/match/crossmatch";
import { catalogFromRows } from "../../src/match/load-catalog";
import { toCatalogCsv } from "../../src/simulate/catalog";
import { simulateNight } from "../../src/simulate/night";
import { toTruthCsv } from "../../src/simulate/truth";

const night = simulateNight({ seed: 11, alerts: 400, visits: 42 });
const alerts = [...night.visits()].flatMap((visit) => visit.alerts);
const truth = new Map(night.truth.map((row) => [row.alertId, row]));
const of = (alert: Alert) => truth.get(alert.alertId as bigint)!;
const byObject = new Map<unknown, Alert[]>();
for (const a of alerts) byObject.set(a.objectId, [...(byObject.get(a.objectId) ?? []), a]);

const separation = (a: { ra: number; dec: number }, b: { ra: number; dec: number }) => {
  const [p, q] = [a, b].map(({ ra, dec }) => {
    const [l, h] = [(ra * Math.PI) / 180, (dec * Math.PI) / 180];
    return [Math.cos(h) * Math.cos(l), Math.cos(h) * Math.sin(l), Math.sin(h)];
  }) as [number[], number[]];
  return 2 * Math.asin(Math.hypot(...p.map((x, i) => x - q[i]!)) / 2) * (180 / Math.PI) * 3600;
};

describe("histories", () => {
  it("hold tonight's earlier alerts of the object with the same values, and grow", () => {
    let repeats = 0;
    for (const list of byObject.values()) {
      for (const [i, later] of list.entries()) {
        expect(later.packet.candidate.ndethist - list[0]!.packet.candidate.ndethist).toBe(i);
        for (const earlier of list.slice(0, i)) {
          const found = later.history.filter((d) => d.alertId === earlier.alertId);
          expect(found.length).toBe(1);
          expect([found[0]!.mag, found[0]!.ra, found[0]!.isPositive]).toEqual([
            earlier.mag,
            earlier.ra,
            earlier.isPositive,
          ]);
          repeats++;
        }
      }
    }
    expect(repeats).toBeGreaterThan(60);
  });

  it("cover 30 days with detections above and non-detections below the limit, oldest first", () => {
    for (const alert of alerts) {
      const { candidate, prv_candidates: rows } = alert.packet;
      const times = rows.map((row: any) => row.jd);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(times[0]).toBeGreaterThan(candidate.jd - 30.5);
      expect(times.at(-1)).toBeLessThan(candidate.jd);
      expect(rows.length).toBeGreaterThan(10);
      for (const row of rows) {
        expect([row.candid === null, row.isdiffpos === null, row.ra === null, row.rb === null]).toEqual(
          Array(4).fill(row.magpsf === null),
        );
        if (row.magpsf !== null) expect(row.magpsf).toBeLessThan(row.diffmaglim + 0.15);
        expect([1, 2, 3]).toContain(row.fid);
      }
      const detections = rows.filter((row: any) => row.candid !== null);
      expect(candidate.ndethist).toBeGreaterThanOrEqual(detections.length + 1);
      expect(candidate.ncovhist).toBeGreaterThanOrEqual(candidate.ndethist);
      expect(candidate.jdstarthist).toBeLessThanOrEqual(detections[0]?.jd ?? candidate.jd);
      expect(candidate.jdendhist).toBe(candidate.jd);
      if (candidate.ndethist === detections.length + 1)
        expect(candidate.jdstarthist).toBe(detections[0]?.jd ?? candidate.jd);
    }
  });

  it("agree with forced photometry: where there is a detection, the same flux", () => {
    let compared = 0;
    for (const alert of alerts) {
      const forced = new Map(alert.packet.fp_hists.map((row: any) => [row.jd, row]));
      expect(forced.size).toBe(alert.packet.prv_candidates.length);
      for (const row of alert.packet.prv_candidates) {
        const fp: any = forced.get(row.jd);
        if (row.magpsf === null || fp.procstatus !== "0") continue;
        const flux = (/[t1]/.test(row.isdiffpos) ? 1 : -1) * 10 ** (0.4 * (fp.magzpsci - row.magpsf));
        expect(Math.abs(fp.forcediffimflux / flux - 1)).toBeLessThan(1e-4);
        compared++;
      }
      const states = new Set(alert.packet.fp_hists.map((row: any) => row.procstatus));
      expect([...states].every((s) => s === "0" || s === "61")).toBe(true);
    }
    expect(compared).toBeGreaterThan(1000);
  });

  it("let the period of RR Lyrae stars be found by brute force", () => {
    const other = simulateNight({ seed: 12, alerts: 400, visits: 42 });
    const rows = [...truth.values(), ...other.truth].filter((row) => row.class === "RRLyr");
    const lastOf = new Map(rows.map((row) => [row.objectId, row]));
    const all = [...alerts, ...[...other.visits()].flatMap((visit) => visit.alerts)];
    const stars = all.filter((a) => lastOf.get(a.objectId as string)?.alertId === a.alertId);
    const found = stars.filter(
      (a) => Math.abs(bestPeriod(a) / lastOf.get(a.objectId as string)!.period - 1) < 0.005,
    ).length;
    expect(stars.length).toBeGreaterThan(12);
    // a month from one site leaves a few stars with the alias of a day more or less
    expect(found / stars.length).toBeGreaterThan(0.7);
  });
});

/** Phase dispersion minimisation (Stellingwerf 1978) over 0.22–0.85 days: scatter within ten phase bins, per band. */
function bestPeriod(alert: Alert): number {
  const points = [...alert.forced, alert].filter((p) => Number.isFinite(p.fluxNJy) && p.band !== "i");
  let best = { period: Number.NaN, scatter: Number.POSITIVE_INFINITY };
  for (let frequency = 1 / 0.85; frequency < 1 / 0.22; frequency += 0.002) {
    let scatter = 0;
    for (const band of ["g", "r"]) {
      const list = points
        .filter((p) => p.band === band)
        .map((p) => ({ phase: (p.mjdUtc * frequency) % 1, flux: p.fluxNJy }));
      list.sort((a, b) => a.phase - b.phase);
      const mean = list.reduce((s, p) => s + p.flux, 0) / list.length;
      const variance = list.reduce((s, p) => s + (p.flux - mean) ** 2, 0);
      // string length: neighbours in phase are alike only at the right period
      scatter += list.reduce((s, p, i) => s + (p.flux - list[(i + 1) % list.length]!.flux) ** 2, 0) / variance;
    }
    if (scatter < best.scatter) best = { period: 1 / frequency, scatter };
  }
  return best.period;
}

describe("the catalogue", () => {
  const catalog = catalogFromRows(night.catalog);

  it("has the counterparts of real sources within half an arcsecond or so, with their types", () => {
    const real = alerts.filter((a) => ["RRLyr", "EB", "CEP", "Mira"].includes(of(a).class));
    const seen = new Set(real.map((a) => of(a).sourceId));
    const matched = real.map(crossmatch(catalog, { radiusArcsec: 1.5 }));
    const typed = matched.filter((a) => a.match?.row.type === of(a).type);
    expect(seen.size).toBeGreaterThan(15);
    expect(typed.length / real.length).toBeGreaterThan(0.75);
    expect(typed.length).toBeLessThan(real.length); // a few are left out
    const nearest = real
      .map((a) => a.packet.candidate.distpsnr1)
      .filter((d) => d > -999)
      .sort((a, b) => a - b);
    expect(nearest[Math.floor(nearest.length / 2)]).toBeGreaterThan(0.1);
    expect(nearest[Math.floor(nearest.length / 2)]).toBeLessThan(0.5);
  });

  it("agrees with distpsnr1, sgscore1 and srmag1 of the packets", () => {
    for (const alert of alerts) {
      const { candidate } = alert.packet;
      const near = night.catalog.filter((r) => Math.abs(r.dec - alert.dec) < 0.01);
      const row = near.find((r) => r.id === candidate.objectidps1);
      if (candidate.distpsnr1 === -999) {
        expect(near.filter((r) => r.kind !== "contaminant" && separation(r, alert) < 29.9)).toEqual([]);
        continue;
      }
      if (!row) continue; // one of the variable stars that were left out
      expect(Math.abs(separation(row, alert) - candidate.distpsnr1)).toBeLessThan(0.005);
      expect(Math.abs(row.mag - candidate.srmag1)).toBeLessThan(1e-5);
      const closer = night.catalog.filter(
        (r) => r.kind !== "contaminant" && separation(r, alert) < candidate.distpsnr1 - 0.01,
      );
      expect(closer).toEqual([]);
      if (row.kind === "star" && row.mag < 19 && candidate.sgscore1 !== 0.5)
        expect(candidate.sgscore1).toBeGreaterThan(0.5);
    }
  });

  it("leaves a few variable stars out or untyped, and holds all three kinds", () => {
    const kinds = new Set(night.catalog.map((row) => row.kind));
    expect(kinds).toEqual(new Set(["star", "galaxy", "contaminant"]));
    expect(new Set(night.catalog.map((row) => row.id)).size).toBe(night.catalog.length);
    const many = simulateNight({ seed: 2, alerts: 3000, visits: 60 });
    const stars = new Set(
      many.truth.filter((r) => ["RRLyr", "EB", "CEP", "Mira"].includes(r.class)).map((r) => r.sourceId),
    );
    const typed = many.catalog.filter((row) => /^(RRAB|RRC|EA|EW|DCEP|M)$/.test(row.type)).length;
    expect(typed / stars.size).toBeGreaterThan(0.78);
    expect(typed / stars.size).toBeLessThan(0.95);
  });

  it("is written as CSV that says the same", () => {
    const [header, first] = toCatalogCsv(night.catalog).split("\n");
    expect(header).toBe("id,ra,dec,kind,type,mag,redshift");
    expect(first!.startsWith(`${night.catalog[0]!.id},${night.catalog[0]!.ra.toFixed(7)},`)).toBe(true);
    const lines = toTruthCsv(night.truth).trim().split("\n");
    expect(lines.length).toBe(401);
    expect(lines[1]!.split(",").length).toBe(lines[0]!.split(",").length);
    expect(lines[1]).not.toContain("NaN");
  });
});

describe("what moves", () => {
  it("is a new object at every place, named by its minor planet", () => {
    const rocks = alerts.filter((a) => of(a).class === "asteroid");
    expect(new Set(rocks.map((a) => a.objectId)).size).toBe(rocks.length);
    for (const rock of rocks) {
      const { ssdistnr, ssnamenr, ssmagnr, ndethist } = rock.packet.candidate;
      expect(ssdistnr).toBeLessThan(5);
      expect(ssdistnr).toBeGreaterThanOrEqual(0);
      expect(ssnamenr).toMatch(/^\d+$/);
      expect(Math.abs(ssmagnr - rock.mag)).toBeLessThan(1.6);
      expect(ndethist).toBe(1);
      expect(rock.history).toEqual([]);
    }
    const moving = new Map<string, Alert[]>();
    for (const rock of rocks) moving.set(of(rock).sourceId, [...(moving.get(of(rock).sourceId) ?? []), rock]);
    const pairs = [...moving.values()].filter((list) => list.length > 1);
    expect(pairs.length).toBeGreaterThan(3);
    for (const [a, b] of pairs) expect(separation(a!, b!) / ((b!.mjdUtc - a!.mjdUtc) * 1440)).toBeGreaterThan(0.15); // ″/min
    const fixed = alerts.filter((a) => of(a).class !== "asteroid").map((a) => a.packet.candidate.ssdistnr);
    expect(fixed.filter((d) => d === -999).length / fixed.length).toBeGreaterThan(0.9);
    expect(fixed.some((d) => d === null)).toBe(true);
  });
});
