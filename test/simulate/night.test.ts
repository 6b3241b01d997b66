import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import type { Alert } from "../../src/alert/alert";
import { groupByVisit } from "../../src/alert/visits";
import { BootcampError } from "../../src/errors";
import { simulateNight } from "../../src/simulate/night";
import { ZtfPackets } from "../../src/simulate/ztf-packet";
import { root } from "../helpers/data";

const night = simulateNight({ seed: 7 });
const visits = [...night.visits()];
const alerts = visits.flatMap((visit) => visit.alerts);
const truth = new Map(night.truth.map((row) => [row.alertId, row]));
const sha = (list: readonly Alert[]) =>
  list.reduce((hash, a) => hash.update(a.bytes), createHash("sha256")).digest("hex");

describe("the same seed", () => {
  it("gives the same bytes, today and on any machine", () => {
    // a change of the simulator changes this; then answers kept for the simulated night have to be looked at again
    expect(sha(alerts)).toMatchInlineSnapshot(`"98055f7c8a3c2934a6a9bb196498a91bad2c7c19a43f499162a9e5698ede0509"`);
  });

  it("gives them in any order and as often as asked", async () => {
    const again: Alert[] = [];
    for await (const visit of night) again.push(...visit.alerts);
    expect(sha(again)).toBe(sha(alerts));
    const fresh = simulateNight(); // seed 7 is the default
    expect(sha(await fresh.alerts().toArray())).toBe(sha(alerts));
  });

  it("makes no more packets than are asked for and a few ahead, however many a visit has", async () => {
    const made = vi.spyOn(ZtfPackets.prototype, "encode");
    const crowded = simulateNight({ seed: 7, alerts: 2000, visits: 1 });
    expect((await crowded.alerts().take(5).toArray()).length).toBe(5);
    expect(made.mock.calls.length).toBeLessThan(20);
    made.mockRestore();
  });

  it("is another night than another seed, and large seeds differ", () => {
    const few = (seed: number) =>
      sha([...simulateNight({ seed, alerts: 20, visits: 4 }).visits()].flatMap((v) => v.alerts));
    expect(new Set([0, 1, 7, 2 ** 32 + 7, Number.MAX_SAFE_INTEGER].map(few)).size).toBe(5);
  });

  it("rests on nothing that may differ between machines", () => {
    const folder = join(root, "src/simulate");
    const forbidden =
      /\bMath\.(random|exp|log|log2|log10|pow|sin|cos|tan|asin|acos|atan|atan2|cbrt|hypot)\b|\bDate\b|\*\*|performance\./;
    for (const name of readdirSync(folder).filter((n) => n.endsWith(".ts") && !n.endsWith(".test.ts"))) {
      const code = readFileSync(join(folder, name), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
      expect(`${name}: ${forbidden.exec(code)?.[0] ?? "nothing"}`).toBe(`${name}: nothing`);
    }
  });
});

describe("the shape of a night", () => {
  it.each([
    [240, 30],
    [1, 1],
    [3, 10],
    [37, 2],
    [150, 120],
  ])("has exactly %i alerts in %i visits", (count, visitCount) => {
    const made = simulateNight({ seed: 3, alerts: count, visits: visitCount });
    const list = [...made.visits()];
    expect(list.length).toBe(visitCount);
    expect(list.reduce((sum, v) => sum + v.alerts.length, 0)).toBe(count);
    expect(made.truth.length).toBe(count);
    if (count >= visitCount) expect(list.every((v) => v.alerts.length > 0)).toBe(true);
  });

  it("has visits in order of time, 40 s apart or more, named as the alerts name them", async () => {
    const grouped = [];
    for await (const visit of groupByVisit(alerts)) grouped.push(visit);
    expect(visits.map((v) => v.id)).toEqual(grouped.map((v) => v.id));
    for (const [i, visit] of visits.entries()) {
      expect(new Set(visit.alerts.map((a) => a.visitId))).toEqual(new Set([visit.id]));
      expect(new Set(visit.alerts.map((a) => a.field))).toEqual(new Set([visit.field]));
      if (i > 0) expect((visit.mjdUtc - visits[i - 1]!.mjdUtc) * 86400).toBeGreaterThan(35);
    }
    expect(visits.at(-1)!.mjdUtc - visits[0]!.mjdUtc).toBeLessThan(0.42); // one night
  });

  it("comes back to every field after half an hour or more", () => {
    const times = new Map<unknown, number[]>();
    for (const v of visits) times.set(v.field, [...(times.get(v.field) ?? []), v.mjdUtc]);
    for (const list of times.values())
      for (const [i, t] of list.entries()) if (i) expect(t - list[i - 1]!).toBeGreaterThan(1 / 48);
    expect(new Set(alerts.map((a) => a.band))).toEqual(new Set(["g", "r", "i"]));
  });

  it.each([
    [{ seed: -1 }, /seed/],
    [{ seed: 1.5 }, /seed/],
    [{ alerts: 0 }, /alerts/],
    [{ visits: 801 }, /visits .* 1 to 800, got 801/],
    [{ survey: "roman" as "ztf" }, /survey/],
    [{ nightMjd: Number.NaN }, /nightMjd/],
  ])("refuses %o", (options, message) => {
    const make = () => simulateNight(options);
    expect(make).toThrow(BootcampError);
    expect(make).toThrow(message);
  });
});

describe("truth", () => {
  it("knows every alert, in order", () => {
    expect(night.truth.map((row) => row.alertId)).toEqual(alerts.map((a) => a.alertId));
    for (const alert of alerts) {
      const row = truth.get(alert.alertId as bigint)!;
      expect([row.objectId, row.band, row.isReal]).toEqual([
        alert.objectId,
        alert.band,
        row.class === row.class.replace(/^(dipole|cosmicRay|edge)$/, ""),
      ]);
      expect(Math.abs(row.mjdUtc - alert.mjdUtc)).toBeLessThan(1e-6);
      expect(Math.abs(row.dec - alert.dec) * 3600).toBeLessThan(3);
      expect(row.trueFluxNJy > 0).toBe(alert.isPositive);
    }
  });

  it("holds every class, with periods and redshifts where they belong", () => {
    const counts = new Map(night.classes.map((c) => [c.class, c]));
    for (const [name, count] of counts) expect(`${name} ${count.sources > 0}`).toBe(`${name} true`);
    expect(counts.get("KN")!.sources).toBe(1);
    expect(counts.get("SNIa")!.sources).toBeGreaterThan(2);
    for (const row of night.truth) {
      expect(Number.isFinite(row.period)).toBe(["RRLyr", "EB", "CEP", "Mira"].includes(row.class));
      expect(Number.isFinite(row.redshift)).toBe(["SNIa", "SNII", "KN", "AGN"].includes(row.class));
      expect(row.firstMjdUtc).toBeLessThanOrEqual(row.mjdUtc);
    }
  });

  it.each(["real", "bogus"])("measures %s alerts within its errors: pulls of mean 0 and width 1", (kind) => {
    const pulls = [7, 8, 9].flatMap((seed) => {
      const { plan, truth: rows } = simulateNight({ seed });
      const seen = plan.detections.flat() as unknown as { mag: number; magErr: number }[];
      const all = rows.map((row, i) => ({ row, pull: (seen[i]!.mag - row.trueMag) / seen[i]!.magErr }));
      return all.filter(({ row }) => row.isReal === (kind === "real")).map(({ pull }) => pull);
    });
    const mean = pulls.reduce((s, x) => s + x, 0) / pulls.length;
    const width = Math.sqrt(pulls.reduce((s, x) => s + x * x, 0) / pulls.length);
    expect(pulls.length).toBeGreaterThan(500);
    expect(Math.abs(mean)).toBeLessThan(0.15); // faint ones are found when noise has made them brighter
    expect(width).toBeGreaterThan(0.93);
    expect(width).toBeLessThan(1.07);
  });

  it("has errors down to those of ZTF's brightest alerts, 0.024 mag, and none below", () => {
    const errors = alerts.map((a) => a.magErr);
    expect(Math.min(...errors)).toBeGreaterThan(0.0239);
    expect(Math.min(...errors)).toBeLessThan(0.028);
  });
});
