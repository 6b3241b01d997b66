import { findExercise } from "./find-exercise";
import { readProgress, rememberSolution } from "./progress-store";

/** How many hints of each exercise were shown in this session. */
const shown = new Map<string, number>();
/** Exercises whose solution was asked for before a try. */
const asked = new Set<string>();

/**
 * Prints the next hint of an exercise, from vague to precise.
 * @param id number of the exercise, "3.1"
 * @throws USAGE naming the exercises there are
 * @example
 * hint("3.1");
 */
export function hint(id: string): void {
  const exercise = findExercise(id);
  const given = shown.get(exercise.id) ?? 0;
  if (given >= exercise.hints.length) {
    console.log(`That was the last hint. solution("${exercise.id}") shows one way to do it.`);
    return;
  }
  shown.set(exercise.id, given + 1);
  console.log(`Hint ${given + 1} of ${exercise.hints.length}: ${exercise.hints[given]}`);
}

/**
 * Prints one way to solve an exercise, ready to be pasted: after a try, or when it is asked for a second time. What is solved
 * afterwards counts as done, and not as done without help.
 *
 * @param id number of the exercise, "3.1"
 * @throws USAGE naming the exercises there are
 * @example
 * solution("3.1");
 */
export function solution(id: string): void {
  const exercise = findExercise(id);
  const isTried = (readProgress()[exercise.id]?.tries ?? 0) > 0;
  if (!isTried && !asked.has(exercise.id)) {
    asked.add(exercise.id);
    console.log(
      `${exercise.id} has not been tried yet. hint("${exercise.id}") helps; asked again, this shows a solution.`,
    );
    return;
  }
  rememberSolution(exercise.id, `${exercise.id} ${exercise.title}`);
  console.log(`// ${exercise.id} ${exercise.title}\n${exercise.solution.trim()}`);
}
