import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isAlive } from "./processes";
import { aborted } from "./programs";

/**
 * Runs `work` while holding the lock file, so that two runs do not install or start the same thing at once. The one that
 * comes second waits, saying so once. The lock of a process that is gone is taken over.
 */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  options: { signal?: AbortSignal | undefined; onWait?: (holder: number) => void } = {},
): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  // one process may ask twice at the same time, so the pid alone does not name the holder
  const mine = `${process.pid} ${randomUUID()}`;
  for (let said = false; !acquire(file, mine); await wait(50)) {
    if (options.signal?.aborted) throw aborted("Waiting for another run");
    const holder = holderOf(file);
    if (holder !== undefined && !isAlive(holder)) takeAway(file, holder);
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
function acquire(file: string, content: string): boolean {
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, content);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
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

function holderOf(file: string): number | undefined {
  const pid = Number(read(file)?.split(" ")[0]);
  return pid > 0 ? pid : undefined;
}

/** Removes the lock of a dead holder; if a living one took it over in the meantime, it gets its lock back. */
function takeAway(file: string, dead: number): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
    if (holderOf(aside) !== dead) linkSync(aside, file);
  } catch {
    // somebody else was quicker
  } finally {
    rmSync(aside, { force: true });
  }
}
