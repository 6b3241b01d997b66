import type { NamedSurvey } from "../survey";
import { mjdTaiToUtc } from "../time";
import { bandOf, forcedOf, isPositive, link, magErrOf, magOf, pointsOf } from "./rubin";

const flux = ["diaSource.psfFlux", "diaSource.psFlux"];
const fluxErr = ["diaSource.psfFluxErr", "diaSource.psFluxErr"];

/** Rubin/LSST alerts, schema 3.0 to 11.1. Fluxes are nJy, times TAI. */
export const lsst: NamedSurvey = {
  name: "lsst",
  // others have diaSources too, with times and units of their own; Rubin's before 3.0 had the position in a record
  recognise: (has, name) =>
    (name.startsWith("lsst.") || !name.includes(".")) &&
    ["diaSource.diaSourceId", "diaSource.ra"].every(has) &&
    [flux, ["diaSource.midpointMjdTai", "diaSource.midPointTai"]].every((paths) => paths.some(has)),
  columns: {
    alertId: { from: ["diaSourceId", "alertId"] },
    // a moving object has no diaObject: then its Solar System id stands for it
    objectId: { from: "diaSource.diaObjectId", as: (id, read) => link(id) ?? link(read("diaSource.ssObjectId")) },
    ra: { from: "diaSource.ra" },
    dec: { from: ["diaSource.dec", "diaSource.decl"] },
    mjdUtc: { from: ["diaSource.midpointMjdTai", "diaSource.midPointTai"], as: mjdTaiToUtc },
    band: { from: ["diaSource.band", "diaSource.filterName"], as: bandOf },
    mag: { from: flux, as: magOf },
    magErr: { from: flux, as: (f, read) => magErrOf(f, read("diaSource.psfFluxErr") ?? read("diaSource.psFluxErr")) },
    fluxNJy: { from: flux },
    fluxErrNJy: { from: fluxErr },
    snr: { from: "diaSource.snr" },
    isPositive: { from: flux, as: isPositive },
    realBogus: { from: "diaSource.reliability" },
    visitId: { from: ["diaSource.visit", "diaSource.ccdVisitId"], as: String },
  },
  points: pointsOf(1),
  forced: forcedOf(1),
  stamps: { science: "cutoutScience", template: "cutoutTemplate", difference: "cutoutDifference" },
};
