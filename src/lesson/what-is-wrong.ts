import type { Mistake } from "./exercises/exercise";
import { sameValue } from "./same";

/** Ratios of units that are mixed up: degrees, arcminutes and arcseconds; days, hours and minutes; per cent; thousands. */
const factors = [3600, 1440, 60, 24, 100, 1000, 86_400];

/**
 * What kind of wrong an answer is. Nothing here says the right one.
 *
 * @param mistakes those of the exercise, which go first among values of the right kind
 * @example
 * whatIsWrong("37", 37, []); // a text that reads like the number: leave out the quotation marks
 */
export function whatIsWrong(answer: unknown, right: unknown, mistakes: readonly Mistake[], tolerance = 0): string {
  return (
    wrongKind(answer, right, tolerance) ??
    mistakes.find(({ value }) => sameValue(answer, value, tolerance) && !sameValue(right, value, tolerance))?.is ??
    wrongNumber(answer, right, tolerance) ??
    "not it"
  );
}

/** Whether an answer is what stands in the cell when the notebook is opened: 0, nothing, or the filter that keeps everything. */
export function isUntouched(answer: unknown): boolean {
  if (Array.isArray(answer)) return answer.length === 0;
  if (typeof answer === "object" && answer !== null) {
    const { falseNegatives, trueNegatives } = answer as { falseNegatives?: number; trueNegatives?: number };
    return falseNegatives === 0 && trueNegatives === 0;
  }
  return answer === undefined || answer === null || answer === 0 || answer === "";
}

/** Of something that cannot be an answer at all. */
function wrongKind(answer: unknown, right: unknown, tolerance: number): string | undefined {
  if (isUntouched(answer)) return "no answer yet";
  if (answer instanceof Promise) return "a promise of a value: write await before it";
  if (typeof answer === "function") return "a function, and not what it gives";
  if (!isNumber(right)) {
    const isCase = typeof right === "string" && String(answer).toLowerCase() === right.toLowerCase();
    return isCase ? "right but for capital letters" : undefined;
  }
  if (typeof answer === "string") {
    const reads = answer.trim() !== "" && sameValue(Number(answer), Number(right), tolerance);
    return reads
      ? "a text that reads like the number: leave out the quotation marks"
      : "a text, where a number is asked for";
  }
  if (Array.isArray(answer)) return "a list, where a number is asked for: its length, perhaps";
  if (answer instanceof Set || answer instanceof Map)
    return "a collection, where a number is asked for: its size, perhaps";
  if (typeof answer === "object") return "an object, where a number is asked for";
  if (typeof answer === "boolean") return "true or false, where a number is asked for";
  return Number.isNaN(answer) ? "NaN, not a number: what was not measured got into the sum" : undefined;
}

const isNumber = (value: unknown): value is number | bigint => typeof value === "number" || typeof value === "bigint";

/** Of a number: one too many, another sign, another unit. */
function wrongNumber(answer: unknown, right: unknown, tolerance: number): string | undefined {
  if (!isNumber(answer) || !isNumber(right)) return undefined;
  const [is, should] = [Number(answer), Number(right)];
  const isCount = tolerance === 0 && Number.isInteger(should);
  if (isCount && is === should + 1) return "one too many";
  if (isCount && is === should - 1) return "one too few";
  if (is === 0 || should === 0) return undefined;
  const near = (value: number) => Math.abs(value - should) <= Math.max(tolerance, Math.abs(should) * 1e-9);
  if (near(-is)) return "right but for its sign";
  for (const factor of factors) {
    if (near(is / factor)) return `${factor} times too large: look at the unit`;
    if (near(is * factor)) return `${factor} times too small: look at the unit`;
  }
  return undefined;
}
