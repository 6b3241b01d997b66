import { inspect } from "node:util";
import { BootcampError, messageOf, usageError } from "../errors";
import { printable } from "../terminal";
import { dataSetName, unknownAnswer } from "./data-set";
import { remember } from "./progress-store";
import { sameValue } from "./same";

/** Options of {@link check}. */
export interface CheckOptions {
  /** Largest difference between numbers that still counts as right; default 0. */
  tolerance?: number;
}

/**
 * Checks an answer and prints it on one line: verdict, label, value, time taken.
 *
 * A wrong answer shows both values, and the notebook goes on. With `BOOTCAMP_STRICT=1`, as in the project's own tests, it
 * throws instead. What is right is kept in the learner's progress under the number that the label begins with.
 *
 * Equal are: numbers within `tolerance`, 37 and 37n, lists and records part by part.
 *
 * @param label number and question: "3.1 alerts brighter than 16"
 * @param expected the answer; {@link expectedIn} chooses one by data set
 * @param answer the value, or a function that works it out; an async one is waited for, so `await check(…)`
 * @throws USAGE for an empty label; with `BOOTCAMP_STRICT=1` CHECK_FAILED for a wrong answer
 * @example
 * check("3.1 alerts brighter than 16", 39, () => night.filter((a) => a.mag < 16).length);
 */
export function check<T>(
  label: string,
  expected: unknown,
  answer: () => Promise<T>,
  options?: CheckOptions,
): Promise<void>;
export function check(label: string, expected: unknown, answer: unknown, options?: CheckOptions): void;
export function check(
  label: string,
  expected: unknown,
  answer: unknown,
  options: CheckOptions = {},
): void | Promise<void> {
  if (typeof label !== "string" || label.trim() === "") throw usageError("a label for the check", label);
  const { tolerance = 0 } = options;
  if (!(tolerance >= 0)) throw usageError("a tolerance of 0 or more", tolerance);
  const start = performance.now();
  const judge = (value: unknown) => report(label, expected, value, tolerance, performance.now() - start);
  const failed = (error: unknown) => reportFailure(label, expected, error);
  if (typeof answer !== "function") return judge(answer);
  let value: unknown;
  try {
    value = answer();
  } catch (error) {
    return failed(error);
  }
  if (value instanceof Promise) return value.then(judge, failed);
  return judge(value);
}

function report(label: string, expected: unknown, value: unknown, tolerance: number, milliseconds: number): void {
  const time = milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
  if (expected === unknownAnswer) {
    console.log(
      printable(`· ${label}: ${show(value)} (no answer is known for the data set "${dataSetName()}", ${time})`),
    );
    return;
  }
  if (sameValue(value, expected, tolerance)) {
    console.log(printable(`✓ ${label}: ${show(value)} (${time})`));
    remember(label, true);
    return;
  }
  const got = value === undefined ? "no value yet" : show(value);
  const within = tolerance > 0 ? ` ± ${tolerance}` : "";
  wrong(label, `${got}, expected ${show(expected)}${within} (${time})`);
}

function reportFailure(label: string, expected: unknown, error: unknown): void {
  const answer = expected === unknownAnswer ? "" : `, expected ${show(expected)}`;
  wrong(label, `failed: ${messageOf(error)}${answer}`, error);
}

function wrong(label: string, says: string, cause?: unknown): void {
  console.log(printable(`✗ ${label}: ${says}`));
  remember(label, false);
  if (process.env["BOOTCAMP_STRICT"] === "1") {
    throw new BootcampError("CHECK_FAILED", `Wrong answer to ${label}: ${says}`, cause === undefined ? {} : { cause });
  }
}

/** One line, however large the value is. */
function show(value: unknown): string {
  const text = inspect(value, {
    breakLength: Number.POSITIVE_INFINITY,
    depth: 2,
    maxArrayLength: 12,
    maxStringLength: 200,
  });
  const line = text.replaceAll(/\s*\n\s*/g, " ");
  return line.length > 300 ? `${line.slice(0, 297)}…` : line;
}
