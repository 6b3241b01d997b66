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
export function remember(label: string, passed: boolean): void {
  const id = idOfLabel(label);
  if (id === null) return;
  const all = readProgress();
  const before = all[id];
  all[id] = {
    label,
    passed: passed || before?.passed === true,
    tries: (before?.tries ?? 0) + 1,
    at: before?.passed ? before.at : new Date().toISOString(),
  };
  const file = progressFile();
  try {
    makeFolder(dirname(file), 0o700);
    writeWhole(file, `${JSON.stringify(all, null, 2)}\n`);
  } catch (error) {
    if (!warned) console.warn(`progress is not kept: ${messageOf(error)}`);
    warned = true;
  }
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

/** "3.1" of "3.1 bright alerts"; null for a label without a number, which is not an exercise. */
export function idOfLabel(label: string): string | null {
  return /^\s*(\d+\.\d+)\b/.exec(label)?.[1] ?? null;
}
