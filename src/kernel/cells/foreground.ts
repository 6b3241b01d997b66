import { readdirSync, readFileSync } from "node:fs";

/**
 * Interrupts the programs that a process has started and may be waiting for, as Ctrl+C in a terminal does: its descendants in
 * its own process group. What was started `detached`, a server say, goes on. Linux alone says who they are without a program.
 */
export function interruptPrograms(pid: number): void {
  const { group, children } = processes(pid);
  const waiting = [pid];
  for (let parent = waiting.pop(); parent !== undefined; parent = waiting.pop()) {
    for (const child of children.get(parent) ?? []) {
      waiting.push(child.pid);
      if (child.group !== group) continue;
      try {
        process.kill(child.pid, "SIGINT");
      } catch {
        // has ended
      }
    }
  }
}

function processes(own: number) {
  const children = new Map<number, { pid: number; group: number }[]>();
  let ownGroup = -1;
  for (const name of entriesOf("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    // "4711 (name, with) anything) S PARENT GROUP …"
    const [, parent, group] = textOf(`/proc/${name}/stat`).split(") ").at(-1)!.split(" ").map(Number);
    if (parent === undefined || group === undefined) continue;
    children.set(parent, [...(children.get(parent) ?? []), { pid, group }]);
    if (pid === own) ownGroup = group;
  }
  return { group: ownGroup, children };
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
