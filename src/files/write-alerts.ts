import { promises as fs } from "node:fs";
import { join } from "node:path";
import type { Alert } from "../alert/alert";
import { BootcampError } from "../errors";
import { expectArgument } from "../expect";
import { makeFolder } from "../folders";
import { accessError } from "./walk";

/** Options of {@link writeAlerts}. */
export interface WriteOptions {
  /** Replace files of the same name from before; default false: they stay, and the new file gets a suffix. */
  overwrite?: boolean;
  signal?: AbortSignal | undefined;
}

/**
 * Writes each alert to a file of its own, `<folder>/<alertId>.avro`, as an Avro container that any Avro reader opens:
 * the bytes as received where they are one, else the record with its schema in front.
 *
 * Names are made safe. No file is lost: alerts of one id (ELAsTiCC's all share one) become `<alertId>-2.avro` and so
 * on; a file that already holds the same bytes is left as it is.
 *
 * @returns how many files were written, and how many were there already
 * @throws BootcampError FILE_ACCESS, ABORTED
 * @example
 * await files.writeAlerts(readAlerts("data").filter((a) => a.mag < 16), "bright");
 */
export async function writeAlerts(
  alerts: AsyncIterable<Alert> | Iterable<Alert>,
  folder: string,
  options: WriteOptions = {},
): Promise<{ written: number; present: number }> {
  const tally = { written: 0, present: 0 };
  /** Stem → the number its next alert tries first. */
  const next = new Map<string, number>();
  try {
    makeFolder(folder);
    for await (const alert of alerts) {
      if (options.signal?.aborted)
        throw new BootcampError("ABORTED", `Stopped on request after ${tally.written} files`);
      const stem = safeName(String(alert.alertId ?? "alert"));
      const bytes = alert.toContainer();
      let number = next.get(stem) ?? 1;
      for (let done = false; !done; number++) {
        const file = join(folder, `${stem}${number === 1 ? "" : `-${number}`}.avro`);
        done = await writeOne(file, bytes, options.overwrite === true, tally);
      }
      next.set(stem, number);
    }
  } catch (error) {
    if (error instanceof BootcampError) throw error;
    throw accessError(folder, error);
  }
  return tally;
}

/** False when another alert's file has that name. */
async function writeOne(
  file: string,
  bytes: Buffer,
  overwrite: boolean,
  tally: { written: number; present: number },
): Promise<boolean> {
  try {
    await fs.writeFile(file, bytes, { flag: overwrite ? "w" : "wx" });
    tally.written++;
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const same = await fs.readFile(file).then(
      (there) => there.equals(bytes),
      () => false,
    );
    if (same) tally.present++;
    return same;
  }
}

/** A file name of letters, digits, dot, dash and underscore that is neither hidden nor too long. */
export function safeName(text: string): string {
  expectArgument("text", text, "a name");
  const name = text.replace(/[^A-Za-z0-9._-]+/g, "_").replace(/^\.+/, "_");
  return name.slice(0, 120) || "alert";
}
