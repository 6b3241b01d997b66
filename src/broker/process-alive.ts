import { existsSync, readFileSync } from "node:fs";

/** True while a process of that id exists, whoever owns it; one that has ended and was not asked for yet does not count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync(`/proc/${pid}/stat`) || !isZombie(statOf(pid));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** What Linux says of a process, from the third field on: the second, its name in parentheses, may hold blanks itself. */
export const statOf = (pid: number): string[] =>
  readFileSync(`/proc/${pid}/stat`, "utf8").replace(/.*\)/s, "").trim().split(" ");

/** It has ended; only its parent has not asked yet. */
export const isZombie = ([state]: readonly string[]): boolean => state === "Z";
