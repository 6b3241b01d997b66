import { readRa } from "../sphere";
import { jdToMjd, mjdTaiToUtc } from "../time";

/** A number from what a packet holds; text is read as one; anything else is NaN. */
export function toNumber(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "string" && value.trim() !== "") return Number(value);
  return Number.NaN;
}

/** The rows of a list of a packet: the list and its items may be null, as in copies that Spark writes. */
export const rowsOf = (list: unknown): any[] => (Array.isArray(list) ? list.filter(Boolean) : []);

/** Numbers that stand for "none" in packets: ZTF −999 and −99999, SNANA −9 and 999, SExtractor 99. */
const sentinels = new Set([-9, -99, -999, -9999, -99999, 99, 999, 9999, 99999]);
const unless = (value: number, isMissing: boolean): number => (isMissing ? Number.NaN : value);
/** float32 turns 99.9 into 99.9000015; sentinels are whole, or −99.9 and the like. */
const isSentinel = (value: number): boolean =>
  sentinels.has(value) || sentinels.has(Math.trunc(value) * Number(/^-?9+\.9/.test(String(value))));

export const toRa = readRa;

export const toDec = (degrees: number): number => unless(degrees, !(degrees >= -90 && degrees <= 90));

/** Magnitudes of alerts lie between −9 and 40; 60, 99, 999, −9 and −999 stand for none. */
export const toMag = (mag: number): number => unless(mag, !(mag > -9 && mag < 40));
export const toMagErr = (err: number): number => unless(err, !(err >= 0 && err < 9));
/** A classifier's score from 0 to 1. */
export const toScore = (score: number): number => unless(score, !(score >= 0 && score <= 1));
export const toSnr = (snr: number): number => unless(snr, isSentinel(snr) && snr < 0);
export const toFluxErr = (err: number): number => unless(err, !(err > 0) || !Number.isFinite(err));
/** A flux may have any value; a sentinel is one only where the error is missing as well. */
export const toFlux = (flux: number, err: number | undefined): number =>
  unless(flux, sentinels.has(flux) && (err === undefined || Number.isNaN(toFluxErr(err)) || sentinels.has(err)));

/** Links and ids: 0, −1, negative sentinels and words for "nothing" are null; 99 and 999 are ids as well as any. */
export function toId(value: unknown): bigint | string | null {
  if (typeof value === "bigint") return value === 0n || value === -1n || isNegativeSentinel(value) ? null : value;
  if (typeof value === "number") return Number.isSafeInteger(value) ? toId(BigInt(value)) : null;
  return toText(value) || null;
}

/** A field's number or name. Below 0 is no field; 99 and 999 are fields as well as any. */
export function toField(value: unknown): number | string | null {
  if (typeof value === "bigint") return toField(Number(value));
  if (typeof value === "number") return value >= 0 ? value : null;
  return toText(value) || null;
}

const isNegativeSentinel = (value: bigint | number): boolean => value < 0 && sentinels.has(Number(value));

/** Text; words for "nothing" are the empty text. 99 and 999 are not: asteroids are called so (Dike, Zachia). */
export function toText(value: unknown): string {
  const text = typeof value === "string" ? value.trim() : "";
  return /^(null|none|nan|n\/a|na|-+|-9{2,})$/i.test(text) ? "" : text;
}

/** True where a packet does not say the sign, as null in Spark's copies; "-" says it. */
export function isUnsaid(value: unknown): boolean {
  if (typeof value === "string") return value.trim() !== "-" && toText(value) === "";
  if (typeof value === "number") return Number.isNaN(value) || isNegativeSentinel(value);
  return value === null || value === undefined;
}

/** t, 1, true, +, positive: brighter than the reference. Numbers: above 0. What is not said counts as positive. */
export function toSign(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  if (isUnsaid(value)) return true;
  if (typeof value === "number" || typeof value === "bigint") return value > 0;
  return typeof value === "string" && /^(t|true|1|\+|\+1|p|pos|positive|y|yes)$/i.test(value.trim());
}

/** 12:34:56.7 or 12 34 56.7 as a number of its first unit; NaN when it is not written so. */
export function sexagesimal(text: string): number {
  const parts = /^([+-]?)(\d{1,3})[:h d°]+(\d{1,2})[:m '′]+(\d{1,2}(?:\.\d*)?)[s"″]?$/.exec(text.trim());
  if (!parts) return Number.NaN;
  const value = Number(parts[2]) + Number(parts[3]) / 60 + Number(parts[4]) / 3600;
  return parts[1] === "-" ? -value : value;
}

const unixEpochMjd = 40587;
const secondsPerDay = 86400;

/**
 * A time as MJD (UTC). Its size says its unit, since names do not always: Julian date, modified Julian date, or seconds,
 * milliseconds, microseconds or nanoseconds since 1970; text is read as a number or as an ISO date, UTC when it names no
 * zone.
 *
 * @param isTai true for International Atomic Time, which is turned into UTC
 */
export function toMjdUtc(value: unknown, isTai: boolean): number {
  const mjd = toMjd(value);
  return isTai ? mjdTaiToUtc(mjd) : mjd;
}

function toMjd(value: unknown): number {
  const number = toNumber(value);
  if (typeof value === "string" && Number.isNaN(number)) return isoToMjd(value);
  if (number > 2.4e6 && number < 2.6e6) return jdToMjd(number);
  if (number > 15_000 && number < 200_000) return number; // 1900 to 2406
  for (const perSecond of [1, 1e3, 1e6, 1e9]) {
    const seconds = number / perSecond;
    if (seconds > 1e8 && seconds < 1e10) return unixEpochMjd + seconds / secondsPerDay;
  }
  return Number.NaN;
}

function isoToMjd(text: string): number {
  const iso = text.trim().replace(/^(\d{4}-\d{2}-\d{2}) /, "$1T");
  if (!/^\d{4}-\d{2}-\d{2}/.test(iso)) return Number.NaN;
  const withZone = /T.*(Z|[+-]\d{2}:?\d{2})$/i.test(iso) || iso.length === 10 ? iso : `${iso}Z`;
  return unixEpochMjd + Date.parse(withZone) / (secondsPerDay * 1000);
}
