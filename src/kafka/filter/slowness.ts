import { blockAlerts } from "./round";

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
