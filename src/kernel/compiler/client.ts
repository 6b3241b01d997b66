import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Answer, Request } from "./process";
import { findSnapshot, makeSnapshotLater } from "./snapshot";
import type { Compiler, CompilerCall } from "./types";

/**
 * Starts a compiler in a process of its own: the protocol is answered while a cell is checked, and what a cell does to its
 * process – an end, too much memory – does not reach it. It starts from a snapshot where there is one.
 *
 * @param cwd folder of the notebook
 * @param found a snapshot; one that is of no use is removed
 */
export function startCompiler(cwd: string, found = findSnapshot()): Compiler & { readonly warm: Promise<void> } {
  const asked = new Map<number, { request: Request; resolve(value: any): void; reject(error: Error): void }>();
  let count = 0;
  let isWarm = () => {};
  const warm = new Promise<void>((resolve) => {
    isWarm = resolve;
  });
  let child: ChildProcess;
  let isOver = false;
  const end = () => {
    for (const { reject } of asked.values()) reject(new Error("The compiler has ended: restart the kernel"));
    asked.clear();
  };
  const start = (snapshot?: string) => {
    const program = snapshot ? ["--no-warnings", "--snapshot-blob", snapshot] : [join(__dirname, "process.js")];
    // the kernel's connection file goes along: by it the processes of a kernel are found when it was killed
    const started = spawn(process.execPath, [...program, cwd, ...process.argv.slice(2)], {
      stdio: ["ignore", "ignore", snapshot ? "ignore" : "inherit", "ipc"],
    });
    child = started;
    let isReady = false;
    started.on("message", (answer: Answer) => {
      if (answer === "ready") {
        isReady = true;
        return isWarm();
      }
      const asker = asked.get(answer.id);
      asked.delete(answer.id);
      if (answer.error !== undefined) asker?.reject(new Error(answer.error));
      else asker?.resolve(answer.value);
    });
    started.on("error", () => {}); // its end follows, or a send that fails
    started.on("exit", (_, signal) => {
      if (snapshot && !isReady) {
        const isStopped = signal === "SIGINT" || signal === "SIGTERM" || signal === "SIGKILL";
        if (!isStopped) rmSync(snapshot, { force: true }); // of another Node, or damaged
        start();
        for (const { request } of asked.values()) child.send(request, () => {});
        return;
      }
      isOver = true;
      end();
    });
  };
  start(found);
  if (!found) void warm.then(() => makeSnapshotLater());
  const ask = (call: CompilerCall): Promise<any> =>
    new Promise((resolve, reject) => {
      const request = { id: ++count, call } satisfies Request;
      asked.set(request.id, { request, resolve, reject });
      if (isOver) end();
      else child.send(request, () => {}); // what is not sent is asked again, or rejected, when the process ends
    });
  return {
    warm,
    check: (...args) => ask({ method: "check", args }),
    commit: (...args) => ask({ method: "commit", args }),
    complete: (...args) => ask({ method: "complete", args }),
    inspect: (...args) => ask({ method: "inspect", args }),
    isComplete: (...args) => ask({ method: "isComplete", args }),
    reset: (...args) => ask({ method: "reset", args }),
  };
}
