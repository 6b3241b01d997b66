import { statfsSync } from "node:fs";
import { BootcampError } from "../../errors";

/** Kafka cannot do anything with less. It does not always say so: with a cut `meta.properties` it misses a node id. */
const LEAST_BYTES = 1024 * 1024;

/**
 * True when a program failed for lack of room on the disk of `folder`: it says so in Linux's or Java's words, or there is
 * none.
 */
export function isDiskFull(folder: string, words: string): boolean {
  if (/No space left on device|ENOSPC|Disk quota exceeded/i.test(words)) return true;
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < LEAST_BYTES;
  } catch {
    return false; // the folder is gone
  }
}

/** The error for it; it names the folder, since that is where room has to be made. */
export const diskFull = (folder: string): BootcampError =>
  new BootcampError("ENGINE_FAILED", `Kafka ended since the disk of ${folder} is full`, {
    where: folder,
    remedy: "make room there, then npx alerts up; or keep the data on a larger disk: set BOOTCAMP_HOME",
  });
