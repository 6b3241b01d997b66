import { createContext, Script } from "node:vm";

/** Alerts that are decided by one filter before the next one has its turn: so few stay in the processor's cache. */
export const blockAlerts = 32;

/** A filter has to be found slow so often before anything is said or done about it. */
const leastLooks = 3;
/** And to have taken so long: a machine that is busy for a moment is no news. */
const leastMs = 1000;

/**
 * Watches the time of one filter: it is looked at after every alert while it is slow, after many once it is quick.
 *
 * It is too slow when it takes longer per alert than it may for a second and more, also when some of the alerts are quick, and
 * also without its longest look: loading a catalogue at the first alert is no crime. Once the mean is what is allowed, the
 * watch begins anew.
 */
export class Slowness {
  /** How many alerts it may decide until the next look. */
  alertsAtOnce = 1; // a look at the clock costs 50 ns, a quick filter as little
  private slowLooks = 0;
  private longestMs = 0;
  private ms = 0;
  private alerts = 0;

  /** @param slowMs what is allowed per alert */
  constructor(private readonly slowMs: number) {}

  /** @returns ms per alert when it has been too slow for too long, else undefined */
  note(ms: number, alerts: number): number | undefined {
    const isSlow = ms > this.slowMs * alerts;
    this.alertsAtOnce = isSlow ? 1 : Math.min(2 * this.alertsAtOnce, blockAlerts);
    this.ms += ms;
    this.alerts += alerts;
    const allowedMs = this.slowMs * this.alerts;
    if (this.ms <= allowedMs) {
      this.slowLooks = this.longestMs = this.ms = this.alerts = 0;
      return undefined;
    }
    if (isSlow) this.slowLooks++;
    this.longestMs = Math.max(this.longestMs, ms);
    const isTooSlow = this.slowLooks >= leastLooks && this.ms >= leastMs && this.ms - this.longestMs > allowedMs;
    return isTooSlow ? this.ms / this.alerts : undefined;
  }
}

let box: { work: () => void } | undefined;
let call: (timeoutMs: number) => void;

/**
 * Runs synchronous work and ends it by force after so long, also an endless loop: `catch` and `finally` of the work see
 * nothing of it. What blocks outside JavaScript (`execSync`) is not ended. Costs 75 µs, for the thread that watches.
 *
 * @returns false when it was ended
 */
export function withinTime(ms: number, work: () => void): boolean {
  if (!box) {
    const made = (box = { work });
    const context = createContext(made);
    const script = new Script("work()");
    call = (timeout) => script.runInContext(context, { timeout });
  }
  box.work = work;
  try {
    call(ms);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return false;
    throw error;
  } finally {
    box.work = () => {}; // keeps nothing of a chunk alive
  }
}
