import { describe, expect, it } from "vitest";
import { handMade, point, ztfAlert } from "../../../test/helpers/handMade";
import type { AlertView } from "../../alert/types";
import type { Verdict } from "../verdict";
import { readyCut, readyCuts } from "./registry";

type Name = keyof typeof readyCuts;
type Case = [name: Name, candidate: Record<string, unknown>, verdict: Verdict, values?: Partial<AlertView>];
const jd = 2460229.9;
const mjd = jd - 2400000.5;
const earlier = (minutes: number, more = {}) => ({ history: [point(mjd - minutes / 1440, "r", 18.6, more)] });

/** Every row was judged by reading the published cut, not by running this one. */
const cases: Case[] = [
  ["ztf-purity", {}, "passed"],
  ["ztf-purity", { rb: 0.65, fwhm: 5, elong: 1.2, magdiff: -0.1 }, "passed"],
  ["ztf-purity", { rb: 0.6499 }, "failed"],
  ["ztf-purity", { rb: null }, "missing"],
  ["ztf-purity", { magdiff: null }, "missing"],
  ["ztf-purity", { magdiff: -0.11 }, "failed"],
  ["ztf-purity", { nbad: 1 }, "failed"],
  ["ztf-purity", { nbad: 1, rb: null }, "failed"],
  // The positive subtraction in all its spellings.
  ["ztf-transient", { isdiffpos: "t" }, "passed"],
  ["ztf-transient", { isdiffpos: "1" }, "passed"],
  ["ztf-transient", { isdiffpos: "f" }, "failed"],
  ["ztf-transient", { isdiffpos: "0" }, "failed"],
  ["ztf-transient", { isdiffpos: null }, "failed"],
  ["ztf-transient", { isdiffpos: null }, "missing", { history: [1, 2].map((d) => point(mjd - d, "r", 18)) }],
  // Solar-System objects: null, −999 and more than 5″ are none.
  ["ztf-transient", { ssdistnr: null }, "passed"],
  ["ztf-transient", { ssdistnr: -999 }, "passed"],
  ["ztf-transient", { ssdistnr: 5.01 }, "passed"],
  ["ztf-transient", { ssdistnr: 5 }, "failed"],
  ["ztf-transient", { ssdistnr: 0 }, "failed"],
  // Stars.
  ["ztf-transient", { distpsnr1: null, sgscore1: null }, "passed"],
  ["ztf-transient", { distpsnr1: -999 }, "passed"],
  ["ztf-transient", { distpsnr1: 1.5 }, "failed"],
  ["ztf-transient", { distpsnr1: 0.5, sgscore1: 0.49 }, "passed"],
  ["ztf-transient", { distpsnr1: 0.5, sgscore1: null }, "missing"],
  // Two positive detections 30 minutes apart; exactly one earlier detection is the case that the notebook loses.
  ["ztf-transient", {}, "passed", earlier(31)],
  ["ztf-transient", {}, "failed", earlier(29)],
  ["ztf-transient", {}, "failed", earlier(1440, { isPositive: false })],
  ["ztf-transient", {}, "failed", { history: [] }],
  ["ztf-transient", {}, "passed", { history: [20, 40].map((m) => point(mjd - m / 1440, "g", 18)) }],
  ["ztf-star", { distpsnr1: 0.2, sgscore1: 0.41 }, "passed"],
  ["ztf-star", { distpsnr1: 1.5, sgscore1: 0.9 }, "failed"],
  ["ztf-star", { distpsnr1: 0.2, sgscore1: 0.4 }, "failed"],
  ["ztf-star", { distpsnr1: -999, sgscore1: 0.9 }, "missing"],
  ["ztf-solar-system", {}, "failed"],
  ["ztf-solar-system", { ssdistnr: 0, ssnamenr: "110778" }, "passed"],
  ["ztf-solar-system", { ssdistnr: 3, ssnamenr: "null" }, "failed"],
  ["ztf-solar-system", { ssdistnr: 3, ssnamenr: null }, "failed"],
  ["ztf-solar-system", { ssdistnr: -999, ssnamenr: "110778" }, "missing"],
  ["ztf-solar-system", { ssdistnr: 6, ssnamenr: "110778" }, "failed"],
  ["fink-quality", { rb: 0.55 }, "passed"],
  ["fink-quality", { rb: 0.54 }, "failed"],
  ["fink-rock", { ssdistnr: 5, ndethist: 5 }, "passed"],
  ["fink-rock", { ssdistnr: 5, ndethist: 6 }, "failed"],
  ["fink-rock", {}, "missing"],
  ["fink-rock-candidate", { ndethist: 2 }, "passed", earlier(29)],
  ["fink-rock-candidate", { ndethist: 2 }, "failed", earlier(31)],
  ["fink-rock-candidate", { ndethist: 3 }, "failed", earlier(29)],
  ["fink-rock-candidate", { ndethist: 2, distpsnr1: 4.9 }, "failed", earlier(29)],
  ["fink-rock-candidate", { ndethist: 1, distpsnr1: -999 }, "passed", { history: [] }],
  ["boom-rock", { ssdistnr: 12, ssmagnr: 17 }, "passed"],
  ["boom-rock", { ssdistnr: 12.1, ssmagnr: 17 }, "failed"],
  ["boom-rock", { ssdistnr: 3, ssmagnr: -999 }, "failed"],
  ["stationary", {}, "passed", earlier(15)],
  ["stationary", {}, "failed", earlier(14)],
  ["fink-stationary", {}, "passed", earlier(29)],
  ["fink-stationary", {}, "failed", earlier(28)],
  ["boom-star", { distpsnr1: 2, sgscore1: 0.77 }, "passed"],
  ["boom-star", { distpsnr1: 2.01, sgscore1: 0.99 }, "failed"],
  ["boom-star", { distpsnr1: 0.9, sgscore1: 0.21, srmag1: 20, szmag1: 16.9 }, "passed"],
  ["boom-star", { distpsnr1: 0.9, sgscore1: 0.21, srmag1: 20, szmag1: 17.1, simag1: 16.9 }, "passed"],
  ["boom-star", { distpsnr1: 0.9, sgscore1: 0.2, srmag1: 20, szmag1: 16 }, "failed"],
  ["boom-star", { distpsnr1: 0.9, sgscore1: 0.3, srmag1: 20, szmag1: -999, simag1: 19 }, "missing"],
  ["boom-bright-star", { neargaiabright: 20, maggaiabright: 12 }, "passed"],
  ["boom-bright-star", { distpsnr2: 20, srmag2: 15, sgscore2: 0.5 }, "passed"],
  ["boom-bright-star", { distpsnr1: 3, srmag1: 15.1 }, "failed"],
  ["boom-fast", {}, "passed"],
  ["boom-fast", { jdstarthist: jd - 7.1 }, "failed"],
  ["boom-fast", { jdstarthist: null }, "missing"],
  ["boom-fast", { drb: null }, "missing"],
  ["boom-fast", { sgscore1: 0.77, distpsnr1: 1.9 }, "failed"],
  ["boom-fast", { sgscore1: 0.76, distpsnr1: 0 }, "passed"],
  ["boom-fast", { ncovhist: 3 }, "failed"],
  ["boom-general", {}, "passed"],
  ["boom-general", { magap: 19.25 }, "failed"],
  ["boom-general", { magap: null }, "missing"],
  ["boom-general", { ssdistnr: 3, ssmagnr: 18 }, "failed"],
  ["boom-general", { ssdistnr: 3, ssmagnr: null }, "passed"],
  ["boom-general", { nbad: 5 }, "failed"],
  ["babamul-ztf", { drb: 0.2 }, "passed"],
  ["babamul-ztf", { programid: 2 }, "failed"],
  ["babamul-young", { jdstarthist: jd - 30.5 }, "failed"],
  ["babamul-young", {}, "passed"],
  ["bright-transients", {}, "passed"],
  ["bright-transients", { magpsf: 19.8 }, "failed"],
  ["bright-transients", { ndethist: 201 }, "failed"],
  ["bright-transients", { drb: 0.79 }, "failed"],
  // A plain ZTF packet has no scores of Fink.
  ["fink-early-sn", {}, "missing"],
];

