import { once } from "node:events";
import { runInThisContext } from "node:vm";
import { parentPort, Worker, workerData } from "node:worker_threads";

/** What computes for longer than this after Ctrl-C is ended: an answer of the broker that is waited for takes no computing. */
const GRACE_MS = 1000;
/** Tells the thread that is to watch from any other that loads this file. */
const WATCHER = "alerts shell: watch for Ctrl-C";

/**
 * Signal that fires on the first Ctrl-C, also for code that then computes without end: a handler of `process.on` is heard
 * only between two turns of the event loop, and a loop that never waits has none. A second Ctrl-C ends the process at once,
 * and so does the first when nothing takes note of it.
 */
export function heardWhileBusy(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  const watcher = new Worker(__filename, { workerData: WATCHER });
  watcher.unref();
  watcher.on("message", () => {
    watcher.postMessage("heard");
    stop();
  });
  watcher.on("error", () => process.on("SIGINT", stop));
  process.on("SIGTERM", stop);
  return controller.signal;
}

/** In a thread of its own: only code that `vm` runs is ended by Ctrl-C there, and here that code does nothing but wait. */
async function watch(): Promise<void> {
  const waitForEver = "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)";
  try {
    runInThisContext(waitForEver, { breakOnSigint: true });
  } catch {
    // from here on the system's own answer to Ctrl-C is in force
  }
  parentPort!.postMessage("interrupt");
  const end = setTimeout(() => process.kill(process.pid, "SIGINT"), GRACE_MS);
  await once(parentPort!, "message");
  clearTimeout(end);
}

if (workerData === WATCHER) void watch();
