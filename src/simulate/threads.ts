import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";

/** What a thread is asked for: the records of a night from one number to below another. */
export interface Request {
  readonly night: number;
  readonly from: number;
  readonly to: number;
}

/** An encoded record in parts; one part, when a thread made it. */
export type MadeRecord = readonly Buffer[];

/** The records asked for, one after the other. */
export interface Answer {
  readonly from: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly lengths: readonly number[];
}

/** Each thread plans the nights for itself, a twenty-fifth of the time of making them, and takes about 140 MB with what it keeps. */
const mostThreads = 3;
/** Runs a thread has to do, so that it goes on while one is fetched. */
const runsEach = 2;
const program = join(__dirname, "thread.js"); // not there in the sources, which tests run: then there are no threads

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, (records: MadeRecord[] | undefined) => void>;
  /** The night it has planned. */
  night: number;
}

/** Threads that make records of the nights of one sky, one for each core but that of the caller. */
export class Threads {
  private threads: Thread[] | undefined;

  /** @param options of the sky, as `simulate.nights` takes them */
  constructor(private readonly options: object) {}

  /**
   * Asks for a run of records. The first time starts the threads, and a thread has none before it has planned the night, so that
   * nobody waits for that.
   *
   * @returns undefined when no thread is free; in place of the records when one failed
   */
  ask(request: Request): Promise<MadeRecord[] | undefined> | undefined {
    this.threads ??= this.started();
    for (const thread of this.threads) {
      const { night, waiting, worker } = thread;
      if (night !== request.night) {
        if (waiting.size > 0) continue;
        void send(thread, { night: request.night, from: 0, to: 0 }).then(() => {
          thread.night = request.night;
        });
      } else if (waiting.size < runsEach) {
        worker.ref();
        return send(thread, request);
      }
    }
    return undefined;
  }

  /** Ends all threads; what is waited for is given up, and what is asked for after that is not done. */
  async end(): Promise<void> {
    await Promise.all((this.threads ??= []).map(({ worker }) => worker.terminate()));
  }

  private started(): Thread[] {
    const count = existsSync(program) ? Math.min(mostThreads, availableParallelism() - 1) : 0;
    const threads: Thread[] = Array.from({ length: count }, () => {
      const worker = new Worker(program, { workerData: this.options });
      const thread: Thread = { worker, waiting: new Map(), night: 0 };
      worker.unref();
      worker.on("message", (answer: Answer) => take(thread, answer));
      worker.on("error", () => {}); // what it leaves undone is done here
      worker.on("exit", () => {
        threads.splice(threads.indexOf(thread), 1);
        for (const resolve of thread.waiting.values()) resolve(undefined);
      });
      return thread;
    });
    return threads;
  }
}

function send({ worker, waiting }: Thread, request: Request): Promise<MadeRecord[] | undefined> {
  worker.postMessage(request);
  return new Promise((resolve) => waiting.set(request.from, resolve));
}

function take({ worker, waiting }: Thread, { from, bytes, lengths }: Answer): void {
  const resolve = waiting.get(from)!;
  waiting.delete(from);
  if (waiting.size === 0) worker.unref();
  let end = 0;
  resolve(lengths.map((length) => [Buffer.from(bytes.buffer, (end += length) - length, length)]));
}
