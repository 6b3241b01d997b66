import type { AlertView } from "../../alert/types";
import { all, any } from "../combine";
import { cut } from "../cut";
import { ageDays, ztf } from "./read";
import { finkStationary, notRock } from "./ztf";

/** A score that Fink adds beside the ZTF packet; a plain ZTF packet has none, so the cut finds it missing. */
const fink = (field: string) => (a: AlertView) => a.packet?.[field];

/** SIMBAD types that Fink takes for a galaxy that may host a supernova, or for nothing known. */
const HOST_TYPES = [
  "galaxy",
  "Galaxy",
  "EmG",
  "Seyfert",
  "Seyfert_1",
  "Seyfert_2",
  "BlueCompG",
  "StarburstG",
  "LSB_G",
  "HII_G",
  "High_z_G",
  "GinPair",
  "GinGroup",
  "BClG",
  "GinCl",
  "PartofG",
  "Unknown",
  "Candidate_SN*",
  "SN",
  "Transient",
  "Fail",
];

const superNovaScores = [
  any(
    "SuperNNova",
    cut("Ia", fink("snn_snia_vs_nonia"), { above: 0.5 }),
    cut("SN", fink("snn_sn_vs_all"), { above: 0.5 }),
  ),
  cut("host or nothing in SIMBAD", fink("cdsxmatch"), { oneOf: HOST_TYPES, threshold: "galaxy or unknown" }),
  cut("real, deep network", ztf("drb"), { above: 0.5 }),
  cut("star-shaped", ztf("classtar"), { above: 0.4 }),
];

/**
 * Early supernova Ia after Fink: SuperNNova > 0.5 (Ia or SN), SIMBAD galaxy or unknown, drb > 0.5, classtar > 0.4,
 * ndethist ≤ 20, random forest > 0.5.
 *
 * Needs packets enriched by Fink. Source: fink-filters, early SN candidates.
 */
export const finkEarlySn = all(
  "fink-early-sn",
  ...superNovaScores,
  cut("new", ztf("ndethist"), { max: 20 }),
  cut("random forest", fink("rf_snia_vs_nonia"), { above: 0.5 }),
);

/**
 * Supernova candidate after Fink: scores as for early ones, at most 90 d since jdstarthist, ndethist > 1, not a rock.
 *
 * Needs packets enriched by Fink. Source: fink-filters, SN candidates.
 */
export const finkSn = all(
  "fink-sn",
  ...superNovaScores,
  cut("recent", ageDays, { max: 90, threshold: "≤ 90 d since jdstarthist" }),
  cut("seen again", ztf("ndethist"), { above: 1 }),
  notRock,
);

/**
 * Kilonova candidate after Fink: score > 0.5, drb > 0.5, classtar > 0.4, age < 5 d, ndethist < 20, not in the MPC's list.
 *
 * Needs packets enriched by Fink (`roid` 3 is a known Solar-System object). Source: fink-filters, kilonova candidates.
 */
export const finkKilonova = all(
  "fink-kilonova",
  cut("kilonova score", fink("rf_kn_vs_nonkn"), { above: 0.5 }),
  cut("real, deep network", ztf("drb"), { above: 0.5 }),
  cut("star-shaped", ztf("classtar"), { above: 0.4 }),
  cut("young", ageDays, { below: 5, threshold: "< 5 d since jdstarthist" }),
  cut("new", ztf("ndethist"), { below: 20 }),
  cut("not in the MPC's list", fink("roid"), { below: 3 }),
);

/**
 * Microlensing after Fink: LIA says ML in both bands, at least 10 points per band, ndethist < 100.
 *
 * Needs packets enriched by Fink. Source: fink-filters, microlensing.
 */
export const finkMicrolensing = all(
  "fink-microlensing",
  cut("ML in the first band", (a: AlertView) => a.packet?.mulens?.class_1, { equals: "ML" }),
  cut("ML in the second band", (a: AlertView) => a.packet?.mulens?.class_2, { equals: "ML" }),
  cut("enough points", (a: AlertView) => Math.min(points(a, "g"), points(a, "r")), {
    min: 10,
    threshold: "≥ 10 detections in g and in r",
  }),
  cut("not a known variable", ztf("ndethist"), { below: 100 }),
);

function points(alert: AlertView, band: string): number {
  return alert.history.filter((d) => d.band === band).length + (alert.band === band ? 1 : 0);
}

/**
 * Bright transients, the core of the filter: rb > 0.2, drb ≥ 0.8, mag < 19.8, not variable (ndethist ≤ 200), stationary for
 * 0.02 d.
 *
 * Source: Bright Transient Survey filter as run by Fink. Its higher limits near known sources (rb 0.35–0.45) and near bright
 * PS1 stars (drb 0.9–0.95) are not in it, so this keeps some more.
 */
export const brightTransients = all(
  "bright-transients",
  cut("real", ztf("rb"), { above: 0.2 }),
  cut("real, deep network", ztf("drb"), { min: 0.8 }),
  cut("bright", ztf("magpsf"), { below: 19.8 }),
  cut("not a known variable", ztf("ndethist"), { max: 200 }),
  finkStationary,
);
