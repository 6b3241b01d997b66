import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { messageOf } from "../errors";

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
  const home = process.env["BOOTCAMP_HOME"];
  return join(home ? resolve(home) : resolve(__dirname, "../../.bootcamp"), "progress.json");
}

/** All records by exercise number; none when the file is absent or damaged. */
export function readProgress(): Record<string, Attempt> {
  try {
    const content: unknown = JSON.parse(readFileSync(progressFile(), "utf8"));
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
    mkdirSync(resolve(file, ".."), { recursive: true });
    // Written beside and renamed: a kernel that dies while writing leaves the old file.
    writeFileSync(`${file}.${process.pid}.part`, `${JSON.stringify(all, null, 2)}\n`);
    renameSync(`${file}.${process.pid}.part`, file);
  } catch (error) {
    if (!warned) console.warn(`progress is not kept: ${messageOf(error)}`);
    warned = true;
  }
}

/** "3.1" of "3.1 bright alerts"; null for a label without a number, which is not an exercise. */
export function idOfLabel(label: string): string | null {
  return /^\s*(\d+\.\d+)\b/.exec(label)?.[1] ?? null;
}
