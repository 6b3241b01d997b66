import { fluxToMag } from "../photometry";
import type { Points, ReadPath } from "../survey";
import { mjdTaiToUtc } from "../time";
import type { Detection, ForcedPoint, UpperLimit } from "../types";
import { rowsOf, toRa } from "./values";

/** First of several names that a row has: Rubin's names changed at 5.0, 7.0 and 8.0. */
const pick = (row: any, ...names: string[]): any => {
  for (const name of names) if (row[name] !== undefined) return row[name];
  return undefined;
};
/** A number, or NaN: tools that copy packets allow null everywhere, and null counts as 0 in arithmetic. */
export const number = (value: unknown): number => (typeof value === "number" ? value : Number.NaN);
export const raOf = (ra: unknown): number => toRa(number(ra));
/** A time in TAI as UTC, NaN for null. */
export const utcOf = (mjdTai: unknown): number => mjdTaiToUtc(number(mjdTai));
const byTime = (a: { mjdUtc: number }, b: { mjdUtc: number }): number => a.mjdUtc - b.mjdUtc;
const timeOf = (row: any): number => utcOf(pick(row, "midpointMjdTai", "midPointTai"));

/** Rubin's bands are lower case; ELAsTiCC writes y as "Y". */
export const bandOf = (band: unknown): string => (typeof band !== "string" ? "" : band === "Y" ? "y" : band);
/** 64-bit link to another table: 0 and null both mean there is none. Some copies of packets hold it as text or as 32 bits. */
export function link(id: unknown): bigint | null {
  const whole = typeof id === "string" ? /^-?\d{1,19}$/.test(id.trim()) : Number.isSafeInteger(id);
  const link = typeof id === "bigint" ? id : whole ? BigInt(id as string | number) : 0n;
  return link === 0n ? null : link;
}
/** A flux that is not known counts as positive, as everywhere in the common view. */
export const isPositive = (flux: unknown): boolean => !(number(flux) < 0);
/** Magnitude of a difference, from the size of its flux whatever the sign. */
export const magOf = (fluxNJy: unknown): number => fluxToMag(Math.abs(number(fluxNJy))).mag;
export const magErrOf = (fluxNJy: unknown, fluxErrNJy: unknown): number =>
  fluxToMag(Math.abs(number(fluxNJy)), number(fluxErrNJy)).magErr;

/**
 * History in packets of Rubin's family.
 * @param toNJy factor from the packet's flux unit to nJy
 */
export const pointsOf =
  (toNJy: number) =>
  (read: ReadPath): Points => ({
    history: rowsOf(read("prvDiaSources"))
      .map((row) => detection(row, toNJy))
      .sort(byTime),
    upperLimits: rowsOf(read("prvDiaNondetectionLimits"))
      .map((row) => upperLimit(row, toNJy))
      .sort(byTime),
  });

function detection(row: any, toNJy: number): Detection {
  const fluxNJy = number(pick(row, "psfFlux", "psFlux")) * toNJy;
  const fluxErrNJy = number(pick(row, "psfFluxErr", "psFluxErr")) * toNJy;
  return {
    mjdUtc: timeOf(row),
    band: bandOf(pick(row, "band", "filterName")),
    mag: magOf(fluxNJy),
    magErr: magErrOf(fluxNJy, fluxErrNJy),
    fluxNJy,
    fluxErrNJy,
    isPositive: isPositive(fluxNJy),
    ra: raOf(row.ra),
    dec: number(pick(row, "dec", "decl")),
    realBogus: number(row.reliability),
    alertId: link(row.diaSourceId),
  };
}

/** `diaNoise` is the 1 sigma flux noise: the 5 sigma limit is five times it. */
function upperLimit(row: any, toNJy: number): UpperLimit {
  return {
    mjdUtc: timeOf(row),
    band: bandOf(pick(row, "band", "filterName")),
    mag: magOf(5 * number(row.diaNoise) * toNJy),
  };
}

export const forcedOf =
  (toNJy: number) =>
  (read: ReadPath): ForcedPoint[] =>
    rowsOf(read("prvDiaForcedSources"))
      .map((row) => ({
        mjdUtc: timeOf(row),
        band: bandOf(pick(row, "band", "filterName")),
        fluxNJy: number(pick(row, "psfFlux", "psFlux")) * toNJy,
        fluxErrNJy: number(pick(row, "psfFluxErr", "psFluxErr")) * toNJy,
      }))
      .sort(byTime);
