import { getEventListeners } from "node:events";
import type { Cell } from "../../cell";
import { writeFrame } from "./write-frame";

/** Ends the waits of a cell that was interrupted. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  constructor() {
    super("stopped by you; what the cell had declared is kept");
  }
}

/** What the main thread and the watcher tell each other while one of them is busy. */
export const Mark = { heard: 0, obeyed: 1 } as const;
export const marks = new Int32Array(new SharedArrayBuffer(8));

/** How long what obeys the signal – a reader of Kafka – may take to close before the cell is reported as ended. */
const CLOSE_MS = 3000;
/** What has taken the signal may look at it only now and then: between two visits, say, nothing listens. */
const LOOK_MS = 250;

/** A run of a cell, from its begin on, also in what it leaves running. */
export class RunningCell implements Cell {
  private readonly controller = new AbortController();
  private readonly waits = new Set<(error: Error) => void>();
  private readonly intervals = new Set<NodeJS.Timeout>();
  private deadline = Number.POSITIVE_INFINITY;

  constructor(
    readonly id: number,
    readonly label: string,
  ) {
    Atomics.store(marks, Mark.obeyed, 0);
  }

  /** Who asks for it will end by itself when it fires; the watcher then waits longer before it ends anything. */
  get signal(): AbortSignal {
    Atomics.store(marks, Mark.obeyed, 1);
    return this.controller.signal;
  }

  get isInterrupted(): boolean {
    return this.controller.signal.aborted;
  }

  display(data: Readonly<Record<string, unknown>>, id?: string, update?: boolean): void {
    writeFrame({ type: "display", cell: this.id, data, id, update });
  }

  /** Between two statements: an interrupted cell goes no further. */
  go(): void {
    if (this.isInterrupted) throw new Interrupted();
  }

  /** Waits for a value as long as the cell may. @param goingOn called when the code behind the `await` goes on */
  wait<T>(value: PromiseLike<T>, goingOn: () => void): PromiseLike<T> {
    // somebody who catches every error and tries again would go on for ever
    if (performance.now() > this.deadline) return new Promise<T>(() => {});
    return new Promise<T>((resolve, reject) => {
      this.waits.add(reject);
      const done = () => {
        this.waits.delete(reject);
        goingOn();
      };
      value.then(
        (result) => {
          done();
          resolve(result);
        },
        (error) => {
          done();
          reject(error);
        },
      );
    });
  }

  ticks(timer: NodeJS.Timeout): NodeJS.Timeout {
    this.intervals.add(timer);
    return timer;
  }

  /**
   * Ends the cell: what obeys the signal closes and hands over what it has; then what is still waited for ends with an
   * error, so that every `finally` is run.
   */
  async interrupt(settled: Promise<unknown>): Promise<void> {
    const isObeyed = getEventListeners(this.controller.signal, "abort").length > 0;
    const isTaken = Atomics.load(marks, Mark.obeyed) === 1;
    this.deadline = performance.now() + CLOSE_MS;
    for (const timer of this.intervals) clearInterval(timer);
    this.controller.abort(new Interrupted());
    if (isObeyed || isTaken) await atMost(settled, isObeyed ? CLOSE_MS : LOOK_MS);
    for (const reject of this.waits) reject(new Interrupted());
    this.waits.clear();
    await atMost(settled, 30);
  }
}

async function atMost(settled: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([settled, late]);
  clearTimeout(timer);
}
