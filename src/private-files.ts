import { chmodSync, closeSync, constants, fstatSync, openSync, readFileSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import { BootcampError, isBootcampError } from "./errors";
import { makeFolder } from "./folders";
import { writeWhole } from "./write-whole";

const CLOSED = 0o700;
const FOR_OTHERS = 0o077;
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Makes a folder of this project's state that its user alone can enter, whatever the umask; closes one that is there.
 *
 * @returns the path
 * @throws FILE_ACCESS when it cannot be made, or belongs to somebody else: who then could read and change what it will hold
 */
export function privateFolder(path: string): string {
  try {
    makeFolder(path, CLOSED);
    const found = statSync(path);
    if (!isOwn(found)) throw foreign(path, "a folder", found);
    if (found.mode & FOR_OTHERS) chmodSync(path, CLOSED);
    return path;
  } catch (error) {
    throw isBootcampError(error) ? error : unusable(path, error);
  }
}

/**
 * Makes a folder for state unless it is there, when it is left as it is: `BOOTCAMP_HOME` may name any folder.
 *
 * @throws FILE_ACCESS when it cannot be made
 */
export function stateFolder(path: string): string {
  try {
    makeFolder(path, CLOSED);
    return path;
  } catch (error) {
    throw unusable(path, error);
  }
}

/**
 * Writes a file of the state whole, for its owner's eyes alone: {@link writeWhole} with mode 600.
 *
 * @throws FILE_ACCESS when it cannot be written
 */
export function writePrivate(file: string, text: string): void {
  stateFolder(dirname(file));
  try {
    writeWhole(file, text, 0o600);
  } catch (error) {
    throw unusable(file, error);
  }
}

/**
 * The text of a file of the state; undefined when there is none.
 *
 * @throws FILE_ACCESS when somebody else owns it or others may write it, as what it says is acted upon: it names processes
 *   to end, and options of programs that are started
 */
export function readPrivate(file: string): string | undefined {
  let open: number;
  try {
    // not waiting for somebody to write, should a pipe lie there
    open = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw unusable(file, error);
  }
  try {
    const found = fstatSync(open);
    if (!found.isFile()) throw unusable(file, new Error("a file belongs there, and something else lies there"));
    if (!isOwn(found) || found.mode & WRITABLE_BY_OTHERS) throw foreign(file, "a file", found);
    return readFileSync(open, "utf8");
  } finally {
    closeSync(open);
  }
}

/** The system's administrator can do everything anyway. Where there are no owners (Windows), nobody is a stranger. */
function isOwn({ uid }: Stats): boolean {
  const me = process.getuid?.();
  return me === undefined || uid === me || uid === 0;
}

function foreign(path: string, kind: string, { uid, mode }: Stats): BootcampError {
  const got = `one of user ${uid} with mode ${(mode & 0o777).toString(8)}`;
  return new BootcampError("FILE_ACCESS", `Expected ${kind} of this user that nobody else can write, got ${got}`, {
    where: path,
    remedy: "remove it, or set BOOTCAMP_HOME to a folder of your own",
  });
}

/** An error of the system at a file of the state in this library's words. */
export function unusable(path: string, cause: unknown): BootcampError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const why = code === "ENOSPC" ? `the disk of ${dirname(path)} is full` : message;
  return new BootcampError("FILE_ACCESS", `Expected a place for files of the bootcamp: ${why}`, {
    where: path,
    remedy: "make room there, or set BOOTCAMP_HOME to a folder that this user can write",
    cause,
  });
}
