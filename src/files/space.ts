import { statfsSync } from "node:fs";
import { BootcampError } from "../errors";
import { formatBytes } from "./limits";

/**
 * Disk needed per byte of a tarball: itself and its content. The night of 2018-11-29 is 22 MB packed and 55 MB
 * unpacked (2.5-fold); 3-fold leaves room for the half-filled last block of each small file.
 */
export const spaceFactor = 1 + 3;

/**
 * Throws before anything is written when the disk of `folder` cannot hold `neededBytes`.
 *
 * @param freeBytes bytes free there; asked of the file system when not given
 * @throws BootcampError FILE_ACCESS
 */
export function checkSpace(folder: string, neededBytes: number, freeBytes = freeOn(folder)): void {
  if (neededBytes <= freeBytes) return;
  throw new BootcampError(
    "FILE_ACCESS",
    `Expected ${formatBytes(neededBytes)} free on the disk of ${folder}, got ${formatBytes(freeBytes)}`,
    { where: folder, remedy: "Ask for fewer nights, or name a folder on a larger disk (--folder)." },
  );
}

/** Bytes free on the disk of a folder. */
export function freeOn(folder: string): number {
  const disk = statfsSync(folder);
  return disk.bavail * disk.bsize;
}
