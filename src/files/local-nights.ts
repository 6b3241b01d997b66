import { type Dirent, promises as fs } from "node:fs";
import { join } from "node:path";
import { BootcampError } from "../errors";
import { expectArgument } from "../expect";
import { decodeMember } from "./decode-member";
import { withDefaults } from "./limits";
import { membersOfFile } from "./members";
import { accessError, walk } from "./walk";

/** Alerts in one folder of the data folder. */
export interface LocalNight {
  /** Name of the folder; "." for files that lie in the data folder itself. */
  readonly name: string;
  readonly folder: string;
  /** True for a night of the archive, a folder named YYYYMMDD. */
  readonly isNight: boolean;
  /** Files that look like alerts by their names. A downloaded night has one alert in each. */
  readonly files: number;
  readonly bytes: number;
  /** Alerts really in them, and files that cannot be read; null unless `read` was asked for. */
  readonly alerts: number | null;
  readonly unreadable: number | null;
}

/** Options of {@link localNights}. */
export interface LocalOptions {
  /** Also read every file and count its alerts, some thousands a second; default false. */
  read?: boolean | undefined;
  /** Called for each file that cannot be read. */
  onFailure?: ((error: BootcampError) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * What alerts are on this machine: one row for each folder with alerts directly under `folder`, by name.
 *
 * @param folder where `files.downloadNights` puts nights
 * @throws FILE_NOT_FOUND, FILE_ACCESS, ABORTED
 * @example
 * const nights = (await files.localNights("data")).filter((night) => night.isNight).length;
 */
export async function localNights(folder: string, options: LocalOptions = {}): Promise<LocalNight[]> {
  expectArgument("text", folder, "a folder with nights");
  const items = await fs.readdir(folder, { withFileTypes: true }).catch((error) => {
    throw accessError(folder, error);
  });
  const names: string[] = [];
  for (const item of items) if (!item.name.startsWith(".") && (await isFolder(folder, item))) names.push(item.name);
  const rows: LocalNight[] = [];
  for (const name of [".", ...names.sort()]) {
    const row = await count(name, folder, options);
    if (row.files > 0) rows.push(row);
  }
  return rows;
}

async function isFolder(folder: string, item: Dirent): Promise<boolean> {
  if (!item.isSymbolicLink()) return item.isDirectory();
  const target = await fs.stat(join(folder, item.name)).catch(() => null); // a link may lead nowhere
  return target?.isDirectory() ?? false;
}

async function count(name: string, root: string, options: LocalOptions): Promise<LocalNight> {
  const folder = name === "." ? root : join(root, name);
  const row = { files: 0, bytes: 0, alerts: 0, unreadable: 0 };
  for await (const found of walk([folder], name !== ".")) {
    if (options.signal?.aborted) throw new BootcampError("ABORTED", `Stopped on request while counting ${folder}`);
    if (found.error) {
      row.unreadable++;
      options.onFailure?.(found.error);
      continue;
    }
    row.files++;
    row.bytes += (await fs.stat(found.path).catch(() => null))?.size ?? 0;
    if (options.read) await countIn(found.path, row, options);
  }
  const unread = options.read ? {} : { alerts: null, unreadable: null };
  return { name, folder, isNight: /^\d{8}$/.test(name), ...row, ...unread };
}

async function countIn(
  path: string,
  row: { alerts: number; unreadable: number },
  options: LocalOptions,
): Promise<void> {
  for await (const member of membersOfFile(path, withDefaults(), options.signal)) {
    try {
      for (const _ of decodeMember(member, {})) row.alerts++;
    } catch (error) {
      row.unreadable++;
      options.onFailure?.(error as BootcampError);
    }
  }
}
