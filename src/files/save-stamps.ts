import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Alert } from "../alert/alert";
import type { StampKind } from "../alert/types";
import { BootcampError } from "../errors";
import { makeFolder } from "../folders";

const kinds: readonly StampKind[] = ["science", "template", "difference"];

/**
 * Saves the cutouts of an alert as FITS files, as the packet holds them (ZTF's are gzipped: `.fits.gz`).
 *
 * Names come from the packet, made safe; a survey that gives none gets `<alertId>_<kind>.fits`. A file that is there
 * already is kept: with the same content it counts as saved, otherwise the new one gets a number.
 *
 * @param alert the alert
 * @param folder made when absent
 * @returns the files written or found equal
 * @throws FILE_NOT_FOUND when the folder cannot be written to
 * @example
 * await files.saveStamps(alert, "stamps");
 */
export async function saveStamps(alert: Alert, folder: string): Promise<string[]> {
  const saved: string[] = [];
  try {
    makeFolder(folder);
    for (const kind of kinds) {
      const stamp = alert.stampBytes(kind);
      if (stamp) saved.push(await writeNew(join(folder, stampName(alert, kind, stamp)), stamp.bytes));
    }
  } catch (error) {
    throw new BootcampError("FILE_NOT_FOUND", `Expected to write stamps to ${folder}: ${(error as Error).message}`, {
      cause: error,
      where: folder,
    });
  }
  return saved;
}

/** A name from a packet is a stranger's: no folders, no leading dots, ordinary characters, bounded length. */
function stampName(alert: Alert, kind: StampKind, stamp: { bytes: Buffer; fileName: string }): string {
  const suffix = stamp.bytes[0] === 0x1f && stamp.bytes[1] === 0x8b ? ".fits.gz" : ".fits";
  const given = stamp.fileName.replace(/^.*[/\\]/, "").replace(/\.fits(\.gz|\.fz)?$/i, "");
  const safe = (given || `${alert.alertId}_${kind}`).replace(/[^\w.-]/g, "_").replace(/^\.+/, "");
  return `${(safe || kind).slice(0, 120)}${suffix}`;
}

async function writeNew(path: string, bytes: Buffer): Promise<string> {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? path : path.replace(/(\.fits(\.gz)?)$/, `-${n}$1`);
    try {
      await writeFile(candidate, bytes, { flag: "wx" });
      return candidate;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      if ((await readFile(candidate)).equals(bytes)) return candidate;
    }
  }
}
