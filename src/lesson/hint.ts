import { usageError } from "../errors";
import type { Exercise } from "./exercises/exercise";
import { parts } from "./exercises/parts";

/** How many hints of each exercise were shown in this session. */
const shown = new Map<string, number>();

/**
 * Prints the next hint of an exercise, from vague to precise.
 * @param id number of the exercise, "3.1"
 * @throws USAGE naming the exercises there are
 * @example
 * hint("3.1");
 */
export function hint(id: string): void {
  const exercise = find(id);
  const given = shown.get(exercise.id) ?? 0;
  if (given >= exercise.hints.length) {
    console.log(`That was the last hint. solution("${exercise.id}") shows one way to do it.`);
    return;
  }
  shown.set(exercise.id, given + 1);
  console.log(`Hint ${given + 1} of ${exercise.hints.length}: ${exercise.hints[given]}`);
}

/**
 * Prints one way to solve an exercise, ready to be pasted.
 * @param id number of the exercise, "3.1"
 * @throws USAGE naming the exercises there are
 */
export function solution(id: string): void {
  const exercise = find(id);
  console.log(`// ${exercise.id} ${exercise.title}\n${exercise.solution.trim()}`);
}

function find(id: string): Exercise {
  const all = parts.flatMap((part) => part.exercises);
  const exercise = all.find((one) => one.id === String(id));
  if (!exercise) throw usageError("the number of an exercise", id, `there are: ${all.map((one) => one.id).join(", ")}`);
  return exercise;
}
