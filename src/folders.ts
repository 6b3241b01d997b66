import { mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder and those above it; does nothing when it is there. In place of `mkdir` with `recursive`, which never
 * ends where a folder is there and nothing can be made in it, such as `/proc` (Node 20 to 24: ten minutes at full speed,
 * deaf to signals).
 *
 * @param mode of the folders that are made, e.g. 0o700; the umask can only take from it. Default 0o777, as mkdir has it
 * @throws the error of the system: EACCES, ENOTDIR, EEXIST for a file of that name, ENOENT where nothing can be made
 * @example
 * makeFolder("data/nights");
 */
export function makeFolder(path: string, mode = 0o777): void {
  const absent: string[] = [];
  for (let folder = resolve(path); !isFolder(folder); folder = dirname(folder)) absent.unshift(folder);
  for (const folder of absent) {
    try {
      mkdirSync(folder, { mode });
    } catch (error) {
      // made by somebody else in the meantime
      if ((error as NodeJS.ErrnoException).code !== "EEXIST" || !isFolder(folder)) throw error;
    }
  }
}

/** The root always is one, so that the way up has an end. */
function isFolder(path: string): boolean {
  if (dirname(path) === path) return true;
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    return false; // below a file, or closed: making it says which
  }
}
