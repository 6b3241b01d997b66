import { createContext, Script } from "node:vm";

/** Alerts that are decided by one filter before the next one has its turn: so few stay in the processor's cache. */
export const blockAlerts = 32;

/** A filter has to be slow so often in a row: loading a catalogue at the first alert is no crime. */
const looksInARow = 3;
/** And for so long, before anything is said or done about it. */
export const enoughMs = 1000;

/** Watches the time of one filter: it is looked at after every alert while it is slow, after many once it is quick. */
export class Slowness {
  /** How many alerts it may decide until the next look. */
  alertsAtOnce = 1; // a look at the clock costs 50 ns, a quick filter as little
  private looks = 0;
  private ms = 0;
  private alerts = 0;

  /** @param slowMs what is allowed per alert */
  constructor(private readonly slowMs: number) {}

  /** @returns ms per alert when it has been too slow for too long, else undefined */
  note(ms: number, alerts: number): number | undefined {
    if (ms <= this.slowMs * alerts) {
      this.alertsAtOnce = Math.min(2 * this.alertsAtOnce, blockAlerts);
      this.looks = this.ms = this.alerts = 0;
      return undefined;
    }
    this.alertsAtOnce = 1;
    this.looks++;
    this.ms += ms;
    this.alerts += alerts;
    return this.looks >= looksInARow && this.ms >= enoughMs ? this.ms / this.alerts : undefined;
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
