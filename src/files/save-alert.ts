import { promises as fs } from "node:fs";
import { dirname, join } from "node:path";
import type { Alert } from "../alert/alert";
import { BootcampError } from "../errors";
import { expectArgument } from "../expect";
import { makeFolder } from "../folders";
import { accessError } from "./walk";
import { safeName } from "./write-alerts";

/**
 * Saves one alert as an Avro container that any Avro reader opens: the bytes as received where they are one, else the
 * record as it came with its schema in front. Folders are made.
 *
 * @param path a file ending in `.avro`; anything else is a folder, which gets `<alertId>.avro`, or `<alertId>-2.avro`
 *   when that is another alert's (ELAsTiCC's test alerts share one id)
 * @returns the file
 * @throws FILE_ACCESS when the named file is there with other content, or cannot be written
 * @example
 * const file = await files.saveAlert(alert, "favourites");
 */
export async function saveAlert(alert: Alert, path: string): Promise<string> {
  expectArgument("function", alert?.toContainer, "an alert that was read");
  const bytes = alert.toContainer();
  const isFile = /\.avro$/i.test(path);
  const stem = safeName(String(alert.alertId ?? "alert"));
  try {
    makeFolder(isFile ? dirname(path) : path);
    for (let n = 1; ; n++) {
      const file = isFile ? path : join(path, `${stem}${n === 1 ? "" : `-${n}`}.avro`);
      if (await isWritten(file, bytes)) return file;
      if (isFile) throw occupied(file);
    }
  } catch (error) {
    throw error instanceof BootcampError ? error : accessError(path, error);
  }
}

/** False when the file is there with other content. */
async function isWritten(file: string, bytes: Buffer): Promise<boolean> {
  try {
    await fs.writeFile(file, bytes, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return fs.readFile(file).then(
      (there) => there.equals(bytes),
      () => false,
    );
  }
}

const occupied = (file: string): BootcampError =>
  new BootcampError("FILE_ACCESS", `Expected no other file at ${file}, there is one with another content`, {
    where: file,
    remedy: "name another file, or a folder, which gets a file for each alert",
  });
