import { describe, expect, it } from "vitest";
import { alertView } from "../../test/plot/sample";
import { lightCurve } from "../alert/light-curve";
import { groupBy } from "./group-by";
import { phaseFold } from "./phase-fold";
import { riseRate } from "./rise-rate";

describe("groupBy", () => {
  it("keeps the order, ids beyond 2^53 apart, and rows without the field together", () => {
    const rows = [{ id: 2n ** 60n, n: 1 }, { id: 2n ** 60n + 1n, n: 2 }, { id: 2n ** 60n, n: 3 }, { n: 4 }] as {
      id?: bigint;
      n: number;
    }[];
    const groups = groupBy(rows, "id");
    expect([...groups].map(([id, members]) => [id, members.map(({ n }) => n)])).toEqual([
      [2n ** 60n, [1, 3]],
      [2n ** 60n + 1n, [2]],
      [undefined, [4]],
    ]);
    expect([...groupBy(rows, ({ n }) => n % 2 === 0).keys()]).toEqual([false, true]);
  });

  it("gives light curves in which a point of several histories is there once", () => {
    const alert = alertView();
    const [[, alerts]] = [...groupBy([alert, { ...alert }], "objectId")] as [[unknown, (typeof alert)[]]];
    expect(lightCurve(alerts).detections).toEqual(lightCurve(alert).detections);
  });

  it("says what it expects", () => {
    expect(() => groupBy(7 as never, "id" as never)).toThrow(/Expected rows to group, got 7/);
    expect(() => groupBy([{ a: 1 }], 7 as never)).toThrow(/Expected the name of a field/);
  });
});

describe("phaseFold", () => {
  it("has phases worked out by hand, from 0 up to but without 1", () => {
    const points = [{ mjdUtc: 60_003.5 }, { mjdUtc: 60_000 }, { mjdUtc: 59_999 - 1e-13 }, { mjdUtc: Number.NaN }];
    expect(phaseFold(points, 2, { epochMjd: 60_000 }).map(({ phase }) => phase)).toEqual([0, 0.5, 0.75]);
    expect(phaseFold([{ mjdUtc: -1e-20 }], 1, { epochMjd: 0 })[0]!.phase).toBeLessThan(1);
    expect(phaseFold([], 1)).toEqual([]);
    expect(() => phaseFold(points, 0)).toThrow(/periodDays above 0/);
  });
});

describe("riseRate", () => {
  const point = (mjdUtc: number, mag: number, magErr = 0.1, more = {}) => ({
    ...alertView().history[0]!,
    ...{ band: "g", isPositive: true, mjdUtc, mag, magErr, ...more },
  });
  const curve = (...detections: ReturnType<typeof point>[]) => ({ ...lightCurve(alertView()), detections });

  it("is positive while a source brightens, its error worked out by hand", () => {
    const rate = riseRate(curve(point(60_000, 20), point(60_002, 19)), "g");
    expect(rate.magPerDay).toBeCloseTo(0.5, 12);
    expect(rate.magPerDayErr).toBeCloseTo(Math.SQRT2 * 0.05, 12);
    expect(rate).toMatchObject({ band: "g", points: 2, spanDays: 2, reducedChi2: Number.NaN });
  });

  it("takes the last days of one band, and only what is brighter than the reference and has an error", () => {
    const detections = [
      point(59_900, 15),
      point(60_000, 20),
      point(60_001, 12, 0.1, { band: "r" }),
      point(60_001, 12, 0.1, { isPositive: false }),
      point(60_001, 12, Number.NaN),
      point(60_004, 18),
    ];
    expect(riseRate(curve(...detections), "g")).toMatchObject({ points: 2, magPerDay: 0.5 });
    expect(riseRate(curve(...detections), "g", { days: 200 }).points).toBe(3);
  });

  it("is NaN where there is no line", () => {
    expect(riseRate(curve(point(60_000, 20), point(60_000, 19)), "g").magPerDay).toBeNaN();
    expect(riseRate(curve(), "g")).toMatchObject({ points: 0, spanDays: 0, magPerDayErr: Number.NaN });
    expect(() => riseRate(curve(), "g", { days: 0 })).toThrow(/days above 0/);
    expect(() => riseRate({} as never, "g")).toThrow(/a light curve/);
  });
});
