import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { Alert } from "../../src/alert/alert";
import { isStellar } from "../../src/alert/apparent";
import { apparentLightCurve } from "../../src/alert/apparent-curve";
import { decodeAlert } from "../../src/alert/decode";
import { lightCurve } from "../../src/alert/light-curve";
import { cut } from "../../src/select/cut";
import { funnel } from "../../src/select/funnel";
import { readyCuts } from "../../src/select/ready/registry";
import { score } from "../../src/select/score";
import { dataFolder, needs } from "../helpers/data";
import { runPython } from "../helpers/python";

let alerts: Alert[] = [];
const files = () => readdirSync(dataFolder("ztf")).filter((name) => name.endsWith(".avro"));

describe.skipIf(needs.data())("115 real ZTF alerts", () => {
  beforeAll(() => {
    alerts = files().map((name) => decodeAlert(readFileSync(dataFolder("ztf", name))));
  });

  it("39 are brighter than 16 and 61 are pure, as fastavro counts them", async () => {
    expect(alerts).toHaveLength(115);
    const bright = await funnel(
      alerts,
      cut("bright", (a) => a.mag, { below: 16 }),
    );
    expect(bright.selected).toBe(39);
    const pure = await funnel(alerts, readyCuts["ztf-purity"]);
    expect(pure).toMatchObject({ total: 115, selected: 61, failed: 0 });
    expect(pure.rows.reduce((sum, row) => sum + row.rejected, pure.selected)).toBe(115);
  });

  it("known asteroids are named and near; the text null is no name", () => {
    // Counted with fastavro: 17 alerts carry a number in ssnamenr, the other 98 the text "null" and −999.
    expect(alerts.filter((a) => a.packet.candidate.ssnamenr !== "null")).toHaveLength(17);
    expect(alerts.filter(readyCuts["ztf-solar-system"])).toHaveLength(17 - tooFar());
  });

  function tooFar() {
    return alerts.filter((a) => a.packet.candidate.ssdistnr > 5).length;
  }

  it("a filter is scored against truth that comes from the packets", async () => {
    const truth = alerts.map((a) => ({
      alertId: a.alertId!,
      objectId: a.objectId!,
      class: isStellar(a.packet.candidate) ? "star" : "other",
      isReal: true,
    }));
    const result = await score(readyCuts["ztf-star"], truth, alerts, { wanted: "star" });
    expect(result.alerts).toBe(115);
    expect(result.truePositives + result.falsePositives + result.falseNegatives + result.trueNegatives).toBe(115);
  });

  it.skipIf(needs.python())("light curves and apparent magnitudes equal a plain reading in Python", () => {
    const script = `
import sys, json, math, fastavro
out = {}
for path in json.loads(sys.argv[1]):
    for r in fastavro.reader(open(path, "rb")):
        rows = [r["candidate"]] + [p for p in (r["prv_candidates"] or []) if p["magpsf"] is not None]
        points = []
        for p in rows:
            m = None
            if p["magnr"] is not None and 0 <= p["distnr"] < 1.4:
                s = 1 if p["isdiffpos"] in ("t", "1") else -1
                f = 10 ** (-0.4 * p["magnr"]) + s * 10 ** (-0.4 * p["magpsf"])
                m = -2.5 * math.log10(f) if f > 0 else None
            points.append((round(p["jd"] - 2400000.5, 5), "gri"[p["fid"] - 1], p["magpsf"], m))
        limits = set((round(p["jd"] - 2400000.5, 5), p["fid"]) for p in (r["prv_candidates"] or []) if p["magpsf"] is None)
        forced = sum(1 for p in (r.get("fp_hists") or []) if p["forcediffimflux"] not in (None, -99999.0))
        out[str(r["candid"])] = [sorted(points, key=lambda p: (p[0], p[1])), len(limits), forced]
print(json.dumps(out))`;
    const paths = files().map((name) => dataFolder("ztf", name));
    const expected = JSON.parse(runPython(script, [JSON.stringify(paths)]));
    let corrected = 0;
    for (const alert of alerts) {
      const [points, limits, forced] = expected[String(alert.alertId)];
      const curve = lightCurve(alert);
      expect(curve.detections.map((d) => [Number(d.mjdUtc.toFixed(5)), d.band, d.mag])).toEqual(
        points.map((p: number[]) => p.slice(0, 3)),
      );
      expect(curve.upperLimits.length).toBeLessThanOrEqual(limits);
      expect(curve.forced).toHaveLength(forced);
      apparentLightCurve(alert).forEach((point, i) => {
        const magnitude = points[i][3];
        expect(point.isCorrected).toBe(magnitude !== null);
        if (magnitude === null) return;
        corrected++;
        expect(point.mag).toBeCloseTo(magnitude, 9);
      });
    }
    expect(corrected).toBeGreaterThan(100);
  });

  it("joins the 40 alerts of one object into one light curve without repeats", () => {
    const many = alerts.filter((a) => a.objectId === "ZTF21abiuvdk");
    expect(many.length).toBeGreaterThan(30);
    const joined = lightCurve(many);
    const candids = new Set(many.flatMap((a) => [a.alertId, ...a.history.map((d) => d.alertId)]));
    expect(joined.detections).toHaveLength(candids.size);
    expect([...joined.detections].sort((a, b) => a.mjdUtc - b.mjdUtc)).toEqual(joined.detections);
  });
});
