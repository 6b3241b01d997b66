import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { makeFolder } from "../../folders";
import { draftOf } from "../../write-whole";

/**
 * Puts a finished folder in its place. The old one is moved aside first, since a folder cannot replace a filled one.
 * Called while the setup lock is held.
 */
export function swapIn(finished: string, place: string): void {
  const aside = draftOf(place);
  if (existsSync(place)) renameSync(place, aside);
  renameSync(finished, place);
  rmSync(aside, { recursive: true, force: true });
}

/** Removes what an interrupted run left as drafts of `place`, and makes the parent folder. */
export function clearDrafts(place: string): void {
  const parent = dirname(place);
  makeFolder(parent);
  const name = basename(place);
  for (const entry of readdirSync(parent)) {
    if (entry.startsWith(`${name}.new-`)) rmSync(join(parent, entry), { recursive: true, force: true });
  }
}
