import { fieldReader } from "../../alert/field-reader";
import type { AlertView } from "../../alert/types";

const readers = new Map<string, (alert: AlertView) => any>();

/** The reader of a path, one for all cuts: a reader remembers the schema that it met last. */
function reader(path: string): (alert: AlertView) => any {
  let known = readers.get(path);
  if (!known) readers.set(path, (known = fieldReader(path)));
  return known;
}

/** A field of a ZTF packet's candidate; undefined in packets of other surveys, so that cuts find it missing. */
export const ztf = (field: string): ((alert: AlertView) => any) => reader(`packet.candidate.${field}`);

/** A field of a Rubin packet's diaSource; undefined in packets of other surveys. */
export const lsst = (field: string): ((alert: AlertView) => any) => reader(`packet.diaSource.${field}`);

/** True, false, or null when not given; ZTF writes "t" or "1" for a positive subtraction, "f" or "0" for a negative one. */
export function isPositiveText(isdiffpos: unknown): boolean | null {
  if (isdiffpos === "t" || isdiffpos === "1" || isdiffpos === true || isdiffpos === 1) return true;
  return isdiffpos === "f" || isdiffpos === "0" || isdiffpos === false || isdiffpos === 0 ? false : null;
}

/** A number as it is, anything else as NaN: null would count as 0 in arithmetic and in comparisons. */
export function number(value: unknown): number {
  return typeof value === "number" ? value : Number.NaN;
}

/** Days since ZTF first saw anything at the place (`jd` − `jdstarthist`); NaN when not given. */
export function ageDays(alert: AlertView): number {
  return number(ztf("jd")(alert)) - number(ztf("jdstarthist")(alert));
}

/** A distance in arcseconds, or null when there is none: ZTF writes null or a negative number such as −999. */
export function distance(value: unknown): number | null {
  return typeof value === "number" && value >= 0 ? value : null;
}

/** A magnitude, or NaN when there is none: ZTF writes null or −999. */
export function magnitude(value: unknown): number {
  return typeof value === "number" && value > 0 ? value : Number.NaN;
}

/** Days between the first and the last of an alert's detections that pass the test, its own included; 0 for one. */
export function baselineDays(alert: AlertView, counts: (isPositive: boolean) => boolean): number {
  let [first, last] = counts(alert.isPositive) ? [alert.mjdUtc, alert.mjdUtc] : [Number.NaN, Number.NaN];
  for (const detection of alert.history) {
    if (!counts(detection.isPositive) || Number.isNaN(detection.mjdUtc)) continue;
    if (!(first <= detection.mjdUtc)) first = detection.mjdUtc;
    if (!(last >= detection.mjdUtc)) last = detection.mjdUtc;
  }
  return last - first;
}
