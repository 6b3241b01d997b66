import { pause } from "../../pause";
import { mayPass } from "./protocol-error";

/** How long what fails by something that passes is tried again. */
export interface Retrying {
  /** Without any progress for so long the last failure is thrown, ms. */
  readonly patienceMs: number;
  /** Of the first pause; each further one is twice as long, up to `maxPauseMs`. */
  readonly firstPauseMs: number;
  readonly maxPauseMs: number;
}

/** Outlasts the restart of a broker. */
export const patientRetrying: Retrying = { patienceMs: 60_000, firstPauseMs: 100, maxPauseMs: 2000 };

/** Tries again what may pass, as long as there was progress not too long ago; ends early by a signal. */
export class Retries {
  private lastProgress = performance.now();
  private pauseMs: number;

  constructor(
    private readonly retrying: Retrying,
    private readonly signal?: AbortSignal | undefined,
  ) {
    this.pauseMs = retrying.firstPauseMs;
  }

  progressed(): void {
    this.lastProgress = performance.now();
    this.pauseMs = this.retrying.firstPauseMs;
  }

  /** @throws `failure` when trying again is of no use, or has been for too long; else waits */
  async pause(failure: unknown): Promise<void> {
    const waited = performance.now() - this.lastProgress;
    if (!mayPass(failure) || this.signal?.aborted || waited > this.retrying.patienceMs) throw failure;
    if (!(await pause(this.pauseMs, this.signal))) throw failure;
    this.pauseMs = Math.min(2 * this.pauseMs, this.retrying.maxPauseMs);
  }

  /** Does `work` until it succeeds. */
  async until<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        await this.pause(error);
      }
    }
  }

  /** Waits for `answer`; once the signal has come, no longer than `ms`. */
  atMost<T>(answer: Promise<T>, ms: number): Promise<T> {
    const { signal } = this;
    if (!signal) return answer;
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const onAbort = () => {
        timer = setTimeout(() => reject(signal.reason), ms);
      };
      const settled = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
      };
      if (signal.aborted) onAbort();
      else signal.addEventListener("abort", onAbort, { once: true });
      answer.then(resolve, reject).finally(settled);
    });
  }
}
