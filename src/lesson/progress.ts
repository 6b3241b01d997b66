import { parts } from "./exercises/parts";
import { readProgress } from "./progress-store";

/** How far a learner is in one part. */
export interface PartProgress {
  readonly part: number;
  readonly title: string;
  readonly done: number;
  readonly total: number;
  /** Numbers of the exercises that are not right yet. */
  readonly open: readonly string[];
}

/** Progress per part, as plain rows. */
export function progressRows(): PartProgress[] {
  const kept = readProgress();
  return parts.map(({ part, title, exercises }) => {
    const open = exercises.map(({ id }) => id).filter((id) => !kept[id]?.passed);
    return { part, title, done: exercises.length - open.length, total: exercises.length, open };
  });
}

/**
 * Prints what is done of every part.
 * @example
 * progress();
 */
export function progress(): void {
  const rows = progressRows();
  const width = Math.max(...rows.map((row) => row.title.length));
  for (const { part, title, done, total, open } of rows) {
    const bar = "█".repeat(done) + "░".repeat(total - done);
    console.log(
      `Part ${part}  ${title.padEnd(width)}  ${bar} ${done} of ${total}${done && open[0] ? `, next ${open[0]}` : ""}`,
    );
  }
}
