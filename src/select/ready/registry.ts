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

/**
 * The ready-made cuts by name, each with its source in its own comment; the names are those of the command line.
 * @example
 * const pure = await stream.filter(cut.ready["ztf-purity"]).toArray();
 */
export const readyCuts = {
  template,
  stationary,
  "ztf-purity": ztfPurity,
  "ztf-transient": ztfTransient,
  "ztf-star": ztfStar,
  "ztf-solar-system": ztfSolarSystem,
  "fink-quality": finkQuality,
  "fink-stationary": finkStationary,
  "fink-rock": finkRock,
  "fink-rock-candidate": finkRockCandidate,
  "fink-early-sn": finkEarlySn,
  "fink-sn": finkSn,
  "fink-kilonova": finkKilonova,
  "fink-kilonova-rate": finkKilonovaRate,
  "fink-microlensing": finkMicrolensing,
  "bright-transients": brightTransients,
  "boom-star": boomStar,
  "boom-bright-star": boomBrightStar,
  "boom-rock": boomRock,
  "boom-fast": boomFast,
  "boom-general": boomGeneral,
  "boom-lsst": boomLsst,
  "babamul-ztf": babamulZtf,
  "babamul-young": babamulYoung,
  "babamul-lsst": babamulLsst,
  "lsst-reliability": lsstReliability,
  "lsst-quality": lsstQuality,
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
