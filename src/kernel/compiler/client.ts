import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Places } from "./host";
import type { Answer, Request } from "./thread";
import type { Compiler, CompilerCall } from "./types";

/**
 * Starts a compiler in a thread of this process: the protocol is answered while a cell is checked, and what a cell does to
 * its own process – an end, too much memory, an interrupt – does not reach it.
 *
 * @param held packages whose types stay loaded
 */
export function startCompiler(places: Places, held: readonly string[]): Compiler & { readonly warm: Promise<void> } {
  const thread = new Worker(join(__dirname, "thread.js"), { workerData: { ...places, held } });
  const waiting = new Map<number, { resolve(value: any): void; reject(error: Error): void }>();
  let count = 0;
  let isWarm = () => {};
  const warm = new Promise<void>((resolve) => {
    isWarm = resolve;
  });
  thread.on("message", (answer: Answer) => {
    if (answer.id === 0) return isWarm();
    const asker = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ("error" in answer) asker?.reject(new Error(answer.error));
    else asker?.resolve(answer.value);
  });
  thread.on("error", (error) => {
    for (const asker of waiting.values()) asker.reject(error as Error);
    waiting.clear();
  });
  const ask = (call: CompilerCall): Promise<any> =>
    new Promise((resolve, reject) => {
      const id = ++count;
      waiting.set(id, { resolve, reject });
      thread.postMessage({ id, call } satisfies Request);
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