const enriched = { snn_snia_vs_nonia: 0.6, snn_sn_vs_all: 0.1, cdsxmatch: "Unknown", rf_snia_vs_nonia: 0.7, roid: 0 };
const scores = (more = {}) => ({ packet: { ...enriched, rf_kn_vs_nonkn: 0.6, ...more } });
const curve = (n: number) => [..."gr"].flatMap((b) => Array.from({ length: n }, (_, i) => point(mjd - i - 1, b, 18)));
const enrichedCases: Case[] = [
  ["fink-early-sn", {}, "passed", scores()],
  ["fink-early-sn", {}, "failed", scores({ snn_snia_vs_nonia: 0.5 })],
  ["fink-early-sn", {}, "failed", scores({ cdsxmatch: "RRLyr" })],
  ["fink-early-sn", { ndethist: 21 }, "failed", scores()],
  ["fink-sn", {}, "passed", scores({ rf_snia_vs_nonia: 0 })],
  ["fink-sn", { jdstarthist: jd - 91 }, "failed", scores()],
  ["fink-sn", { ndethist: 1 }, "failed", scores()],
  ["fink-kilonova", {}, "passed", scores()],
  ["fink-kilonova", {}, "failed", scores({ roid: 3 })],
  ["fink-kilonova", { jdstarthist: jd - 5 }, "failed", scores()],
  ["fink-kilonova-rate", { drb: 0.91, ssdistnr: -999 }, "passed", { mag: 18, history: [point(mjd - 1, "r", 17.6)] }],
  ["fink-kilonova-rate", { drb: 0.91, ssdistnr: -999 }, "failed", { mag: 18, history: [point(mjd - 1, "r", 17.8)] }],
  ["fink-kilonova-rate", { drb: 0.91, ssdistnr: -999 }, "missing", { mag: 18, history: [] }],
  ["fink-microlensing", {}, "passed", { ...scores({ mulens: { class_1: "ML", class_2: "ML" } }), history: curve(10) }],
  ["fink-microlensing", {}, "failed", { ...scores({ mulens: { class_1: "ML", class_2: "ML" } }), history: curve(9) }],
  [
    "fink-microlensing",
    {},
    "failed",
    { ...scores({ mulens: { class_1: "ML", class_2: "VARIABLE" } }), history: curve(10) },
  ],
];

