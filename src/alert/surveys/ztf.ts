import { AB_ZERO_POINT_NJY, MAG_PER_RELATIVE_FLUX, magToFluxNJy } from "../photometry";
import type { NamedSurvey, Points, ReadPath } from "../survey";
import { jdToMjd } from "../time";
import type { Detection, ForcedPoint, UpperLimit } from "../types";
import { rowsOf, toDec, toField, toMag, toMagErr, toNumber, toRa, toScore, toSign, toText } from "./values";

/** ZTF filter ids, `fid`. */
const bands = new Map([
  [1, "g"],
  [2, "r"],
  [3, "i"],
]);
const bandOf = (fid: unknown): string => bands.get(toNumber(fid)) ?? "";
const number = (value: unknown): number => (typeof value === "number" ? value : Number.NaN);
/** `isdiffpos` is "t" or "1" for a brightening; "f" or "0" for a fading; a boolean or a number in some brokers' copies. */
const isPositive = toSign;
const sign = (flag: unknown): 1 | -1 => (isPositive(flag) ? 1 : -1);
const mjdOf = (jd: unknown): number => jdToMjd(number(jd));
const visitId = (jd: unknown, field: unknown): string =>
  typeof jd === "number" ? `${mjdOf(jd).toFixed(6)}-${toField(field) ?? "none"}` : "";
// ZTF writes null or −999 where there is nothing
const raOf = (value: unknown): number => toRa(number(value));
const decOf = (value: unknown): number => toDec(number(value));
const magOf = (value: unknown): number => toMag(number(value));
const magErrOf = (value: unknown): number => toMagErr(number(value));
const scoreOf = (value: unknown): number => toScore(number(value));

const deep = "candidate.drb";
const forest = "candidate.rb";
function firstScore(score: unknown, otherwise: () => unknown): number {
  const known = scoreOf(score);
  return Number.isNaN(known) ? scoreOf(otherwise()) : known;
}

/** A known Solar System object nearer than this is the source; ZTF names any within 30″. As the cut `ztf-solar-system`. */
const sameObjectArcsec = 5;

/** ZTF alerts, schema 1.x to 4.02. Times are Julian dates (UTC) of the start of the exposure. */
export const ztf: NamedSurvey = {
  name: "ztf",
  // other surveys took over most of these names, with filter numbers of their own; a broker's copy with fluxes added has
  // another history
  recognise: (has, name) =>
    !has("candidate.psfFlux") &&
    ["candid", "candidate.jd", "candidate.magpsf", "candidate.isdiffpos", "candidate.fid"].every(has) &&
    (name.startsWith("ztf.") || (has("candidate.rcid") && has("candidate.programid"))),
  columns: {
    alertId: { from: "candid" },
    objectId: { from: "objectId" },
    ra: { from: "candidate.ra", as: raOf },
    dec: { from: "candidate.dec", as: decOf },
    mjdUtc: { from: "candidate.jd", as: mjdOf },
    band: { from: "candidate.fid", as: bandOf },
    mag: { from: "candidate.magpsf", as: magOf },
    magErr: { from: "candidate.sigmapsf", as: magErrOf },
    fluxNJy: {
      from: "candidate.magpsf",
      as: (mag, read) => magToFluxNJy(magOf(mag), 0, sign(read("candidate.isdiffpos"))).fluxNJy,
    },
    fluxErrNJy: {
      from: "candidate.magpsf",
      as: (mag, read) => magToFluxNJy(magOf(mag), magErrOf(read("candidate.sigmapsf"))).fluxErrNJy,
    },
    snr: { from: "candidate.sigmapsf", as: (magErr) => MAG_PER_RELATIVE_FLUX / magErrOf(magErr) },
    isPositive: { from: "candidate.isdiffpos", as: isPositive },
    // the deep network's score since 3.3 (2019), the random forest's before and where there is no other
    realBogus: {
      from: [deep, forest],
      as: (score, read) => firstScore(score, () => read(forest)),
      where: (read) => [deep, forest].find((path) => !Number.isNaN(scoreOf(read(path)))),
    },
    visitId: { from: "candidate.jd", as: (jd, read) => visitId(jd, read("candidate.field")) },
    field: { from: "candidate.field", as: toField },
  },
  points,
  forced,
  designation: (read) => {
    const distance = number(read("candidate.ssdistnr"));
    return distance >= 0 && distance <= sameObjectArcsec ? toText(read("candidate.ssnamenr")) : "";
  },
  stamps: { science: "cutoutScience", template: "cutoutTemplate", difference: "cutoutDifference" },
};

/** `prv_candidates` holds detections, and non-detections as rows without `candid` and `magpsf` (null or −999). */
function points(read: ReadPath): Points {
  const history: Detection[] = [];
  const upperLimits: UpperLimit[] = [];
  for (const row of rowsOf(read("prv_candidates"))) {
    const mjdUtc = mjdOf(row.jd);
    const band = bandOf(row.fid);
    const mag = magOf(row.magpsf);
    if (Number.isNaN(mag)) {
      upperLimits.push({ mjdUtc, band, mag: magOf(row.diffmaglim) });
      continue;
    }
    const magErr = magErrOf(row.sigmapsf);
    history.push({
      mjdUtc,
      band,
      mag,
      magErr,
      ...magToFluxNJy(mag, magErr, sign(row.isdiffpos)),
      isPositive: isPositive(row.isdiffpos),
      ra: raOf(row.ra),
      dec: decOf(row.dec),
      realBogus: firstScore(row.drb, () => row.rb),
      alertId: row.candid ?? null,
    });
  }
  return { history: history.sort(byTime), upperLimits: upperLimits.sort(byTime) };
}

/** `fp_hists` (from 4.01 on): difference flux in DN with its zero point; −99999 stands for "none". */
function forced(read: ReadPath): ForcedPoint[] {
  return rowsOf(read("fp_hists"))
    .map((row) => {
      const toNJy = 10 ** (0.4 * (AB_ZERO_POINT_NJY - zeroPointOf(row.magzpsci)));
      return {
        mjdUtc: mjdOf(row.jd),
        band: bandOf(row.fid),
        fluxNJy: measured(row.forcediffimflux) * toNJy,
        fluxErrNJy: measured(row.forcediffimfluxunc) * toNJy,
      };
    })
    .sort(byTime);
}

/** Zero points are some 26 mag. */
const zeroPointOf = (value: unknown): number => (number(value) >= 0 ? magOf(value) : Number.NaN);
const measured = (value: unknown): number => (typeof value === "number" && value > -99998 ? value : Number.NaN);
const byTime = (a: { mjdUtc: number }, b: { mjdUtc: number }): number => a.mjdUtc - b.mjdUtc;
