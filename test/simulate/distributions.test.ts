import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Alert } from "../../src/alert/alert";
import { decodeAlert } from "../../src/alert/decode";
import { simulateNight } from "../../src/simulate/night";
import { dataFolder, needs } from "../helpers/data";

type Candidate = Record<string, number>;

/** Largest distance between two cumulative distributions (Kolmogorov and Smirnov). */
function ks(a: number[], b: number[]): number {
  const share = (list: number[], x: number) => list.filter((v) => v <= x).length / list.length;
  return Math.max(...[...a, ...b].map((x) => Math.abs(share(a, x) - share(b, x))));
}

const pure = (c: Candidate) =>
  c.rb! >= 0.65 && c.nbad === 0 && c.fwhm! <= 5 && c.elong! <= 1.2 && Math.abs(c.magdiff!) <= 0.1;

const nights = [7, 8, 9].map((seed) => {
  const night = simulateNight({ seed });
  const truth = new Map(night.truth.map((row) => [row.alertId, row]));
  const alerts = [...night.visits()].flatMap((visit) => visit.alerts);
  return { alerts, row: (a: Alert) => truth.get(a.alertId as bigint)! };
});
const simulated = (real: boolean): Candidate[] =>
  nights.flatMap(({ alerts, row }) => alerts.filter((a) => row(a).isReal === real).map((a) => a.packet.candidate));

/**
 * The real files lean to what people save: one supernova comes 34 times, some brokers' picks are all real. So each object counts
 * once, and those that ZTF's deep classifier takes for real (72) are compared with what is real here, the rest (9) with the artefacts.
 */
function publicAlerts(): { real: Candidate[]; bogus: Candidate[] } {
  const objects = new Map<unknown, Candidate>();
  for (const name of readdirSync(dataFolder("ztf")).sort()) {
    const alert = decodeAlert(readFileSync(dataFolder("ztf", name)));
    if (!objects.has(alert.objectId)) objects.set(alert.objectId, alert.packet.candidate);
  }
  const all = [...objects.values()];
  return { real: all.filter((c) => (c.drb ?? 0) > 0.5), bogus: all.filter((c) => !((c.drb ?? 0) > 0.5)) };
}

const absent = needs.data();
describe.skipIf(absent)("distributions, against public alerts", () => {
  const found = absent ? { real: [], bogus: [] } : publicAlerts();
  const [real, bogus] = [simulated(true), simulated(false)];
  const values = (list: Candidate[], name: string) =>
    list.map((c) => c[name]!).filter((v) => v !== undefined && v !== null);

  it("compares what it says", () => {
    expect([found.real.length, found.bogus.length]).toEqual([72, 9]);
  });

  // two samples of 72 and 570 from one distribution differ by more than 0.20 in 1 of 100 cases
  it.each(["rb", "fwhm", "elong", "magdiff", "magpsf", "drb", "classtar", "nneg", "seeratio", "aimage"])(
    "real alerts: %s within a KS distance of 0.20",
    (name) => {
      expect(ks(values(real, name), values(found.real, name))).toBeLessThan(0.2);
    },
  );

  it.each(["sigmapsf", "scorr", "diffmaglim", "chipsf"])("real alerts: %s within a KS distance of 0.35", (name) => {
    expect(ks(values(real, name), values(found.real, name))).toBeLessThan(0.35); // they follow from flux and depth
  });

  it.each(["rb", "fwhm", "elong", "magdiff", "magpsf"])("real alerts: quartiles of %s", (name) => {
    const at = (list: number[], q: number) => [...list].sort((a, b) => a - b)[Math.floor(q * list.length)]!;
    const [ours, theirs] = [values(real, name), values(found.real, name)];
    const width = at(theirs, 0.75) - at(theirs, 0.25);
    for (const q of [0.25, 0.5, 0.75]) expect(Math.abs(at(ours, q) - at(theirs, q))).toBeLessThan(0.35 * width);
  });

  // nine alerts can only tell a distribution that is far off: the 1 % point for 9 against 930 is 0.54
  it.each(["rb", "elong", "magdiff", "fwhm", "magpsf", "drb"])("artefacts: %s within a KS distance of 0.5", (name) => {
    expect(ks(values(bogus, name), values(found.bogus, name))).toBeLessThan(0.5);
  });

  it.each(["rb", "elong", "magdiff", "drb"])("would notice: artefacts are far from real alerts in %s", (name) => {
    expect(ks(values(bogus, name), values(found.real, name))).toBeGreaterThan(0.4);
  });
});

