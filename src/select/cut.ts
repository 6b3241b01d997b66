import { fieldReader } from "../alert/field-reader";
import { refuseMisspelt } from "../alert/misspelt";
import type { AlertView } from "../alert/types";
import { BootcampError, describeValue, usageError } from "../errors";
import { makeCut, verdictOf } from "./make-cut";
import { showValue } from "./table";
import type { Cut, CutLimits, CutNotes, CutValue } from "./types";
import type { Verdict } from "./verdict";

const LIMITS = ["min", "max", "above", "below", "equals", "oneOf"] as const;
const SIGNS = { min: "≥", max: "≤", above: ">", below: "<", equals: "=", oneOf: "one of" } as const;
const NOTES = ["threshold", "source"];

/**
 * A named cut on one value of an alert, or any named test of it.
 *
 * A value of null, undefined or NaN is *missing*: the cut does not pass, and neither does its `cut.not`. Beware of arithmetic
 * that turns null into a number: `Math.abs(null)` is 0; write `{ min: -0.1, max: 0.1 }` instead of an absolute value.
 *
 * @param name what the funnel and `explain` call it
 * @param value reads the value from the alert, or names its field: `"mag"`, `"packet.candidate.rb"` (missing where a survey
 *   or schema version has no such field); or, without limits, the test itself
 * @param limits `min` ≥, `max` ≤, `above` >, `below` <, `equals`, `oneOf`; several must hold together
 * @throws USAGE for an empty name, a field that no alert can have, unknown or impossible limits; on use, NO_FIELD
 *   with the nearest fields for one that no schema has, SELECTION with the alert when `value` throws
 * @example
 * const clean = cut.all(cut("real", "packet.candidate.rb", { min: 0.65 }), cut("bright", a => a.mag < 16));
 */
export function cut<A = AlertView>(
  name: string,
  value: string | ((alert: A) => CutValue),
  limits: CutLimits & CutNotes = {},
): Cut<A> {
  if (typeof name !== "string" || name.trim() === "") throw usageError("a name for the cut", name);
  const read = typeof value === "string" ? (fieldReader(value, refuseMisspelt) as (alert: unknown) => CutValue) : value;
  if (typeof read !== "function") throw usageError(`a function or a field of the alert for cut "${name}"`, read);
  const given = checkLimits(name, limits);
  if (typeof value === "string" && given.length === 0)
    throw usageError(`limits for the field of cut "${name}"`, "none");
  const about = { label: name, ...(limits.source === undefined ? {} : { source: limits.source }) };

  if (given.length === 0) {
    return makeCut<A>({ ...about, kind: "predicate", threshold: limits.threshold ?? "true", read, judge: verdictOf });
  }
  const threshold = limits.threshold ?? thresholdText(limits, given);
  return makeCut<A>({ ...about, kind: "value", threshold, read, judge: judgeBy(limits) });
}

/** The limits as a judgement of a value, put together once: a cut meets every alert. */
function judgeBy(limits: CutLimits): (value: CutValue) => Verdict {
  const { equals, oneOf } = limits;
  const isOrdered = [limits.min, limits.max, limits.above, limits.below].some((limit) => limit !== undefined);
  const isChoice = equals !== undefined || oneOf !== undefined;
  // a comparison with NaN is false, so a limit that is not set turns nothing away
  const { min = Number.NaN, max = Number.NaN, above = Number.NaN, below = Number.NaN } = limits;
  return (value) => {
    if (typeof value === "number") {
      if (Number.isNaN(value)) return "missing";
    } else if (value === null || value === undefined) {
      return "missing";
    } else if (isOrdered && typeof value !== "bigint") {
      // JavaScript would compare "9" and 10 as text or true as 1, quietly.
      throw new BootcampError("USAGE", `Expected a number to compare with the limits, got ${describeValue(value)}`);
    }
    const size = value as number; // or a bigint; of anything else no limit is set
    if (size < min || size > max || size <= above || size >= below) return "failed";
    if (!isChoice) return "passed";
    const isChosen = (equals === undefined || same(value, equals)) && (oneOf?.some((one) => same(value, one)) ?? true);
    return isChosen ? "passed" : "failed";
  };
}

/** Equality by value across number and bigint, strict otherwise: "1" is not 1. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a === "bigint" && typeof b === "number") return Number.isInteger(b) && BigInt(b) === a;
  if (typeof a === "number" && typeof b === "bigint") return same(b, a);
  return a === b;
}

function checkLimits(name: string, options: CutLimits & CutNotes): (typeof LIMITS)[number][] {
  for (const key of Object.keys(options)) {
    if (!(LIMITS as readonly string[]).includes(key) && !NOTES.includes(key)) {
      throw usageError(`limits ${LIMITS.join(", ")} for cut "${name}"`, key);
    }
  }
  const given = LIMITS.filter((key) => options[key] !== undefined);
  for (const key of ["min", "max", "above", "below"] as const) {
    const limit = options[key];
    if (limit !== undefined && typeof limit !== "bigint" && !(typeof limit === "number" && !Number.isNaN(limit))) {
      throw usageError(`a number as ${key} of cut "${name}"`, limit);
    }
  }
  const low = options.min ?? options.above;
  const high = options.max ?? options.below;
  if (low !== undefined && high !== undefined && low > high) {
    throw usageError(`limits of cut "${name}" that some value can meet`, `${low} … ${high}`);
  }
  if (options.oneOf !== undefined && !Array.isArray(options.oneOf)) {
    throw usageError(`an array as oneOf of cut "${name}"`, options.oneOf);
  }
  return given;
}

function thresholdText(limits: CutLimits, given: readonly (typeof LIMITS)[number][]): string {
  const text = (limit: unknown) => (Array.isArray(limit) ? limit.map(showValue).join(", ") : showValue(limit));
  return given.map((key) => `${SIGNS[key]} ${text(limits[key])}`).join(" and ");
}
