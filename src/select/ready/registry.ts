import type { AlertView } from "../../alert/types";
import { usageError } from "../../errors";
import { all } from "../combine";
import { cut } from "../cut";
import type { Cut } from "../types";
import { babamulYoung, babamulZtf, boomBrightStar, boomFast, boomGeneral, boomStar } from "./boom";
import { brightTransients, finkEarlySn, finkKilonova, finkMicrolensing, finkSn } from "./fink";
import { finkKilonovaRate } from "./kilonova";
import { babamulLsst, boomLsst, lsstNotRock, lsstQuality, lsstReliability } from "./lsst";
import {
  boomRock,
  finkQuality,
  finkRock,
  finkRockCandidate,
  finkStationary,
  stationary,
  ztfPurity,
  ztfSolarSystem,
  ztfStar,
  ztfTransient,
} from "./ztf";

/** A first filter to start one's own from, for any survey: S/N above 5 and brighter than 20. */
export const template = all(
  "template",
  cut("significant", (a: AlertView) => a.snr, { above: 5 }),
  cut("bright", (a: AlertView) => a.mag, { below: 20 }),
);

/** The same cut, which says where it was published. */
const published = (source: string, made: Cut): Cut => Object.assign(made, { source });

/**
 * The ready-made cuts by name, each with its source, of which its own comment says more; the names are those of the command line.
 * @example
 * const pure = await stream.filter(cut.ready["ztf-purity"]).toArray();
 */
export const readyCuts = {
  template: published("this project: a filter to start one's own from", template),
  stationary,
  "ztf-purity": published('ZTF, notebook "Filtering alerts"', ztfPurity),
  "ztf-transient": published('ZTF, notebook "Filtering alerts"', ztfTransient),
  "ztf-star": published('ZTF, notebook "Variable star light curves"', ztfStar),
  "ztf-solar-system": published('ZTF, notebook "Filtering alerts": the opposite of its transient cut', ztfSolarSystem),
  "fink-quality": published("Fink broker, quality cuts of the ZTF stream", finkQuality),
  "fink-stationary": finkStationary,
  "fink-rock": published("Fink science modules, asteroids", finkRock),
  "fink-rock-candidate": published("Fink science modules, asteroids", finkRockCandidate),
  "fink-early-sn": published("fink-filters, early SN candidates", finkEarlySn),
  "fink-sn": published("fink-filters, SN candidates", finkSn),
  "fink-kilonova": published("fink-filters, kilonova candidates", finkKilonova),
  "fink-kilonova-rate": published("fink-filters, rate-based kilonova candidates", finkKilonovaRate),
  "fink-microlensing": published("fink-filters, microlensing", finkMicrolensing),
  "bright-transients": published("Bright Transient Survey, as run by Fink", brightTransients),
  "boom-star": published("BOOM, ZTF enrichment, is_star", boomStar),
  "boom-bright-star": published("BOOM, ZTF enrichment, is_near_brightstar", boomBrightStar),
  "boom-rock": published("BOOM, ZTF enrichment, is_rock", boomRock),
  "boom-fast": published('BOOM, throughput benchmark, filter "fast"', boomFast),
  "boom-general": published("BOOM, throughput benchmark", boomGeneral),
  "boom-lsst": published("BOOM documentation", boomLsst),
  "babamul-ztf": published("Babamul documentation", babamulZtf),
  "babamul-young": published("Babamul tutorials", babamulYoung),
  "babamul-lsst": published("Babamul tutorials", babamulLsst),
  "lsst-reliability": lsstReliability,
  "lsst-quality": published("fink-filters for Rubin, b_good_quality", lsstQuality),
  "lsst-not-rock": lsstNotRock,
} as const satisfies Record<string, Cut>;

/**
 * The ready-made cut of that name.
 * @throws USAGE naming the cuts there are
 */
export function readyCut(name: string): Cut {
  if (!Object.hasOwn(readyCuts, name)) {
    throw usageError("the name of a ready-made cut", name, `there are: ${Object.keys(readyCuts).join(", ")}`);
  }
  return readyCuts[name as keyof typeof readyCuts];
}
