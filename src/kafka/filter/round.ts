import type { VisitCounts } from "./cap";
import type { OutMessage } from "./headers";
import type { Unit } from "./open";

/** What one filter did with a chunk of alerts. */
export interface Outcome {
  readonly selected: OutMessage[];
  rejected: number;
  capped: number;
  /** Dead letters of what it threw on. */
  readonly letters: OutMessage[];
  /** Counts of the visits in which it took a place. */
  readonly places: VisitCounts[];
}

export const newOutcome = (): Outcome => ({ selected: [], rejected: 0, capped: 0, letters: [], places: [] });

/** Alerts that are decided by one filter before the next one has its turn: so few stay in the processor's cache. */
export const blockAlerts = 32;

/** How far the filters have come in a chunk: block of alerts by block, each block by one filter after the other. */
export class Round {
  readonly ms: number[];
  readonly looked: number[];
  readonly unanswered = new Set<number>();
  /** The filter whose turn it is, and the alert that it decides next. */
  filter = 0;
  at = 0;
  /** When the clock was looked at last. */
  since = 0;
  /** The next alert is decided by itself, since the time was over when its turn came. */
  alone = false;
  /** First alert of the block. */
  private from = 0;

  constructor(
    readonly units: readonly Unit[],
    /** One per filter; undefined for one that does not decide this chunk. */
    readonly outcomes: (Outcome | undefined)[],
  ) {
    this.ms = outcomes.map(() => 0);
    this.looked = outcomes.map(() => 0);
  }

  /** The alert after the block. */
  get end(): number {
    return Math.min(this.from + blockAlerts, this.units.length);
  }

  /** Goes to the next alert that a filter has to decide; false when there is none. */
  next(): boolean {
    while (this.from < this.units.length) {
      const { end } = this;
      if (this.at < end && this.outcomes[this.filter]) return true;
      const isLast = this.filter === this.outcomes.length - 1;
      if (isLast) this.from = end;
      this.at = this.from;
      this.filter = isLast ? 0 : this.filter + 1;
    }
    return false;
  }
}
