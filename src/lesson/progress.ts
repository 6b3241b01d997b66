import { parts } from "./exercises/parts";
import { readProgress } from "./progress-store";

/** How far a learner is in one part. */
export interface PartProgress {
  readonly part: number;
  readonly title: string;
  readonly done: number;
  /** Of these, solved before the solution was shown. */
  readonly own: number;
  readonly total: number;
  /** Numbers of the exercises that are not right yet. */
  readonly open: readonly string[];
}

/**
 * Progress per part, as plain rows.
 * @example
 * const open = lesson.progressRows().flatMap((row) => row.open);
 */
export function progressRows(): PartProgress[] {
  const kept = readProgress();
  return parts.map(({ part, title, exercises }) => {
    const done = exercises.filter(({ id }) => kept[id]?.passed);
    const own = done.filter(({ id }) => !kept[id]!.solutionSeen).length;
    const open = exercises.filter((one) => !done.includes(one)).map(({ id }) => id);
    return { part, title, done: done.length, own, total: exercises.length, open };
  });
}

/**
 * Prints what is done of every part, and how much of it without the solution.
 * @example
 * progress();
 */
export function progress(): void {
  const rows = progressRows();
  const width = Math.max(...rows.map((row) => row.title.length));
  for (const { part, title, done, own, total, open } of rows) {
    const bar = "█".repeat(own) + "▒".repeat(done - own) + "░".repeat(total - done);
    const helped = own < done ? `, ${own} without the solution` : "";
    const next = done && open[0] ? `, next ${open[0]}` : "";
    console.log(`Part ${part}  ${title.padEnd(width)}  ${bar} ${done} of ${total}${helped}${next}`);
  }
}
