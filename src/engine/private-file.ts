import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Writes a file that its owner alone may read, whole: a reader sees the old text or the new one. A folder made for it
 * is closed to others as well.
 */
export function writePrivate(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // a new file, since the mode is not applied to one that is there
  const draft = `${file}.new-${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}
