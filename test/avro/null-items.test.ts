import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Alert } from "../../src/alert/alert";
import { apparentLightCurve } from "../../src/alert/apparent-curve";
import { decodeAlerts } from "../../src/alert/decode";
import { lightCurve } from "../../src/alert/light-curve";
import { needs, reportFile } from "../helpers/data";
import { runPython } from "../helpers/python";

/** How many items of each list of each record are not null, by fastavro. */
const count = `
import json, sys, fastavro
fastavro.read.LOGICAL_READERS.clear()
with open(sys.argv[1], "rb") as f:
    print(json.dumps([{k: len([x for x in v if x is not None]) for k, v in r.items() if isinstance(v, list)} for r in fastavro.reader(f)]))
`;
const files = ["nullitems", "null_fp", "null_lsst", "null_lsst_f", "null_elasticc", "null_roman", "null_winter"];

describe.skipIf(needs.reports() || needs.python())("null items in the lists of a packet", () => {
  it.each(files)("%s: are passed over, and all others are there", (file) => {
    const alerts: Alert[] = [...decodeAlerts(readFileSync(reportFile(`${file}.avro`)))];
    const counts: Record<string, number>[] = JSON.parse(runPython(count, [reportFile(`${file}.avro`)]));
    expect(alerts.length).toBeGreaterThan(0);
    for (const [n, alert] of alerts.entries()) {
      const of = (name: string) => counts[n]![name] ?? 0;
      const before = of("prv_candidates") + of("prvDiaSources") + of("prvDiaNondetectionLimits");
      expect(alert.history.length + alert.upperLimits.length).toBe(before);
      expect(alert.forced.length).toBe(of("fp_hists") + of("prvDiaForcedSources"));
      expect(lightCurve(alert).detections.length).toBeGreaterThan(0);
      if (alert.survey === "ztf") expect(apparentLightCurve(alert).length).toBeGreaterThan(0);
    }
  });
});
