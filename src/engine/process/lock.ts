import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isAlive } from "../../broker/process-alive";
import { stateFolder, unusable } from "../../private-files";
import { beginningOf } from "./processes";
import { aborted } from "./programs";

export interface LockOptions {
  signal?: AbortSignal | undefined;
  /** Called once, with the process that holds it. */
  onWait?: (holder: number) => void;
  /** Go on without the lock where no file can be made: for what only ends, as a full disk is a reason to end it. */
  goWithout?: boolean;
}

/**
 * Runs `work` while holding the lock file, so that two runs do not install or start the same thing at once. The one that
 * comes second waits, saying so once. The lock of a process that is gone is taken over, also when another process has
 * its pid by now.
 *
 * @throws FILE_ACCESS where no file can be made
 */
export async function withLock<T>(file: string, work: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  if (!options.goWithout) stateFolder(dirname(file));
  // one process may ask twice at the same time, so the pid alone does not name the holder
  const mine = `${process.pid} ${randomUUID()} ${(await beginningOf(process.pid)) ?? ""}`.trim();
  for (let said = false; !acquire(file, mine, options.goWithout); await wait(50)) {
    if (options.signal?.aborted) throw aborted("Waiting for another run");
    const content = read(file);
    if (content === undefined) continue; // given back just now
    const holder = holderOf(content);
    if (await isLeftBehind(file, content)) takeAway(file, content);
    else if (holder !== undefined && !said) {
      options.onWait?.(holder);
      said = true;
    }
  }
  const release = () => {
    if (read(file) === mine) rmSync(file, { force: true });
  };
  process.on("exit", release);
  try {
    return await work();
  } finally {
    process.off("exit", release);
    release();
  }
}

/** A lock file appears with its content: written under another name, then linked, which fails if the name is taken. */
function acquire(file: string, content: string, goWithout = false): boolean {
  const draft = `${file}.${randomUUID()}`;
  try {
    writeFileSync(draft, content, { flag: "wx", mode: 0o600 });
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    if (goWithout) return true;
    throw unusable(file, error);
  } finally {
    rmSync(draft, { force: true });
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function holderOf(content: string): number | undefined {
  const pid = Number(content.split(" ")[0]);
  return pid > 0 ? pid : undefined;
}

/** True when nobody can be at work under this lock any more. */
async function isLeftBehind(file: string, content: string): Promise<boolean> {
  const holder = holderOf(content);
  if (holder === undefined) return isOld(file);
  if (!isAlive(holder)) return true;
  const began = content.split(" ")[2];
  const now = began && (await beginningOf(holder));
  return now !== undefined && now !== began;
}

/** A file that names nobody was cut off by a full disk or a crash: a lock appears with its content. */
function isOld(file: string): boolean {
  try {
    // either way: the clock may have been set back
    return Math.abs(Date.now() - statSync(file).mtimeMs) > 1000;
  } catch {
    return false;
  }
}

/** Removes a lock that was left behind; if somebody took it over in the meantime, they get theirs back. */
function takeAway(file: string, left: string): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
    if (read(aside) !== left) linkSync(aside, file);
  } catch {
    // somebody else was quicker
  } finally {
    rmSync(aside, { force: true });
  }
}
