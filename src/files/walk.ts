import { type Dirent, promises as fs } from "node:fs";
import { join, resolve } from "node:path";
import { BootcampError, messageOf } from "../errors";
import { isPlainlyNotData } from "./sniff";
import { standardInput } from "./standard-input";

/** A file found, or why a place could not be looked into. */
export type Found = { path: string; error?: undefined } | { path: string; error: BootcampError };

/**
 * Files under the given paths: a file as it is, a folder sorted by name. Hidden files and names that are plainly not
 * data are passed over in folders; a file given by name always comes.
 *
 * Links are followed; a folder that is reached twice through links is entered once.
 *
 * @param recursive also enter folders in folders
 * @param except a folder that is not entered, wherever it lies
 */
export async function* walk(paths: readonly string[], recursive = true, except?: string): AsyncGenerator<Found> {
  const entered = new Set<string>();
  if (except !== undefined) entered.add(await fs.realpath(except).catch(() => resolve(except)));
  for (const path of paths) {
    if (path === standardInput) {
      yield { path };
      continue;
    }
    try {
      const info = await fs.stat(path);
      if (info.isDirectory()) yield* walkFolder(path, recursive, entered);
      else if (info.isFile() || info.isFIFO()) yield { path };
      else yield { path, error: accessError(path, new Error("neither a file nor a folder")) };
    } catch (error) {
      yield { path, error: accessError(path, error) };
    }
  }
}

async function* walkFolder(folder: string, recursive: boolean, entered: Set<string>): AsyncGenerator<Found> {
  let items: Dirent[];
  try {
    const real = await fs.realpath(folder);
    if (entered.has(real)) return;
    entered.add(real);
    items = await fs.readdir(folder, { withFileTypes: true });
  } catch (error) {
    yield { path: folder, error: accessError(folder, error) };
    return;
  }
  // by code units, not by locale: the order of a night must be the same on every machine
  items.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const item of items) {
    const path = join(folder, item.name);
    let isFolder = item.isDirectory();
    let isFile = item.isFile();
    if (item.isSymbolicLink()) {
      const target = await fs.stat(path).catch(() => null);
      isFolder = target?.isDirectory() ?? false;
      isFile = target === null || target.isFile(); // a dangling link is reported when it is opened
    }
    if (isFolder && recursive && !item.name.startsWith(".")) yield* walkFolder(path, recursive, entered);
    else if (isFile && !isPlainlyNotData(path)) yield { path };
  }
}

/** An error of the file system in this library's words. */
export function accessError(path: string, error: unknown): BootcampError {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT" || code === "ENOTDIR")
    return new BootcampError("FILE_NOT_FOUND", `Expected a file or folder, but ${path} is not there`, {
      where: path,
      cause: error,
      remedy: "Check the path; it is taken from the folder you are in.",
    });
  const why =
    code === "EACCES" || code === "EPERM"
      ? "permission is denied"
      : code === "ENOSPC"
        ? "the disk is full"
        : messageOf(error);
  return new BootcampError("FILE_ACCESS", `${path} cannot be used: ${why}`, { where: path, cause: error });
}
