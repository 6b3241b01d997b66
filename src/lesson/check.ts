import { inspect } from "node:util";
import { BootcampError } from "../errors";
import { printable } from "../terminal";
import type { Exercise } from "./exercises/exercise";
import { findExercise } from "./find-exercise";
import { remember } from "./progress-store";
import { sameValue } from "./same";
import { isUntouched, whatIsWrong } from "./what-is-wrong";

/**
 * Checks the answer to an exercise and prints the verdict on one line.
 *
 * A wrong answer is told what kind of wrong it is, where that can be known, and never the right one; the notebook goes on. With
 * `BOOTCAMP_STRICT=1`, as in the project's own tests, it throws instead. Tries and what is right are kept in the learner's
 * progress; a cell as it came, with 0 or an empty list in it, is no try.
 *
 * Equal are: numbers within the tolerance of the exercise, 37 and 37n, lists and records part by part.
 *
 * @param id number of the exercise, "3.1"
 * @param answer the value; of an open exercise the score of a filter, or the report that is asked for
 * @param data what the exercise is about, as its cell has it: the right answer is worked out of them
 * @throws USAGE for a number that no exercise has, or data that are not its own; CHECK_FAILED with `BOOTCAMP_STRICT=1`
 * @example
 * check("1.3", objects, night);
 */
export function check(id: string, answer: unknown, data?: unknown): void {
  const exercise = findExercise(id);
  const label = `${exercise.id} ${exercise.title}`;
  const wrong = problemOf(exercise, answer, data);
  const value = exercise.lacks ? "" : `: ${show(answer)}`;
  if (wrong === undefined) {
    const { tries } = remember(exercise.id, label, true);
    console.log(printable(`✓ ${label}${value} (${tries === 1 ? "first try" : `try ${tries}`})`));
    return;
  }
  const tries = isUntouched(answer) ? 0 : remember(exercise.id, label, false).tries;
  const help = tries > 1 ? `; hint("${exercise.id}") helps` : "";
  const count = tries > 0 ? ` (try ${tries}${help})` : "";
  const says = `${value}${value === "" ? ":" : ","} ${wrong}`;
  console.log(printable(`✗ ${label}${says}${count}`));
  if (process.env["BOOTCAMP_STRICT"] === "1") {
    throw new BootcampError("CHECK_FAILED", `Wrong answer to ${label}${says}`);
  }
}

/** What is wrong with an answer; undefined for a right one. */
function problemOf(exercise: Exercise, answer: unknown, data: unknown): string | undefined {
  const { tolerance = 0 } = exercise;
  try {
    if (exercise.lacks) return exercise.lacks(answer);
    const right = exercise.answer?.(data);
    if (sameValue(answer, right, tolerance)) return undefined;
    return whatIsWrong(answer, right, exercise.mistakes?.(data) ?? [], tolerance);
  } catch (cause) {
    throw new BootcampError("USAGE", `Expected the data of exercise ${exercise.id} after the answer, got others`, {
      remedy: "put the line of the check back as it was",
      cause,
    });
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
