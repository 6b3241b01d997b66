import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * Puts a finished folder in its place. The old one is moved aside first, since a folder cannot replace a filled one.
 * Called while the setup lock is held.
 */
export function swapIn(finished: string, place: string): void {
  const aside = `${place}.old-${process.pid}`;
  if (existsSync(place)) renameSync(place, aside);
  renameSync(finished, place);
  rmSync(aside, { recursive: true, force: true });
}

/** Removes what an interrupted run left under `<place>.<word>-…`, and makes the parent folder. */
export function clearDrafts(place: string): void {
  const parent = dirname(place);
  mkdirSync(parent, { recursive: true });
  const name = basename(place);
  for (const entry of readdirSync(parent)) {
    if (entry.startsWith(`${name}.new-`) || entry.startsWith(`${name}.old-`)) {
      rmSync(join(parent, entry), { recursive: true, force: true });
    }
  }
}
