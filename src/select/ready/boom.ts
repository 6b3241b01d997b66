import type { AlertView } from "../../alert/types";
import { all, any } from "../combine";
import { cut } from "../cut";
import { ageDays, distance, magnitude, number, ztf } from "./read";
import { notRock } from "./ztf";

const far = Number.POSITIVE_INFINITY;
const near = (field: string) => (a: AlertView) => distance(ztf(field)(a)) ?? far;

/**
 * Star after BOOM: sgscore1 > 0.76 within 2″; or within 1″, sgscore1 > 0.2 and very red: r − z > 3 or r − i > 3.
 *
 * Source: BOOM, ZTF enrichment, is_star. A PS1 magnitude of −999 is none.
 */
export const boomStar = any(
  "boom-star",
  all(
    "point source",
    cut("star-like", ztf("sgscore1"), { above: 0.76 }),
    cut("close", near("distpsnr1"), { max: 2, threshold: "distpsnr1 ≤ 2″" }),
  ),
  all(
    "red star",
    cut("close", near("distpsnr1"), { max: 1, threshold: "distpsnr1 ≤ 1″" }),
    cut("not a clear galaxy", ztf("sgscore1"), { above: 0.2 }),
    any(
      "red",
      cut("r − z", (a: AlertView) => magnitude(ztf("srmag1")(a)) - magnitude(ztf("szmag1")(a)), { above: 3 }),
      cut("r − i", (a: AlertView) => magnitude(ztf("srmag1")(a)) - magnitude(ztf("simag1")(a)), { above: 3 }),
    ),
  ),
);

/**
 * Near a bright star after BOOM: bright Gaia star ≤ 20″ away and ≤ 12 mag; or one of the three PS1 sources ≤ 20″ away with
 * r ≤ 15 and sgscore > 0.49.
 *
 * Source: BOOM, ZTF enrichment, is_near_brightstar (its clause for saturated PS1 stars with sgscore 0.5 is left out).
 */
export const boomBrightStar = any(
  "boom-bright-star",
  all(
    "bright in Gaia",
    cut("close", near("neargaiabright"), { max: 20, threshold: "neargaiabright ≤ 20″" }),
    cut("bright", (a: AlertView) => magnitude(ztf("maggaiabright")(a)), { max: 12 }),
  ),
  ...[1, 2, 3].map((n) =>
    all(
      `bright in PS1, source ${n}`,
      cut("close", near(`distpsnr${n}`), { max: 20, threshold: `distpsnr${n} ≤ 20″` }),
      cut("bright", (a: AlertView) => magnitude(ztf(`srmag${n}`)(a)), { max: 15 }),
      cut("star-like", ztf(`sgscore${n}`), { above: 0.49 }),
    ),
  ),
);

/**
 * Fast transient of BOOM's benchmark: rb > 0.3, drb > 0.9, ndethist ≤ 200, age 0–7 d, not a PS1 star (sgscore1 ≤ 0.76 or
 * ≥ 2″ away), seen in some visits only (ncovhist > ndethist).
 *
 * Source: BOOM, throughput benchmark, "fast" filter.
 */
export const boomFast = all(
  "boom-fast",
  cut("real", ztf("rb"), { above: 0.3 }),
  cut("real, deep network", ztf("drb"), { above: 0.9 }),
  cut("not a known variable", ztf("ndethist"), { max: 200 }),
  cut("young", ageDays, { min: 0, max: 7, threshold: "0 … 7 d since jdstarthist" }),
  any(
    "no star",
    cut("not star-like", ztf("sgscore1"), { max: 0.76 }),
    cut("apart", near("distpsnr1"), { min: 2, threshold: "distpsnr1 null or ≥ 2″" }),
  ),
  cut("not always there", (a: AlertView) => number(ztf("ncovhist")(a)) - number(ztf("ndethist")(a)), {
    above: 0,
    threshold: "ncovhist > ndethist",
  }),
);

/**
 * General filter of BOOM's benchmark: rb ≥ 0.3, drb > 0.5, 0.5 < fwhm < 8, nbad < 5, |magpsf − magap| < 0.75, not a rock.
 *
 * Source: BOOM, throughput benchmark.
 */
export const boomGeneral = all(
  "boom-general",
  cut("real", ztf("rb"), { min: 0.3 }),
  cut("real, deep network", ztf("drb"), { above: 0.5 }),
  cut("star-sized", ztf("fwhm"), { above: 0.5, below: 8 }),
  cut("few bad pixels", ztf("nbad"), { below: 5 }),
  cut("PSF and aperture agree", (a: AlertView) => number(ztf("magpsf")(a)) - number(ztf("magap")(a)), {
    above: -0.75,
    below: 0.75,
  }),
  notRock,
);

/** Babamul's ZTF stream: programid 1 (public), not a rock, drb ≥ 0.2. Source: Babamul documentation. */
export const babamulZtf = all(
  "babamul-ztf",
  cut("public", ztf("programid"), { equals: 1 }),
  notRock,
  cut("real, deep network", ztf("drb"), { min: 0.2 }),
);

/** Young and real after Babamul's DuckDB lesson: drb ≥ 0.8, age ≤ 30 d. Source: Babamul tutorials. */
export const babamulYoung = all(
  "babamul-young",
  cut("real, deep network", ztf("drb"), { min: 0.8 }),
  cut("young", ageDays, { max: 30, threshold: "≤ 30 d since jdstarthist" }),
);
