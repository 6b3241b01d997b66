import { AB_ZERO_POINT_NJY } from "../photometry";
import type { NamedSurvey } from "../survey";
import { bandOf, forcedOf, isPositive, link, magErrOf, magOf, number, pointsOf, raOf, utcOf } from "./rubin";

/** ELAsTiCC gives SNANA fluxes with AB zero point 27.5: 36.3 nJy to the unit. */
const toNJy = 10 ** (0.4 * (AB_ZERO_POINT_NJY - 27.5));

/** What only a simulated object has: its host's properties, its extinction, the number of its observations (schema 0.9.1). */
const simulated = [
  "diaObject.simVersion",
  "diaObject.hostgal_snsep",
  "diaObject.mwebv",
  "diaObject.z_final",
  "diaSource.nobs",
];
const nJy = (flux: unknown): number => number(flux) * toNJy;

/**
 * Simulated alerts of the ELAsTiCC challenge, schema 0.9 and 0.9.1. `alertId` is the same for all of the test alerts:
 * tell them apart by `packet.diaSource.diaSourceId` or by where they came from.
 */
export const elasticc: NamedSurvey = {
  name: "elasticc",
  // psFlux alone is Rubin's too, in nJy
  recognise: (has, name) =>
    (name.startsWith("elasticc.") || simulated.some(has)) &&
    ["diaSource.diaSourceId", "diaSource.psFlux"].every(has) &&
    !has("diaSource.apFlux"),
  columns: {
    alertId: { from: "alertId" },
    objectId: { from: "diaSource.diaObjectId", as: link },
    ra: { from: "diaSource.ra", as: raOf },
    dec: { from: "diaSource.decl" },
    mjdUtc: { from: "diaSource.midPointTai", as: utcOf },
    band: { from: "diaSource.filterName", as: bandOf },
    mag: { from: "diaSource.psFlux", as: (f) => magOf(nJy(f)) },
    magErr: { from: "diaSource.psFlux", as: (f, read) => magErrOf(f, read("diaSource.psFluxErr")) },
    fluxNJy: { from: "diaSource.psFlux", as: nJy },
    fluxErrNJy: { from: "diaSource.psFluxErr", as: nJy },
    snr: { from: "diaSource.psFlux", as: (f, read) => Math.abs(number(f)) / number(read("diaSource.psFluxErr")) },
    isPositive: { from: "diaSource.psFlux", as: isPositive },
    visitId: { from: "diaSource.midPointTai", as: (mjd) => (typeof mjd === "number" ? utcOf(mjd).toFixed(6) : "") },
  },
  points: pointsOf(toNJy),
  forced: forcedOf(toNJy),
};
