import { usageError } from "../errors";
import { expectArgument } from "../expect";

/** Difference between Julian and modified Julian date, days. */
const JD_MINUS_MJD = 2400000.5;
const SECONDS_PER_DAY = 86400;
const MJD_OF_UNIX_EPOCH = 40587;

/**
 * TAI − UTC in whole seconds from each date (MJD UTC) on, since leap seconds began.
 * Source: IERS Bulletin C; the last step was 2017-01-01. A new leap second would be one more row.
 */
const LEAP_SECONDS: readonly (readonly [mjdUtc: number, taiMinusUtc: number])[] = [
  [41317, 10],
  [41499, 11],
  [41683, 12],
  [42048, 13],
  [42413, 14],
  [42778, 15],
  [43144, 16],
  [43509, 17],
  [43874, 18],
  [44239, 19],
  [44786, 20],
  [45151, 21],
  [45516, 22],
  [46247, 23],
  [47161, 24],
  [47892, 25],
  [48257, 26],
  [48804, 27],
  [49169, 28],
  [49534, 29],
  [50083, 30],
  [50630, 31],
  [51179, 32],
  [53736, 33],
  [54832, 34],
  [56109, 35],
  [57204, 36],
  [57754, 37],
];

/**
 * Julian date to modified Julian date, days; the time scale stays what it was.
 * @example
 * astro.jdToMjd(2458451.5) // 58451
 */
export function jdToMjd(jd: number): number {
  expectArgument("number", jd, "a Julian date in days, as a number");
  return jd - JD_MINUS_MJD;
}

/**
 * Modified Julian date to Julian date, days; the time scale stays what it was.
 * @example
 * astro.mjdToJd(58451); // 2458451.5
 */
export function mjdToJd(mjd: number): number {
  expectArgument("number", mjd, "a modified Julian date in days, as a number");
  return mjd + JD_MINUS_MJD;
}

/** TAI − UTC in seconds at a UTC modified Julian date; 10 before 1972, NaN for NaN. */
export function leapSecondsAtUtc(mjdUtc: number): number {
  expectArgument("number", mjdUtc, "a modified Julian date in days, as a number");
  if (Number.isNaN(mjdUtc)) return Number.NaN;
  for (let i = LEAP_SECONDS.length - 1; i > 0; i--) if (mjdUtc >= LEAP_SECONDS[i]![0]) return LEAP_SECONDS[i]![1];
  return 10;
}

/**
 * Modified Julian date, TAI (Rubin's `midpointMjdTai`) to UTC: 37 s earlier since 2017.
 * @example
 * astro.mjdTaiToUtc(61095.5) // 61095.49957…
 */
export function mjdTaiToUtc(mjdTai: number): number {
  expectArgument("number", mjdTai, "a modified Julian date in days, as a number");
  if (Number.isNaN(mjdTai)) return Number.NaN;
  for (let i = LEAP_SECONDS.length - 1; i > 0; i--) {
    const mjdUtc = mjdTai - LEAP_SECONDS[i]![1] / SECONDS_PER_DAY;
    if (mjdUtc >= LEAP_SECONDS[i]![0]) return mjdUtc;
  }
  return mjdTai - 10 / SECONDS_PER_DAY;
}

/**
 * Modified Julian date, UTC to TAI.
 * @example
 * astro.mjdUtcToTai(58451); // 58451.00042…
 */
export function mjdUtcToTai(mjdUtc: number): number {
  return mjdUtc + leapSecondsAtUtc(mjdUtc) / SECONDS_PER_DAY;
}

/**
 * Modified Julian date (UTC) of a JavaScript date.
 * @example
 * astro.dateToMjd(new Date("2018-11-29T00:00:00Z")); // 58451
 */
export function dateToMjd(date: Date): number {
  if (!(date instanceof Date)) throw usageError("a Date", date, 'write new Date("2026-01-31T00:00:00Z")');
  return date.getTime() / (SECONDS_PER_DAY * 1000) + MJD_OF_UNIX_EPOCH;
}

/**
 * JavaScript date of a modified Julian date (UTC), to the millisecond.
 * @throws USAGE when the number is not finite or beyond what a Date holds.
 * @example
 * astro.mjdToDate(58451.5).toISOString(); // 2018-11-29T12:00:00.000Z
 */
export function mjdToDate(mjdUtc: number): Date {
  expectArgument("number", mjdUtc, "a modified Julian date in days, as a number");
  const date = new Date(Math.round((mjdUtc - MJD_OF_UNIX_EPOCH) * SECONDS_PER_DAY * 1000));
  if (Number.isNaN(date.getTime())) throw usageError("a modified Julian date in days", mjdUtc);
  return date;
}
