// @module-tag long
import { describe, expect, it } from "vitest";
import type { Alert } from "../../src/alert/alert";
import { type SimulatedNight, simulateNight, simulateNights } from "../../src/simulate/night";

const size = { alerts: 200, visits: 20 };
const nights = [...simulateNights({ sky: 7, nights: 8, ...size })];
const alertsOf = (night: SimulatedNight): Alert[] => [...night.visits()].flatMap((visit) => visit.alerts);
const sent = nights.map(alertsOf);
const late = sent.at(-1)!;
const bySource = (night: SimulatedNight, names: readonly string[]) =>
  new Map(night.truth.filter((row) => names.includes(row.class)).map((row) => [row.sourceId, row]));
const share = (part: number, whole: number) => part / Math.max(1, whole);
const arcsec = (a: { ra: number; dec: number }, b: { ra: number; dec: number }) =>
  Math.hypot((a.ra - b.ra) * Math.cos((a.dec * Math.PI) / 180), a.dec - b.dec) * 3600;

/** Every id of a night that must belong to it, or to its sky, alone. */
function idsOf(night: SimulatedNight): { alerts: Set<unknown>; objects: Set<unknown>; sources: Set<string> } {
  const { truth } = night;
  const column = <K extends keyof (typeof truth)[0]>(name: K) => new Set(truth.map((row) => row[name]));
  return { alerts: column("alertId"), objects: column("objectId"), sources: column("sourceId") };
}
const common = (a: Set<unknown>, b: Set<unknown>) => [...a].filter((id) => b.has(id));

describe("two skies", () => {
  it.each(["ztf", "lsst"] as const)("of %s share no name and no id, whatever their size", (survey) => {
    const options = [
      ...[7, 8, 9, 53, 99].map((seed) => ({ seed })),
      { seed: 7, alerts: 600 },
      { seed: 7, nightMjd: 60_321 },
      { seed: 8, alerts: 3000, visits: 3 },
      { seed: 9, alerts: 3000, visits: 3 },
    ];
    const skies = options.map((one) => idsOf(simulateNight({ survey, ...one })));
    for (const [i, a] of skies.entries()) {
      for (const [j, b] of skies.slice(0, i).entries()) {
        expect(common(a.alerts, b.alerts)).toEqual([]);
        expect(common(a.objects, b.objects)).toEqual([]);
        // LSST looks at the sky of the usual ZTF night of a seed, whatever its own size
        if (survey === "ztf" || options[i]!.seed !== options[j]!.seed) expect(common(a.sources, b.sources)).toEqual([]);
      }
    }
  });

  it("share no id in their histories, and no minor planet", () => {
    const [a, b] = [7, 8].map((seed) => alertsOf(simulateNight({ seed, alerts: 150, visits: 15 })));
    const rows = (list: Alert[]) => new Set(list.flatMap((x) => x.packet.prv_candidates.map((p: any) => p.candid)));
    rows(a!).delete(null);
    expect(common(rows(a!), rows(b!)).filter((id) => id !== null)).toEqual([]);
    const planets = (list: Alert[]) =>
      new Set(list.filter((x) => x.packet.candidate.ssdistnr === 0).map((x) => x.packet.candidate.ssnamenr));
    expect(planets(a!).size).toBeGreaterThan(0);
    expect(common(planets(a!), planets(b!))).toEqual([]);
  });
});

describe("a crowded night", () => {
  it.each([
    ["ztf", 20_000, 1],
    ["ztf", 10_000, 1],
    ["lsst", 20_000, 1],
    ["lsst", 1, 160],
  ] as const)("of %s has exactly %i alerts in %i visits, each with its own id", (survey, alerts, visits) => {
    const night = simulateNight({ survey, alerts, visits });
    expect(night.alertCount).toBe(alerts);
    expect(new Set(night.truth.map((row) => row.alertId)).size).toBe(alerts);
  });

  it("is refused where the field has no room", () => {
    expect(() => simulateNight({ alerts: 20_001, visits: 1 })).toThrow(
      /at most 20000 alerts for each field, got 20001/,
    );
    expect(() => simulateNight({ survey: "lsst", alerts: 20_001, visits: 1 })).toThrow(/for each visit/);
  });
});

