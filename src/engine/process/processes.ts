import { existsSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { isAlive, isZombie, statOf } from "../../broker/process-alive";
import { run } from "./programs";

/**
 * When a process began, as the system says it: with the pid it names one process and no later one. Undefined when there
 * is none of that id, it has ended, or it cannot be seen.
 */
export async function beginningOf(pid: number): Promise<string | undefined> {
  if (existsSync("/proc/self/stat")) {
    try {
      const fields = statOf(pid);
      return isZombie(fields) ? undefined : fields[19]; // field 22: clock ticks since the boot
    } catch {
      return undefined;
    }
  }
  // the same words whoever asks: the date is in the asker's language and time zone
  const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
  const ps = await run("ps", ["-o", "lstart=", "-p", String(pid)], { timeoutSeconds: 5, env });
  return ps?.stdout.trim().replace(/\s+/g, "_") || undefined;
}

/** Command line of a process, or undefined when there is none of that id. */
export async function commandLine(pid: number): Promise<string | undefined> {
  if (existsSync("/proc/self/cmdline")) {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    } catch {
      return undefined;
    }
  }
  const ps = await run("ps", ["-ww", "-o", "command=", "-p", String(pid)], { timeoutSeconds: 5 });
  return ps?.stdout.trim() || undefined;
}

/** Resident memory of a process in bytes, or undefined when it cannot be seen. */
export async function residentBytes(pid: number): Promise<number | undefined> {
  if (existsSync("/proc/self/status")) {
    try {
      const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
      return kilobytes ? Number(kilobytes) * 1024 : undefined;
    } catch {
      return undefined;
    }
  }
  const ps = await run("ps", ["-o", "rss=", "-p", String(pid)], { timeoutSeconds: 5 });
  const kilobytes = Number(ps?.stdout.trim());
  return kilobytes > 0 ? kilobytes * 1024 : undefined;
}

/**
 * Ends a process and waits until it is gone: SIGTERM, and SIGKILL when it has not obeyed within `limitSeconds`.
 * Returns how it went; "gone" when there was nothing to end.
 */
export async function endProcess(pid: number, limitSeconds: number): Promise<"gone" | "ended" | "killed"> {
  if (!isAlive(pid)) return "gone";
  const send = (signal: NodeJS.Signals) => {
    try {
      process.kill(pid, signal);
    } catch {
      // it ended in between
    }
  };
  const goneWithin = async (seconds: number) => {
    for (const end = Date.now() + seconds * 1000; Date.now() < end; await wait(25)) if (!isAlive(pid)) return true;
    return !isAlive(pid);
  };
  send("SIGTERM");
  if (await goneWithin(limitSeconds)) return "ended";
  send("SIGKILL");
  await goneWithin(10);
  return "killed";
}
