import type { AlertView } from "../../alert/types";
import { all, not } from "../combine";
import { cut } from "../cut";
import { baselineDays, distance, isPositiveText, number, ztf } from "./read";

const MINUTES_PER_DAY = 1440;

/**
 * ZTF purity: rb ≥ 0.65, nbad = 0, fwhm ≤ 5 px, elong ≤ 1.2, −0.1 ≤ magdiff ≤ 0.1.
 *
 * Source: ZTF alert documentation, "Filtering alerts" notebook (4,375 of 17,991 packets of 2018-06-01).
 */
export const ztfPurity = all(
  "ztf-purity",
  cut("real", ztf("rb"), { min: 0.65 }),
  cut("no bad pixels", ztf("nbad"), { equals: 0 }),
  cut("sharp", ztf("fwhm"), { max: 5 }),
  cut("round", ztf("elong"), { max: 1.2 }),
  // Not Math.abs(): it would turn a missing difference into 0.
  cut("PSF and aperture agree", ztf("magdiff"), { min: -0.1, max: 0.1 }),
);

/** The subtraction is positive: `isdiffpos` "t" or "1". The notebook tests "t" alone and loses the others. */
export const positiveSubtraction = cut(
  "brighter than the reference",
  (a: AlertView) => isPositiveText(ztf("isdiffpos")(a)),
  {
    threshold: "isdiffpos t or 1",
  },
);

/** No known Solar-System object within 5″: `ssdistnr` null, negative (−999) or > 5″. */
export const noSolarSystemObject = cut(
  "no Solar-System object",
  (a: AlertView) => !((distance(ztf("ssdistnr")(a)) ?? Number.POSITIVE_INFINITY) <= 5),
  { threshold: "ssdistnr null, < 0 or > 5″" },
);

/** No star of Pan-STARRS 1 at the place: none within 1.5″, or sgscore1 < 0.5 (a galaxy). A score that is null is missing. */
export const noStarThere = cut(
  "no star there",
  (a: AlertView) => {
    if ((distance(ztf("distpsnr1")(a)) ?? Number.POSITIVE_INFINITY) > 1.5) return true;
    const score = ztf("sgscore1")(a);
    return typeof score === "number" ? score < 0.5 : null;
  },
  { threshold: "distpsnr1 null or > 1.5″, or sgscore1 < 0.5" },
);

/**
 * ZTF transient: positive subtraction; no PS1 star within 1.5″; at least two positive detections ≥ 30 min apart; no known
 * Solar-System object within 5″.
 *
 * Source: ZTF "Filtering alerts" notebook (15 objects of 2018-06-01). Three of its slips are not repeated here: it takes
 * "t" but not "1" for positive; it takes the gap between neighbouring rows, not the first and last; it puts the candidate
 * before its own history, so that an alert with exactly one earlier detection has a negative gap and fails.
 */
export const ztfTransient = all(
  "ztf-transient",
  positiveSubtraction,
  noStarThere,
  cut("seen twice", (a: AlertView) => baselineDays(a, (isPositive) => isPositive) * MINUTES_PER_DAY, {
    min: 30,
    threshold: "2 positive detections ≥ 30 min apart",
  }),
  noSolarSystemObject,
);

/**
 * ZTF star: PS1 source within 1.5″ with sgscore1 > 0.4.
 *
 * Source: ZTF "Variable star light curves" notebook.
 */
export const ztfStar = all(
  "ztf-star",
  cut("PS1 source", (a: AlertView) => distance(ztf("distpsnr1")(a)), { below: 1.5, threshold: "distpsnr1 < 1.5″" }),
  cut("star-like", ztf("sgscore1"), { above: 0.4 }),
);

/**
 * A known Solar-System object: `ssdistnr` from 0 to 5″ and a name; the name may be the text "null", which is none.
 *
 * Source: the opposite of the transient cut of ZTF's notebook, 5″.
 */
export const ztfSolarSystem = all(
  "ztf-solar-system",
  cut("known orbit there", (a: AlertView) => distance(ztf("ssdistnr")(a)), { max: 5, threshold: "ssdistnr 0 … 5″" }),
  cut("named", (a: AlertView) => !["null", "", "undefined"].includes(String(ztf("ssnamenr")(a) ?? "null").trim()), {
    threshold: 'ssnamenr not null or "null"',
  }),
);

/**
 * Fink's quality cut: rb ≥ 0.55, nbad = 0.
 *
 * Source: Fink broker, `extract quality cuts` of the ZTF stream.
 */
export const finkQuality = all(
  "fink-quality",
  cut("real", ztf("rb"), { min: 0.55 }),
  cut("no bad pixels", ztf("nbad"), { equals: 0 }),
);

/** Known Solar-System object after BOOM: `ssdistnr` 0–12″ with `ssmagnr` ≥ 0. Source: BOOM, ZTF enrichment, is_rock. */
export const boomRock = all(
  "boom-rock",
  cut("known orbit there", (a: AlertView) => distance(ztf("ssdistnr")(a)), { max: 12, threshold: "ssdistnr 0 … 12″" }),
  cut("predicted magnitude", ztf("ssmagnr"), { min: 0 }),
);

/** Not a rock, where having no value at all means there is none: the form in which other filters use it. */
export const notRock = not(
  "not a rock",
  cut(
    "rock",
    (a: AlertView) => {
      const near = distance(ztf("ssdistnr")(a));
      return near !== null && near <= 12 && number(ztf("ssmagnr")(a)) >= 0;
    },
    { threshold: "ssdistnr 0 … 12″ and ssmagnr ≥ 0" },
  ),
);

/** Known Solar-System object after Fink: `ssdistnr` 0–5″, ndethist ≤ 5. Source: Fink science modules, asteroids. */
export const finkRock = all(
  "fink-rock",
  cut("known orbit there", (a: AlertView) => distance(ztf("ssdistnr")(a)), { max: 5, threshold: "ssdistnr 0 … 5″" }),
  cut("few detections", ztf("ndethist"), { max: 5 }),
);

/**
 * Candidate for an unknown Solar-System object after Fink: ndethist ≤ 2, detections within 30 min of one another, nothing
 * in PS1 within 5″.
 *
 * Source: Fink science modules, asteroids.
 */
export const finkRockCandidate = all(
  "fink-rock-candidate",
  cut("hardly seen", ztf("ndethist"), { max: 2 }),
  cut("within half an hour", (a: AlertView) => baselineDays(a, () => true) * MINUTES_PER_DAY, {
    max: 30,
    threshold: "detections within 30 min",
  }),
  cut("empty in PS1", (a: AlertView) => !((distance(ztf("distpsnr1")(a)) ?? Number.POSITIVE_INFINITY) <= 5), {
    threshold: "distpsnr1 null, < 0 or > 5″",
  }),
);

/** Earlier detection, in any direction of brightness: the source does not move. */
export const stationaryFor = (name: string, minDays: number, source: string) =>
  cut(name, (a: AlertView) => baselineDays(a, () => true), {
    above: minDays,
    threshold: `detections > ${minDays} d apart`,
    source,
  });

/** Stationary after BOOM: two detections more than 0.01 d (14 min) apart. */
export const stationary = stationaryFor("stationary", 0.01, "BOOM, photometric properties");

/** Stationary after Fink: two detections more than 0.02 d (29 min) apart. */
export const finkStationary = stationaryFor("fink-stationary", 0.02, "Fink filters, bright transients");