it("detects nothing more often than it looked there", () => {
  const large = [...simulateNight({ seed: 7, alerts: 2000, stamps: "none" }).visits()].flatMap(({ alerts }) => alerts);
  const candidates = large.map((a) => a.packet.candidate);
  expect(candidates.filter((c: Candidate) => c["ndethist"]! > c["ncovhist"]!)).toEqual([]);
});

describe("cuts of the field", () => {
  it.each(nights.map((n, i) => [i + 7, n] as const))(
    "night %i: the purity cut keeps 14–25 %%",
    (_, { alerts, row }) => {
      const kept = alerts.filter((a) => pure(a.packet.candidate));
      expect(kept.length / alerts.length).toBeGreaterThan(0.14);
      expect(kept.length / alerts.length).toBeLessThan(0.25);
      const realAmong = kept.filter((a) => row(a).isReal).length / kept.length;
      expect(realAmong).toBeGreaterThan(0.85); // what it is for
      expect(realAmong).toBeLessThan(1); // and no more than it can do
      const bright = alerts.filter((a) => a.mag < 16).length;
      expect(bright).toBeGreaterThan(15); // the night 20181129 had 33 of 499
      expect(bright).toBeLessThan(75);
    },
  );

  it("no single value tells artefacts from real alerts", () => {
    const [real, bogus] = [simulated(true), simulated(false)];
    const share = (list: Candidate[], test: (c: Candidate) => boolean) => list.filter(test).length / list.length;
    for (const test of [
      (c: Candidate) => c.rb! >= 0.65,
      (c: Candidate) => c.elong! <= 1.2,
      (c: Candidate) => Math.abs(c.magdiff!) <= 0.1,
      (c: Candidate) => c.fwhm! <= 5,
      (c: Candidate) => c.nbad === 0,
    ]) {
      expect(share(real, test)).toBeGreaterThan(0.6);
      expect(share(real, test)).toBeLessThan(1);
      expect(share(bogus, test)).toBeGreaterThan(0.05);
      expect(share(bogus, test)).toBeLessThan(0.97);
    }
  });

  // the ZTF transient and star notebooks' cuts, written out here for themselves
  it("finds supernovae as transients and variable stars as stars", () => {
    const transient = (a: Alert) => {
      const c = a.packet.candidate;
      const earlier = a.history.filter((d) => d.isPositive && a.mjdUtc - d.mjdUtc > 1 / 48);
      const moving = c.ssdistnr !== null && c.ssdistnr >= 0 && c.ssdistnr <= 5;
      const onStar = c.distpsnr1 >= 0 && c.distpsnr1 <= 1.5 && c.sgscore1 >= 0.5;
      return a.isPositive && !onStar && !moving && earlier.length > 0;
    };
    const star = (a: Alert) => {
      const { distpsnr1, sgscore1 } = a.packet.candidate;
      return distpsnr1 >= 0 && distpsnr1 < 1.5 && sgscore1 > 0.4;
    };
    const all = nights.flatMap(({ alerts, row }) => alerts.map((a) => ({ a, kind: row(a).class })));
    const share = (kinds: string[], test: (a: Alert) => boolean) => {
      const list = all.filter(({ kind }) => kinds.includes(kind));
      return list.filter(({ a }) => test(a)).length / list.length;
    };
    expect(share(["SNIa", "SNII"], transient)).toBeGreaterThan(0.6);
    expect(share(["asteroid"], transient)).toBe(0);
    expect(share(["cosmicRay", "edge"], transient)).toBe(0);
    expect(share(["RRLyr", "EB", "CEP", "Mira"], star)).toBeGreaterThan(0.85);
    expect(share(["SNIa", "SNII"], star)).toBeLessThan(0.3);
    expect(share(["RRLyr", "EB", "CEP", "Mira"], transient)).toBeLessThan(0.1);
  });

  it("has both signs, and nulls and sentinels where ZTF has them", () => {
    const all = nights.flatMap(({ alerts }) => alerts);
    const fading = all.filter((a) => a.packet.candidate.isdiffpos === "f").length / all.length;
    expect(fading).toBeGreaterThan(0.15);
    expect(fading).toBeLessThan(0.5);
    expect(all.some((a) => a.packet.candidate.ssnamenr === "null")).toBe(true);
    expect(all.some((a) => a.packet.candidate.ssnamenr === null)).toBe(true);
    expect(all.some((a) => a.packet.candidate.neargaiabright === -999)).toBe(true);
    const signs = new Set(all.flatMap((a) => a.packet.prv_candidates.map((p: any) => p.isdiffpos)));
    expect(signs).toEqual(new Set([null, "t", "f", "1", "0"]));
    expect(new Set(all.map((a) => a.packet.candidate.programid))).toEqual(new Set([1]));
  });
});