const good = {
  reliability: 0.9,
  snr: 12,
  psfFlux: 900,
  psfChi2: 900,
  psfNdata: 400,
  extendedness: 0,
  isDipole: false,
  pixelFlags: false,
  psfFlux_flag: false,
  ssObjectId: null,
};
const rubin: [name: Name, source: object | null, verdict: Verdict][] = [
  ["lsst-reliability", { reliability: 0.5 }, "passed"],
  ["lsst-reliability", { reliability: 0.49 }, "failed"],
  ["lsst-reliability", { reliability: null }, "missing"],
  ["lsst-quality", {}, "passed"],
  ["lsst-quality", { isDipole: true }, "failed"],
  ["lsst-quality", { isDipole: null, pixelFlags: null }, "passed"],
  ["lsst-quality", { pixelFlags_streakCenter: true }, "failed"],
  ["lsst-quality", { forced_PsfFlux_flag: true }, "failed"],
  ["lsst-quality", { psfFlux: -1 }, "failed"],
  ["lsst-quality", { snr: 5.9 }, "failed"],
  ["lsst-quality", { isDipole: undefined }, "missing"],
  ["lsst-quality", null, "missing"],
  ["lsst-not-rock", { ssObjectId: 0n }, "passed"],
  ["lsst-not-rock", { ssObjectId: 21164688534n }, "failed"],
  ["lsst-not-rock", null, "missing"],
  ["boom-lsst", {}, "passed"],
  ["boom-lsst", { reliability: 0.8 }, "failed"],
  ["babamul-lsst", {}, "passed"],
  ["babamul-lsst", { psfChi2: 4001 }, "failed"],
  ["babamul-lsst", { psfChi2: null }, "missing"],
  ["babamul-lsst", { psfNdata: 0 }, "missing"],
  ["babamul-lsst", { extendedness: null }, "missing"],
  ["babamul-lsst", { ssObjectId: 5n }, "failed"],
];

describe("ready-made cuts, judged by hand", () => {
  it.each([...cases, ...enrichedCases])("%s with %o: %s", (name, candidate, verdict, values) => {
    const alert = ztfAlert(candidate, values);
    expect(readyCuts[name].verdict(alert)).toBe(verdict);
    expect(readyCuts[name](alert)).toBe(verdict === "passed");
    expect(readyCuts[name].explain(alert).verdict).toBe(verdict);
  });

  it.each(rubin)("%s with %o: %s", (name, source, verdict) => {
    const packet = source === null ? {} : { diaSource: { ...good, ...source } };
    expect(readyCuts[name].verdict(handMade({ survey: "lsst", mag: 18, packet }))).toBe(verdict);
  });

  it("template takes any survey", () => {
    const [good, faint, weak, unknown] = [{ snr: 5.1, mag: 19.9 }, { snr: 9, mag: 20 }, { snr: 5, mag: 18 }, {}].map(
      handMade,
    );
    expect([good, faint, weak, unknown].map((a) => readyCuts.template.verdict(a!))).toEqual([
      "passed",
      "failed",
      "failed",
      "missing",
    ]);
  });

  it("never throw on an alert of another survey or with nothing in it", () => {
    for (const packet of [{}, { candidate: {} }, { diaSource: {} }, { candidate: null }, null]) {
      for (const one of Object.values(readyCuts)) expect(() => one(handMade({ packet }))).not.toThrow();
    }
  });

  it("every one is tried above", () => {
    const tried = new Set<string>(
      [...cases, ...rubin, ...enrichedCases].map(([name]) => name).concat("template" as Name),
    );
    expect(Object.keys(readyCuts).filter((name) => !tried.has(name))).toEqual([]);
  });

  it("are found by name", () => {
    expect(readyCut("ztf-star")).toBe(readyCuts["ztf-star"]);
    expect(() => readyCut("constructor")).toThrow("the name of a ready-made cut");
  });
});

it("every ready-made cut says where it was published", () => {
  const silent = Object.entries(readyCuts).filter(([, { source }]) => source.length < 5);
  expect(silent.map(([name]) => name)).toEqual([]);
});
