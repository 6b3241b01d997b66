import { setTimeout as wait } from "node:timers/promises";
import { aborted } from "./programs";

export interface Waiting {
  /** What is waited for, as the error of an abort names it: "Starting Kafka". */
  readonly what: string;
  readonly seconds: number;
  /** Pause between two looks, ms. Default 50. */
  readonly everyMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** False once what was started has ended. */
  readonly lives: () => Promise<boolean>;
  /** True when it is ready; an error means not yet. */
  readonly isReady: () => Promise<boolean>;
}

/**
 * Looks until what was started is ready, has ended, or the time is over.
 *
 * @returns undefined when it is ready, else the last error of a look, if there was one
 * @throws ABORTED when the signal fires
 */
export async function untilReady(waiting: Waiting): Promise<{ cause: unknown } | undefined> {
  const { what, seconds, everyMs = 50, signal, lives, isReady } = waiting;
  let cause: unknown;
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await wait(everyMs)) {
    if (signal?.aborted) throw aborted(what);
    // asked first: one that ends after it was ready has done its work
    const isAlive = await lives();
    try {
      if (await isReady()) return undefined;
    } catch (error) {
      cause = error;
    }
    if (!isAlive) break;
  }
  return { cause };
}
