// @module-tag long
import { describe, expect, it } from "vitest";
import { lombScargle } from "../../src/explore/lomb-scargle";
import { riseRate } from "../../src/explore/rise-rate";
import { needs } from "../helpers/data";
import { runPython } from "../helpers/python";
import { alertView, seeded } from "../plot/sample";

/** A sinusoid sampled as a survey does: one time a night at most, with gaps, and errors that differ. */
function sampled(count: number, periodDays: number, amplitude: number, seed: number, bands = ["g"]) {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, i) => {
    const mjdUtc = 60_000 + Math.floor(i * 1.7 + 3 * random()) + 0.3 * random();
    const magErr = 0.02 + 0.1 * random();
    const band = bands[i % bands.length]!;
    const noise = (random() + random() + random() - 1.5) * 2 * magErr;
    const level = 18 + 0.7 * bands.indexOf(band);
    return {
      mjdUtc,
      band,
      mag: level + amplitude * Math.sin((2 * Math.PI * mjdUtc) / periodDays) + noise,
      magErr,
    };
  });
}

const periodogram = `
import json, sys
import numpy
from astropy.timeseries import LombScargle
from astropy.timeseries.periodograms.lombscargle._statistics import fap_baluev
def answer(case):
    t, y, dy = (numpy.array(case[name]) for name in ("t", "y", "dy"))
    for band in set(case["band"]):
        chosen = numpy.array(case["band"]) == band
        if len(set(case["band"])) > 1: y[chosen] -= numpy.average(y[chosen], weights=dy[chosen] ** -2)
    frequency = numpy.array(case["frequency"])
    power = LombScargle(t, y, dy).power(frequency, method="chi2")
    # not by false_alarm_probability, which rounds the largest frequency to a grid of its own
    return {"power": power.tolist(), "fap": float(fap_baluev(power.max(), frequency.max(), t, y, dy))}
print(json.dumps([answer(case) for case in json.load(sys.stdin)]))`;

describe.skipIf(needs.python())("periods", () => {
  it("have the powers and the false-alarm probability of astropy", () => {
    const cases = [
      sampled(120, 0.5674, 0.4, 1),
      sampled(60, 3.21, 0.05, 2), // weak
      sampled(40, 1, 0, 3), // noise alone
      sampled(5, 0.7, 0.3, 4),
      sampled(150, 0.61803, 0.3, 5, ["g", "r"]), // two bands, each about its own mean
    ];
    const found = cases.map((points) => lombScargle(points, { minPeriodDays: 0.3, maxPeriodDays: 20 }));
    const input = cases.map((points, i) => ({
      t: points.map(({ mjdUtc }) => mjdUtc),
      y: points.map(({ mag }) => mag),
      dy: points.map(({ magErr }) => magErr),
      band: points.map(({ band }) => band),
      frequency: [...found[i]!.frequencies],
    }));
    const answers = JSON.parse(runPython(periodogram, [], JSON.stringify(input))) as { power: number[]; fap: number }[];
    expect(answers).toHaveLength(5);
    answers.forEach(({ power, fap }, i) => {
      const { powers, power: highest, falseAlarmProbability } = found[i]!;
      const worst = power.reduce((most, value, k) => Math.max(most, Math.abs(value - powers[k]!)), 0);
      expect(worst).toBeLessThan(1e-8);
      expect(highest).toBeCloseTo(Math.max(...power), 8);
      expect(Math.abs(falseAlarmProbability - fap)).toBeLessThan(1e-6 * fap + 1e-12);
    });
    expect(Math.abs(found[0]!.periodDays / 0.5674 - 1)).toBeLessThan(2e-3);
    expect(Math.abs(found[4]!.periodDays / 0.61803 - 1)).toBeLessThan(2e-3);
  });

  it("are of the signed flux where there is one", () => {
    const points = sampled(80, 0.42, 0.3, 6).map((point) => ({
      ...point,
      fluxNJy: 100 * (point.mag - 18),
      fluxErrNJy: 100 * point.magErr,
      mag: Math.abs(point.mag - 18),
    }));
    expect(Math.abs(lombScargle(points).periodDays / 0.42 - 1)).toBeLessThan(2e-3);
    expect(lombScargle(points, { measure: "mag" }).power).toBeLessThan(0.9 * lombScargle(points).power);
  });

  it("need points, times and limits", () => {
    const points = sampled(10, 0.5, 0.3, 7);
    expect(() => lombScargle(points.slice(0, 3))).toThrow(/4 points or more with a mag and its error, got 3/);
    expect(() => lombScargle(points.map((point) => ({ ...point, magErr: 0 })))).toThrow(/got 0/);
    expect(() => lombScargle(points.map((point) => ({ ...point, mjdUtc: 60_000 })))).toThrow(/more than one time/);
    expect(() => lombScargle(points, { minPeriodDays: 2, maxPeriodDays: 1 })).toThrow(/minPeriodDays < maxPeriodDays/);
    expect(() => lombScargle(points, { minPeriodDays: 1e-9 })).toThrow(/at most 1e9 sums/);
    expect(() => lombScargle("curve" as never)).toThrow(/Expected points/);
  });

  it("rise rates are those of numpy.polyfit", () => {
    const random = seeded(8);
    const detections = Array.from({ length: 9 }, (_, i) => ({
      ...alertView().history[0]!,
      mjdUtc: 60_000 + i + random(),
      ...{ band: "g", isPositive: true, mag: 20 - 0.2 * i + 0.1 * random(), magErr: 0.02 + 0.1 * random() },
    }));
    const rate = riseRate({ objectId: null, bands: ["g"], detections, upperLimits: [], forced: [] }, "g", { days: 99 });
    const script = `
import json, sys, numpy
p = json.load(sys.stdin)
t, m, e = (numpy.array([x[k] for x in p]) for k in ("mjdUtc", "mag", "magErr"))
fit, cov = numpy.polyfit(t - t.mean(), m, 1, w=1 / e, cov="unscaled")
chi2 = (((m - numpy.polyval(fit, t - t.mean())) / e) ** 2).sum() / (len(t) - 2)
print(json.dumps([-fit[0], cov[0, 0] ** 0.5, chi2]))`;
    const text = JSON.stringify(detections.map(({ mjdUtc, mag, magErr }) => ({ mjdUtc, mag, magErr })));
    const [slope, error, chi2] = JSON.parse(runPython(script, [], text));
    expect(rate.magPerDay).toBeCloseTo(slope, 10);
    expect(rate.magPerDayErr).toBeCloseTo(error, 10);
    expect(rate.reducedChi2).toBeCloseTo(chi2, 8);
  });
});
