import { AB_ZERO_POINT_NJY } from "../photometry";
import type { NamedSurvey } from "../survey";
import { mjdTaiToUtc } from "../time";
import { bandOf, forcedOf, isPositive, link, magErrOf, magOf, pointsOf } from "./rubin";

/** ELAsTiCC gives SNANA fluxes with AB zero point 27.5: 36.3 nJy to the unit. */
const toNJy = 10 ** (0.4 * (AB_ZERO_POINT_NJY - 27.5));

/**
 * Simulated alerts of the ELAsTiCC challenge, schema 0.9 and 0.9.1. `alertId` is the same for all of the test alerts:
 * tell them apart by `packet.diaSource.diaSourceId` or by where they came from.
 */
export const elasticc: NamedSurvey = {
  name: "elasticc",
  // psFlux alone is Rubin's too, in nJy; the origin of a simulated object is only here
  recognise: (has, name) =>
    (name.startsWith("elasticc.") || (has("diaObject.simVersion") && !name.startsWith("lsst."))) &&
    ["diaSource.diaSourceId", "diaSource.psFlux"].every(has) &&
    !has("diaSource.apFlux"),
  columns: {
    alertId: { from: "alertId" },
    objectId: { from: "diaSource.diaObjectId", as: link },
    ra: { from: "diaSource.ra" },
    dec: { from: "diaSource.decl" },
    mjdUtc: { from: "diaSource.midPointTai", as: mjdTaiToUtc },
    band: { from: "diaSource.filterName", as: bandOf },
    mag: { from: "diaSource.psFlux", as: (f) => magOf(f * toNJy) },
    magErr: { from: "diaSource.psFlux", as: (f, read) => magErrOf(f, read("diaSource.psFluxErr")) },
    fluxNJy: { from: "diaSource.psFlux", as: (f) => f * toNJy },
    fluxErrNJy: { from: "diaSource.psFluxErr", as: (f) => f * toNJy },
    snr: { from: "diaSource.psFlux", as: (f, read) => Math.abs(f) / read("diaSource.psFluxErr") },
    isPositive: { from: "diaSource.psFlux", as: isPositive },
    visitId: { from: "diaSource.midPointTai", as: (mjd) => mjdTaiToUtc(mjd).toFixed(6) },
  },
  points: pointsOf(toNJy),
  forced: forcedOf(toNJy),
};
