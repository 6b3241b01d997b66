import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { handMade } from "../../test/helpers/handMade";
import { cut } from "./cut";
import { score, type TruthLabel } from "./score";

const truthRow = (alertId: number, objectId: string, kind: string, isReal = true): TruthLabel => ({
  alertId: BigInt(alertId),
  objectId,
  class: kind,
  isReal,
});
const alert = (id: number, mjdUtc: number, mag: number) => handMade({ alertId: BigInt(id), mjdUtc, mag });
const bright = cut("bright", (a) => a.mag, { below: 19 });

// One supernova seen four times and found at the third, one never found, one star found at once, two bogus.
const truth = [
  truthRow(1, "sn1", "SN Ia"),
  truthRow(2, "sn1", "SN Ia"),
  truthRow(3, "sn1", "SN Ia"),
  truthRow(4, "sn1", "SN Ia"),
  truthRow(5, "sn2", "SN Ia"),
  truthRow(6, "star", "RR Lyrae"),
  truthRow(7, "junk", "bogus", false),
  truthRow(8, "junk", "bogus", false),
  truthRow(9, "unseen", "SN Ia"),
];
const alerts = [
  // not in order of time
  alert(4, 60004.2, 18),
  alert(1, 60001.2, 20),
  alert(2, 60002.2, 19.5),
  alert(3, 60003.7, 18.5),
  alert(5, 60001.2, 21),
  alert(6, 60001.2, 15),
  alert(7, 60001.2, 17),
  alert(8, 60002.2, 22),
];

describe("score", () => {
  it("counts purity, completeness, nights and latency worked out by hand", async () => {
    const s = await score(bright, truth, alerts, { wanted: "SN Ia" });
    expect(s).toMatchObject({ alerts: 8, truePositives: 2, falsePositives: 2, falseNegatives: 3, trueNegatives: 1 });
    expect(s.purity).toBe(0.5);
    expect(s.completeness).toBe(0.4);
    expect(s.nights).toBe(4);
    expect(s.selectedPerNight).toBe(1);
    expect(s.latency).toMatchObject({ objects: 2, objectsSelected: 1, medianDetections: 3, maxDetections: 3 });
    expect(s.latency.medianDays).toBeCloseTo(2.5, 9);
    expect(s.notRead).toBe(1);
    expect(s.classes).toEqual([
      { class: "SN Ia", wanted: true, alerts: 5, selected: 2, objects: 2, objectsSelected: 1 },
      { class: "bogus", wanted: false, alerts: 2, selected: 1, objects: 1, objectsSelected: 1 },
      { class: "RR Lyrae", wanted: false, alerts: 1, selected: 1, objects: 1, objectsSelected: 1 },
    ]);
  });

  it("gives a class of which only some are wanted two lines, whichever comes first", async () => {
    const agn = [truthRow(1, "a", "AGN"), truthRow(2, "b", "AGN")];
    const both = [alert(1, 60001.2, 20), alert(2, 60001.2, 18)];
    for (const order of [both, both.toReversed()]) {
      const { classes, purity } = await score(bright, agn, order, { wanted: (row) => row.alertId === 2n });
      expect(purity).toBe(1);
      expect(classes.map((c) => [c.class, c.wanted, c.alerts, c.selected])).toEqual([
        ["AGN", true, 1, 1],
        ["AGN", false, 1, 0],
      ]);
    }
  });

  it("wants everything real unless told", async () => {
    const s = await score(bright, new Map(truth.map((row) => [row.alertId, row])), alerts);
    expect([s.truePositives, s.falsePositives, s.falseNegatives, s.trueNegatives]).toEqual([3, 1, 3, 1]);
    const some = await score(bright, truth, alerts, { wanted: (row) => row.class.startsWith("RR") });
    expect(some.truePositives).toBe(1);
  });

  it("keeps strangers and repeats out of the counts, and failures in", async () => {
    const failing = (a: { alertId: unknown }) => {
      if (a.alertId === 6n) throw new Error("no such field");
      return true;
    };
    const s = await score(failing, truth, [...alerts, alert(1, 60001.2, 20), alert(777, 60001, 1)]);
    expect(s).toMatchObject({ alerts: 8, repeated: 1, unlabelled: 1, failed: 1, falseNegatives: 1 });
    expect(inspect(s)).toContain("1 on which the filter failed: no such field");
  });

  it("has no purity when nothing is selected, and waits for async filters", async () => {
    const s = await score(async () => false, truth, alerts);
    expect(s.purity).toBeNaN();
    expect(s.completeness).toBe(0);
    expect(s.latency.medianDays).toBeNaN();
    expect(inspect(s)).toContain("purity – (0 of 0 selected)");
  });

  it("refuses an empty truth", async () => {
    await expect(score(bright, [], alerts)).rejects.toThrow("at least one truth row");
  });
});