describe("nights of one sky", () => {
  it("are the same one by one as in a row, each with the alerts asked for", () => {
    const alone = simulateNight({ sky: 7, night: 3, ...size });
    expect(alone.nightMjd).toBe(60_322);
    expect(alertsOf(alone).map((a) => a.bytes.toString("latin1"))).toEqual(
      sent[2]!.map((a) => a.bytes.toString("latin1")),
    );
    expect(nights.map((night) => [night.night, night.alertCount, night.visitCount])).toEqual(
      nights.map((_, i) => [i + 1, 200, 20]),
    );
  });

  it("share no alert, and name what stays by one name at one place", () => {
    const ids = nights.flatMap((night) => night.truth.map((row) => row.alertId));
    expect(new Set(ids).size).toBe(ids.length);
    const first = new Map<string, (typeof nights)[0]["truth"][0]>();
    let again = 0;
    for (const row of nights.flatMap((night) => night.truth)) {
      if (row.class === "asteroid") continue;
      const known = first.get(row.sourceId);
      if (!known) first.set(row.sourceId, row);
      else {
        again++;
        const { objectId, ra, dec, class: name, type, period } = row;
        expect({ objectId, ra, dec, name, type, period }).toEqual({
          objectId: known.objectId,
          ra: known.ra,
          dec: known.dec,
          name: known.class,
          type: known.type,
          period: known.period,
        });
      }
    }
    expect(again).toBeGreaterThan(300);
    const names = new Map<unknown, string>();
    for (const { objectId, sourceId } of first.values()) {
      expect(names.get(objectId) ?? sourceId).toBe(sourceId);
      names.set(objectId, sourceId);
    }
  });

  it("have histories of what the nights before really sent, and of nothing else", () => {
    const all = new Map(sent.slice(0, -1).flatMap((list) => list.map((a) => [a.alertId, a] as const)));
    const start = nights[0]!.nightMjd;
    let found = 0;
    for (const alert of late) {
      for (const past of alert.history.filter((d) => d.mjdUtc >= start && d.mjdUtc < nights.at(-1)!.nightMjd)) {
        const then = all.get(past.alertId!);
        expect(then && [then.objectId, then.mag, then.ra, then.mjdUtc]).toEqual([
          alert.objectId,
          past.mag,
          past.ra,
          past.mjdUtc,
        ]);
        found++;
      }
      // and what was sent about the object is in its history
      const before = [...all.values()].filter((a) => a.objectId === alert.objectId);
      const ids = new Set(alert.history.map((d) => d.alertId));
      expect(before.filter((a) => !ids.has(a.alertId!))).toEqual([]);
    }
    expect(found).toBeGreaterThan(100);
  });

  it("count detections on: one more with each alert of an object", () => {
    const counts = new Map<unknown, number>();
    for (const alert of sent.flat()) {
      const { ndethist } = alert.packet.candidate;
      const known = counts.get(alert.objectId);
      if (known !== undefined) expect(ndethist).toBe(known + 1);
      counts.set(alert.objectId, ndethist);
    }
  });

  it("let variable stars go on in phase, and young supernovae rise", () => {
    const periodic = ["RRLyr", "EB", "CEP"];
    let compared = 0;
    const stars = nights.flatMap((night) => night.truth).filter((row) => periodic.includes(row.class));
    for (const row of stars) {
      // the same phase and band on other nights: the same light
      const same = stars.filter((other) => {
        const turns = (other.mjdUtc - row.mjdUtc) / row.period;
        const isSame = other.sourceId === row.sourceId && other !== row && other.band === row.band;
        return isSame && Math.abs(turns - Math.round(turns)) < 0.004;
      });
      for (const other of same) {
        expect(Math.abs(other.trueFluxNJy / row.trueFluxNJy - 1)).toBeLessThan(0.35);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(5);
    const [first, last] = [nights[0]!, nights.at(-1)!].map((night) => bySource(night, ["SNIa", "SNII"]));
    const new_ = [...last!.keys()].filter((id) => !first!.has(id));
    const changes = [...first!].flatMap(([id, row]) => {
      const later = last!.get(id);
      return later && later.band === row.band ? [later.trueFluxNJy / row.trueFluxNJy] : [];
    });
    expect(changes.length + new_.length).toBeGreaterThan(3);
    expect(changes.every((ratio) => ratio > 0.3 && ratio < 5)).toBe(true); // a week
  });

  it("let asteroids move on, a quarter of a degree a day at most", () => {
    const [first, second] = nights.map((night) => bySource(night, ["asteroid"]));
    const seenTwice = [...first!].filter(([id]) => second!.has(id));
    expect(seenTwice.length).toBeGreaterThan(2);
    for (const [id, row] of seenTwice) {
      const later = second!.get(id)!;
      const perMinute = arcsec(row, later) / ((later.mjdUtc - row.mjdUtc) * 1440);
      expect(perMinute).toBeGreaterThan(0.15);
      expect(perMinute).toBeLessThan(0.75);
      expect(later.objectId).not.toBe(row.objectId);
    }
    // its place on the camera is where its position says
    for (const a of sent[1]!.filter((x) => x.packet.candidate.ssdistnr === 0)) {
      expect(a.packet.candidate.mindtoedge).toBeGreaterThan(10);
      expect(a.history).toEqual([]);
    }
  });

  it("bring new sources every night, and keep the share of real ones", () => {
    const before = new Set<string>();
    for (const night of nights) {
      const real = night.truth.filter((row) => row.isReal);
      const fresh = real.filter((row) => !before.has(row.sourceId));
      expect(fresh.length).toBeGreaterThan(0);
      expect(share(real.length, night.alertCount)).toBeGreaterThan(0.3);
      expect(share(real.length, night.alertCount)).toBeLessThan(0.5);
      for (const row of real) before.add(row.sourceId);
    }
  });

  it("have one catalogue, which only grows", () => {
    const ids = nights.map((night) => new Map(night.catalog.map((row) => [row.id, row])));
    for (const [i, later] of ids.entries()) {
      if (i === 0) continue;
      expect(later.size).toBeGreaterThan(ids[i - 1]!.size);
      for (const [id, row] of ids[i - 1]!) expect(later.get(id)).toEqual(row);
    }
    const row = (alert: Alert) => nights.at(-1)!.catalog.find((r) => r.id === alert.packet.candidate.objectidps1);
    const bright = late.filter((a) => a.packet.candidate.distpsnr1 >= 0);
    const matched = bright.filter((a) => row(a));
    expect(share(matched.length, bright.length)).toBeGreaterThan(0.9);
    for (const alert of matched)
      expect(Math.abs(arcsec(row(alert)!, alert) - alert.packet.candidate.distpsnr1)).toBeLessThan(0.01);
  });

  it("of LSST go on as well: ids, histories and forced photometry", () => {
    const lsst = [...simulateNights({ sky: 7, nights: 3, survey: "lsst", alerts: 150, visits: 4, stamps: "none" })];
    const alerts = lsst.map(alertsOf);
    const ids = alerts.flat().map((a) => a.alertId);
    expect(new Set(ids).size).toBe(450);
    const earlier = new Map(alerts.slice(0, 2).flatMap((list) => list.map((a) => [a.alertId, a] as const)));
    let found = 0;
    for (const alert of alerts[2]!) {
      for (const past of alert.packet.prvDiaSources ?? []) {
        if (past.midpointMjdTai < 60_320 || past.midpointMjdTai > 60_321.9) continue;
        const then = earlier.get(past.diaSourceId);
        expect(then && [then.objectId, then.fluxNJy]).toEqual([alert.objectId, past.psfFlux]);
        found++;
      }
      const before = [...earlier.values()].filter((a) => a.objectId === alert.objectId && a.packet.ssSource === null);
      const held = new Set((alert.packet.prvDiaSources ?? []).map((p: any) => p.diaSourceId));
      expect(before.filter((a) => !held.has(a.alertId))).toEqual([]);
    }
    expect(found).toBeGreaterThan(50);
    const kept = new Set(lsst[0]!.truth.map((row) => row.sourceId));
    expect(lsst[2]!.truth.filter((row) => kept.has(row.sourceId)).length).toBeGreaterThan(40);
  });

  it.each([
    [{ night: 0 }, /night .* 1 to 100/],
    [{ night: 101 }, /night .* 1 to 100/],
    [{ sky: -1 }, /sky .* whole number/],
    [{ sky: 7, seed: 8 }, /sky and seed to be one number/],
    [{ nigth: 2 } as object, /options seed, sky, night/],
  ])("refuse %o", (options, message) => {
    expect(() => simulateNight(options)).toThrow(message);
  });

  it("refuse more nights than a season has", () => {
    expect(() => [...simulateNights({ nights: 101 })]).toThrow(/nights .* 1 to 100/);
    expect(() => [...simulateNights({ night: 90, nights: 12 })]).toThrow(/nights .* 1 to 11/);
  });
});
