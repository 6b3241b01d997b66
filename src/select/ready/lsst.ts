import type { AlertView } from "../../alert/types";
import { all } from "../combine";
import { cut } from "../cut";
import { lsst, number } from "./read";

/**
 * None of the flags is raised. A flag that the packet leaves null was not set, so it counts as not raised; flags that the
 * schema does not have at all are missing.
 */
function noFlags(name: string, flags: readonly string[]) {
  return cut(
    name,
    (a: AlertView) => {
      const known = flags.map((flag) => lsst(flag)(a)).filter((value) => value !== undefined);
      return known.length > 0 ? !known.includes(true) : null;
    },
    { threshold: `no ${flags.length > 1 ? `${flags.length} flags` : flags[0]}` },
  );
}

/**
 * Rubin reliability ≥ 0.5.
 *
 * Source: what Rubin removes upstream (BOOM pull request 389, 2026-02); between 0.1 and 0.5 are mostly badly subtracted stars.
 */
export const lsstReliability = cut("lsst-reliability", lsst("reliability"), {
  min: 0.5,
  source: "Rubin, upstream removal",
});

/**
 * Fink's good quality for Rubin: not a dipole; no pixel flag (bad, saturated, interpolated, cr, nodata, streak, streak at
 * the centre, edge); no PSF, aperture, forced, shape or centroid flag; flux ≥ 0; S/N ≥ 6.
 *
 * Source: fink-filters for Rubin, b_good_quality. At the time of writing two of Fink's filters combine with its *opposite*.
 */
export const lsstQuality = all(
  "lsst-quality",
  noFlags("not a dipole", ["isDipole"]),
  noFlags("clean pixels", [
    "pixelFlags",
    "pixelFlags_bad",
    "pixelFlags_saturated",
    "pixelFlags_interpolated",
    "pixelFlags_cr",
    "pixelFlags_nodata",
    "pixelFlags_streak",
    "pixelFlags_streakCenter",
    "pixelFlags_edge",
  ]),
  noFlags("measured well", ["psfFlux_flag", "apFlux_flag", "forced_PsfFlux_flag", "shape_flag", "centroid_flag"]),
  cut("positive flux", lsst("psfFlux"), { min: 0 }),
  cut("significant", lsst("snr"), { min: 6 }),
);

/** Example filter of BOOM for Rubin: reliability > 0.8, S/N > 5, magnitude ≤ 18.5. Source: BOOM documentation. */
export const boomLsst = all(
  "boom-lsst",
  cut("reliable", lsst("reliability"), { above: 0.8 }),
  cut("significant", lsst("snr"), { above: 5 }),
  cut("bright", (a: AlertView) => a.mag, { max: 18.5 }),
);

/** Not linked to a Solar-System object: `ssObjectId` null (from schema 10), 0 (schema 9) or absent. */
export const lsstNotRock = cut(
  "lsst-not-rock",
  (a: AlertView) => {
    if (!a.packet?.diaSource) return null;
    const id = lsst("ssObjectId")(a);
    return id === null || id === undefined || BigInt(id) === 0n;
  },
  { threshold: "ssObjectId null or 0", source: "Rubin alert packet" },
);

/**
 * Babamul's tutorial cut for Rubin: reliability ≥ 0.4, not a dipole, no PSF, shape or centroid flag, psfChi2 / psfNdata ≤ 10,
 * S/N ≥ 3, extendedness given, not a rock.
 *
 * Source: Babamul tutorials. Its star and bright-star tests need Babamul's own catalogue match and are not in it.
 */
export const babamulLsst = all(
  "babamul-lsst",
  cut("reliable", lsst("reliability"), { min: 0.4 }),
  noFlags("not a dipole", ["isDipole"]),
  noFlags("measured well", ["psfFlux_flag", "shape_flag", "centroid_flag"]),
  cut("PSF fits", (a: AlertView) => number(lsst("psfChi2")(a)) / (number(lsst("psfNdata")(a)) || Number.NaN), {
    max: 10,
    threshold: "psfChi2 / psfNdata ≤ 10",
  }),
  cut("significant", lsst("snr"), { min: 3 }),
  cut("shape known", lsst("extendedness"), { min: 0, threshold: "extendedness given" }),
  lsstNotRock,
);
