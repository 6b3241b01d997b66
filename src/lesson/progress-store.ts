import { readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { BootcampError, messageOf } from "../errors";
import { makeFolder } from "../folders";
import { bootcampHome } from "../version";
import { writeWhole } from "../write-whole";

/** What is kept of one exercise. */
export interface Attempt {
  label: string;
  passed: boolean;
  tries: number;
  /** When it was first right, or last tried; ISO 8601, UTC. */
  at: string;
  /** The solution was shown before it was right. */
  solutionSeen?: boolean;
}

let warned = false;

/** File with the learner's progress: in `BOOTCAMP_HOME`, else in `.bootcamp` of the checkout. */
export function progressFile(): string {
  return join(bootcampHome(), "progress.json");
}

/** All records by exercise number; none when the file is absent or damaged. */
export function readProgress(): Record<string, Attempt> {
  try {
    const file = progressFile();
    if (!statSync(file).isFile()) return {}; // a pipe or a device would be read without end
    const content: unknown = JSON.parse(readFileSync(file, "utf8"));
    return typeof content === "object" && content !== null ? { ...(content as Record<string, Attempt>) } : {};
  } catch {
    return {};
  }
}

/** Keeps the outcome of a check; once right stays right. A place that cannot be written never stops a lesson. */
export function remember(id: string, label: string, passed: boolean): Attempt {
  return keep(id, label, (before) => ({
    passed: passed || before.passed,
    tries: before.tries + 1,
    at: before.passed ? before.at : new Date().toISOString(),
  }));
}

/** Keeps that the solution was shown; of an exercise that is right already it makes no difference. */
export function rememberSolution(id: string, label: string): void {
  keep(id, label, (before) => (before.passed ? {} : { solutionSeen: true }));
}

function keep(id: string, label: string, change: (before: Attempt) => Partial<Attempt>): Attempt {
  const all = readProgress();
  const before = all[id] ?? { label, passed: false, tries: 0, at: new Date().toISOString() };
  const after = { ...before, label, ...change(before) };
  all[id] = after;
  const file = progressFile();
  try {
    makeFolder(dirname(file), 0o700);
    writeWhole(file, `${JSON.stringify(all, null, 2)}\n`);
  } catch (error) {
    if (!warned) console.warn(`progress is not kept: ${messageOf(error)}`);
    warned = true;
  }
  return after;
}

/**
 * Forgets what a learner has done, so that the lessons begin anew.
 *
 * @returns how many exercises were forgotten
 * @throws FILE_ACCESS when the file cannot be removed
 * @example
 * lesson.resetProgress();
 */
export function resetProgress(): number {
  const count = Object.keys(readProgress()).length;
  const file = progressFile();
  try {
    rmSync(file, { force: true });
  } catch (error) {
    throw new BootcampError("FILE_ACCESS", `Expected to remove ${file}: ${messageOf(error)}`, { where: file });
  }
  return count;
}
