import type { NamedSurvey } from "../survey";
import { bandOf, forcedOf, isPositive, link, magErrOf, magOf, pointsOf, raOf, utcOf } from "./rubin";
import { toId, toText } from "./values";

const flux = ["diaSource.psfFlux", "diaSource.psFlux"];
const fluxErr = ["diaSource.psfFluxErr", "diaSource.psFluxErr"];

/**
 * Columns of Rubin's DiaSource that neither Roman's RAPID, LS4 nor ELAsTiCC have: two of them make a packet Rubin's, whatever
 * a tool that wrote it anew called its records (Spark: `topLevelRecord`). Source: sdm_schemas (APDB), alert_packet 3.0 to 11.1.
 */
const rubinsAlone = [
  ["ssObjectId"],
  ["visit", "detector"],
  ["ccdVisitId"],
  ["templateFlux"],
  ["trailFlux"],
  ["ixxPSF"],
].map((names) => names.map((name) => `diaSource.${name}`));

/** Where versions from 8.0 on name the Solar System object; before, it has its number alone. */
const designations = ["mpc_orbits.designation", "ssSource.designation", "MPCORB.mpcDesignation"];

/** Rubin/LSST alerts, schema 3.0 to 11.1. Fluxes are nJy, times TAI. */
export const lsst: NamedSurvey = {
  name: "lsst",
  // others have diaSources too, with times and units of their own; Rubin's before 3.0 had the position in a record
  recognise: (has, name) =>
    ["diaSource.diaSourceId", "diaSource.ra"].every(has) &&
    [flux, ["diaSource.midpointMjdTai", "diaSource.midPointTai"]].every((paths) => paths.some(has)) &&
    (name.startsWith("lsst.") || name === "alert" || rubinsAlone.filter((paths) => paths.every(has)).length >= 2),
  columns: {
    alertId: { from: ["diaSourceId", "alertId"] },
    // a moving object has no diaObject: then its Solar System id stands for it
    objectId: { from: "diaSource.diaObjectId", as: (id, read) => link(id) ?? link(read("diaSource.ssObjectId")) },
    ra: { from: "diaSource.ra", as: raOf },
    dec: { from: ["diaSource.dec", "diaSource.decl"] },
    mjdUtc: { from: ["diaSource.midpointMjdTai", "diaSource.midPointTai"], as: utcOf },
    band: { from: ["diaSource.band", "diaSource.filterName"], as: bandOf },
    mag: { from: flux, as: magOf },
    magErr: { from: flux, as: (f, read) => magErrOf(f, read("diaSource.psfFluxErr") ?? read("diaSource.psFluxErr")) },
    fluxNJy: { from: flux },
    fluxErrNJy: { from: fluxErr },
    snr: { from: "diaSource.snr" },
    isPositive: { from: flux, as: isPositive },
    realBogus: { from: "diaSource.reliability" },
    visitId: { from: ["diaSource.visit", "diaSource.ccdVisitId"], as: (visit) => String(toId(visit) ?? "") },
  },
  points: pointsOf(1),
  forced: forcedOf(1),
  hasForcedLimits: true,
  designation(read) {
    for (const path of designations) {
      const name = toText(read(path));
      if (name !== "") return name;
    }
    return String(link(read("diaSource.ssObjectId")) ?? "");
  },
  stamps: { science: "cutoutScience", template: "cutoutTemplate", difference: "cutoutDifference" },
};
