import { existsSync, readdirSync, readFileSync } from "node:fs";
import { run } from "./programs";

/** A process and its command line, its arguments joined by blanks. */
export interface FoundProcess {
  pid: number;
  command: string;
}

/**
 * Processes whose command line names `text`, such as the path of a file that only they are given. This one is left out.
 *
 * @param text long and particular enough to occur nowhere else
 */
export async function processesNaming(text: string): Promise<FoundProcess[]> {
  const all = existsSync("/proc/self/cmdline") ? fromProc() : await fromPs();
  return all.filter(({ pid, command }) => pid !== process.pid && command.includes(text));
}

function fromProc(): FoundProcess[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        const command = readFileSync(`/proc/${entry}/cmdline`, "utf8").replaceAll("\0", " ").trim();
        return command === "" ? [] : [{ pid: Number(entry), command }];
      } catch {
        return []; // it ended meanwhile
      }
    });
}

async function fromPs(): Promise<FoundProcess[]> {
  const ps = await run("ps", ["-axww", "-o", "pid=,command="], { timeoutSeconds: 5 });
  return (ps?.stdout ?? "").split("\n").flatMap((line) => {
    const [, pid, command] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid && command ? [{ pid: Number(pid), command }] : [];
  });
}
