import { usageError } from "../errors";
import type { Exercise } from "./exercises/exercise";
import { parts } from "./exercises/parts";

/** The exercise of a number; @throws USAGE naming those there are */
export function findExercise(id: string): Exercise {
  const all = parts.flatMap((part) => part.exercises);
  const exercise = all.find((one) => one.id === String(id));
  if (!exercise) throw usageError("the number of an exercise", id, `there are: ${all.map((one) => one.id).join(", ")}`);
  return exercise;
}
