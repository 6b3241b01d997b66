import { refuse, usageError } from "../../errors";
import { pause } from "../../pause";

export interface PaceOptions {
  /** Seconds from the start of one visit to the start of the next, above 0. Default 1. */
  secondsPerVisit?: number | undefined;
  /** Instead of a fixed interval: the true gaps between the exposures, this many times faster. 1 is real time. */
  speed?: number | undefined;
  /** Instead: as fast as possible. Default false. */
  fast?: boolean | undefined;
  /** Start on a whole multiple of the interval since 1970 UTC, as the original simulators did. Default false. */
  align?: boolean | undefined;
}

/**
 * Says when each visit starts: visit n at start + n × interval by the monotonic clock, from the first call of `next` on.
 * Sleeps are not added up, so a late visit does not delay those after it.
 */
export class Pacer {
  private start: number | undefined;
  private firstMjd: number | undefined;
  private visits = 0;

  /** @throws USAGE for an interval or a speed that is not above 0, or more than one way of pacing */
  constructor(private readonly options: PaceOptions) {
    const { secondsPerVisit, speed, fast } = options;
    if (secondsPerVisit !== undefined) checkInterval(secondsPerVisit);
    if (speed !== undefined && !(speed > 0)) throw usageError("a speed above 0", speed);
    const given = [secondsPerVisit !== undefined, speed !== undefined, fast === true].filter(Boolean).length;
    if (given > 1) throw refuse("one of secondsPerVisit (--every), speed and fast", `${given} of them`);
  }

  /**
   * Waits until the next visit is due.
   *
   * @param mjdUtc its observation time, for `speed`
   * @returns how late it is, ms; 0 when it was waited for. Undefined when the signal came first.
   */
  async next(mjdUtc: number, signal?: AbortSignal): Promise<number | undefined> {
    this.start ??= performance.now() + this.untilAligned();
    const due = this.start + this.offsetMs(mjdUtc);
    this.visits++;
    const wait = due - performance.now();
    if (wait > 0 && !(await pause(wait, signal))) return undefined;
    if (signal?.aborted) return undefined;
    return this.options.fast ? 0 : Math.max(0, performance.now() - due); // as fast as possible: nothing was planned
  }

  private untilAligned(): number {
    const { secondsPerVisit = 1, speed, fast, align } = this.options;
    const intervalMs = secondsPerVisit * 1000;
    return align && !fast && speed === undefined ? intervalMs - (Date.now() % intervalMs) : 0;
  }

  private offsetMs(mjdUtc: number): number {
    const { secondsPerVisit = 1, speed, fast } = this.options;
    if (fast) return 0;
    if (speed === undefined) return this.visits * secondsPerVisit * 1000;
    this.firstMjd ??= mjdUtc;
    const gapMs = (mjdUtc - this.firstMjd) * 86_400_000;
    return Number.isFinite(gapMs) ? gapMs / speed : 0; // without a time it goes at once
  }
}

/** @throws USAGE for an interval that is not above 0 */
export function checkInterval(seconds: number): void {
  if (seconds > 0 && seconds < Number.POSITIVE_INFINITY) return;
  throw usageError("an interval above 0 s", seconds, "as fast as possible is: --fast (fast: true)");
}
