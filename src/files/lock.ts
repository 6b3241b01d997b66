import { promises as fs } from "node:fs";
import { BootcampError } from "../errors";

/**
 * Holds `path` as a lock while `work` runs, so that two processes never write the same part. A lock left behind by a
 * process that is gone is taken over.
 *
 * @throws BootcampError DOWNLOAD when a living process holds it
 */
export async function withLock<T>(path: string, what: string, work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      await fs.writeFile(path, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST" || attempt > 1) throw error;
      const holder = Number(await fs.readFile(path, "utf8").catch(() => ""));
      if (isAlive(holder))
        throw new BootcampError("DOWNLOAD", `${what} is being downloaded by process ${holder} already`, {
          where: path,
          remedy: `Wait for it, or remove ${path} if that process is something else.`,
        });
      await fs.rm(path, { force: true });
    }
  }
  try {
    return await work();
  } finally {
    await fs.rm(path, { force: true });
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
