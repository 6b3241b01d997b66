import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * A name beside `path` for what becomes `path` when it is finished. Nobody can guess it, and so put a link there that
 * leads the writing elsewhere.
 */
export const draftOf = (path: string): string => `${path}.new-${randomUUID()}`;

/**
 * Writes a file whole: whoever reads it, also after a crash, finds the old content or the new one. Its folder must exist.
 *
 * @param mode of the file, less what the umask takes; 0o600 for what others must not read. Default 0o644: never for others
 *   to write, whatever the umask
 * @throws the error of the system; then the old content is there, and no draft
 * @example
 * writeWhole("night.json", JSON.stringify(night));
 */
export function writeWhole(file: string, content: string | Uint8Array, mode = 0o644): void {
  const draft = draftOf(file);
  try {
    // "wx": a new file, which takes the mode and follows no link
    const open = openSync(draft, "wx", mode);
    try {
      writeFileSync(open, content);
      // without it a computer that loses its power may keep the new name with half of the content
      fsyncSync(open);
    } finally {
      closeSync(open);
    }
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
