import { Session } from "node:inspector";
import { Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { interruptPrograms } from "./foreground";
import { Mark } from "./running-cell";

/**
 * A thread beside the one that runs cells: hears the interrupt while that one is busy. It asks the main thread first, which
 * can then end a wait in good order; when that does not answer, it is computing, and V8 is told to end what it runs.
 * `vm`'s own interrupt ends only the code before the first `await`.
 */
const PIPE = 5;
const GRACE_MS = 25;
/** Code of the library that obeys the signal may be at work for a moment, and should end in good order. */
const OBEDIENT_MS = 500;
const marks = workerData as Int32Array;

const pipe = new Socket({ fd: PIPE, readable: true, writable: false });

// the kernel is gone: nobody else would end a cell that computes for ever
pipe.on("close", () => process.kill(process.pid, "SIGKILL"));

pipe.on("data", () => {
  Atomics.store(marks, Mark.heard, 0);
  parentPort!.postMessage("interrupt");
  setTimeout(
    () => {
      if (Atomics.load(marks, Mark.heard) === 1) return;
      // it may be waiting for one: execSync, spawnSync
      interruptPrograms(process.pid);
      const session = new Session();
      session.connectToMainThread();
      // an open session would keep the process from ending
      session.post("Runtime.terminateExecution", () => session.disconnect());
    },
    Atomics.load(marks, Mark.obeyed) === 1 ? OBEDIENT_MS : GRACE_MS,
  );
});
