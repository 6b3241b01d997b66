import type { Exposure } from "./cadence";
import { fraction, rounded } from "./numeric";
import type { CameraPlace } from "./sky-source";

/** Numbers and names in the survey's own manner, worked out from public alerts. */

/** Filter number of a band. */
export const fidOf = (band: Exposure["band"]): number => ({ g: 1, r: 2, i: 3 })[band];

export const jdOf = (mjdUtc: number): number => rounded(mjdUtc + 2_400_000.5, 7);

/** Night number: days since 2017-01-01. */
export const nidOf = (mjdUtc: number): number => Math.floor(mjdUtc) - 57_754;

/** Image number: night (4 digits), fraction of the day (5), channel (2), and 15 for a public science image. */
export function pidOf(mjdUtc: number, { rcid }: Pick<CameraPlace, "rcid">): number {
  return nidOf(mjdUtc) * 1e9 + Math.floor(fraction(mjdUtc) * 1e5) * 1e4 + rcid * 100 + 15;
}

/** Alert number: image number, 015 for a brightening or 010 for a fading, and the row in the image's table. */
export function candidOf(pid: number, isPositive: boolean, row: number): bigint {
  return BigInt(pid) * 1_000_000n + (isPositive ? 15_000n : 10_000n) + BigInt(row);
}

/** Reference image number: field, 12, filter, channel. */
export const rfidOf = (field: number, fid: number, rcid: number): number => field * 1e6 + 120_000 + fid * 100 + rcid;

/** Year, month and day of an MJD (Richards' form of the Gregorian rule). */
export function civil(mjd: number): { year: number; month: number; day: number } {
  const days = Math.floor(mjd) + 678_881; // since 0000-03-01
  const era = Math.floor(days / 146_097);
  const ofEra = days - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

const two = (n: number): string => String(n).padStart(2, "0");

/** Name of the difference image. */
export function imageName(exposure: Exposure, rcid: number): string {
  const { year, month, day } = civil(exposure.mjdUtc);
  const part = String(Math.floor(fraction(exposure.mjdUtc) * 1e6)).padStart(6, "0");
  const field = String(exposure.field.id).padStart(6, "0");
  const detector = two(Math.floor(rcid / 4) + 1);
  return `ztf_${year}${two(month)}${two(day)}${part}_${field}_z${exposure.band}_c${detector}_o_q${(rcid % 4) + 1}_scimrefdiffimg.fits`;
}

/** How many names of seven letters there are. */
export const objectNames = 8_031_810_176; // 26 to the 7th

/** Object name: ZTF, year of its first detection, seven letters; no two numbers below {@link objectNames} share their letters. */
export function objectName(firstMjd: number, number: number): string {
  // the factor has no divisor in common with 26, so all differ; the product is too large for a number
  let rest = Number((BigInt(number) * 4_967_102_831n + 20_011_979n) % BigInt(objectNames));
  let name = "";
  for (let i = 0; i < 7; i++) {
    name = String.fromCharCode(97 + (rest % 26)) + name;
    rest = Math.floor(rest / 26);
  }
  return `ZTF${two(civil(firstMjd).year % 100)}${name}`;
}
