import { readDeadHeaders } from "../dead-letters/dead-letter";
import type { Decided } from "./decide";
import type { PlannedFilter } from "./plan";

/** The books of one filter, or of one filter in one partition: read = selected + rejected + capped + dead + pending. */
export interface FilterCounts {
  /** Read for this filter: one that is added to a job reads alone what the others have decided before. */
  readonly read: number;
  /** Sent and acknowledged, in a committed transaction. */
  readonly selected: number;
  readonly rejected: number;
  /** Passed the filter, and the visit had no place left. */
  readonly capped: number;
  /** Could not be decoded, or made the filter throw: in the dead-letter topic. */
  readonly dead: number;
  /**
   * Read and not done: the job was stopped, or the filter is left behind. Another worker or the next run has them. Also
   * what was in a commit without an answer, if Kafka could not be asked again before the end.
   */
  readonly pending: number;
}

/** The same in one partition. */
export interface PartitionBooks extends FilterCounts {
  readonly partition: number;
  readonly filter: string;
}

/** What became of every alert in one filter. */
export interface FilterBooks extends FilterCounts {
  readonly filter: string;
  readonly topic: string;
  /** Time spent in the filter, all and per alert that it decided. */
  readonly seconds: number;
  readonly msPerAlert: number;
  /** Took longer per alert than `slowMs`, for a second or more. */
  readonly isSlow: boolean;
  /** Why it was left behind, so that the others need not wait: `resume` lets it go on alone. Else null. */
  readonly leftBehind: string | null;
}

/** What a filter job did. */
export interface FilterReport {
  readonly topic: string;
  readonly deadTopic: string;
  readonly group: string;
  readonly filters: readonly FilterBooks[];
  readonly partitions: readonly PartitionBooks[];
  /** Alerts read by this process, and how many of the messages could not be decoded. */
  readonly read: number;
  readonly undecodable: number;
  readonly seconds: number;
  readonly transactions: number;
  /** Times the job began again at the last committed offset, because a partition went to another worker or Kafka failed. */
  readonly restarts: number;
  readonly interrupted: boolean;
  /** Every filter that is not left behind has come to where the topic ended when the job began, as Kafka has its progress. */
  readonly reachedEnd: boolean;
  /** True when the books of every filter and partition balance and nothing is pending. */
  readonly balanced: boolean;
}

interface Entry {
  read: number;
  selected: number;
  rejected: number;
  capped: number;
  dead: number;
}

/** Enters what is read when it is read, and what became of it when its transaction is committed. */
export class JobBooks {
  undecodable = 0;
  transactions = 0;
  restarts = 0;
  /** Alerts read, by whichever filters. */
  read = 0;
  private readonly entries = new Map<number, Entry[]>();
  private readonly ms: number[];
  private readonly looked: number[];
  private readonly slow = new Set<number>();
  private readonly throwing = new Set<number>();
  private readonly left = new Map<number, string>();
  private readonly started = performance.now();

  constructor(
    private readonly filters: readonly PlannedFilter[],
    private readonly warn: (line: string) => void,
  ) {
    this.ms = filters.map(() => 0);
    this.looked = filters.map(() => 0);
  }

  /** A chunk was read and decided. */
  begin(partition: number, decided: Decided): void {
    this.count(partition, decided, 1);
    for (const [n, ms] of decided.ms.entries()) {
      this.ms[n]! += ms;
      const { name } = this.filters[n]!;
      const [letter] = decided.outcomes[n]?.letters ?? [];
      if (letter && !this.throwing.has(n)) {
        this.throwing.add(n);
        this.warn(`filter "${name}" failed on an alert, a dead letter now: ${readDeadHeaders(letter.headers).reason}`);
      }
      this.looked[n]! += decided.looked[n]!;
    }
    for (const [n, msPerAlert] of decided.slow) {
      if (this.slow.has(n)) continue;
      this.slow.add(n);
      if (decided.leaving.some(({ filter }) => filter === n)) continue; // more is said of that
      this.warn(`filter "${this.filters[n]!.name}" is slow: ${msPerAlert.toFixed(1)} ms per alert`);
    }
  }

  /** From here on the filter does not decide the alerts of this job; says so once. */
  leaveBehind(n: number, why: string): void {
    if (this.left.has(n)) return;
    this.left.set(n, why);
    const { name } = this.filters[n]!;
    this.warn(`filter "${name}" is left behind, so that the others need not wait: ${why}`);
  }

  /** Its transaction failed or was another worker's: it will be read again, here or there. */
  undo(partition: number, decided: Decided): void {
    this.count(partition, decided, -1);
  }

  /** Enters what was read for each filter that decides it, or has it still to decide. */
  private count(partition: number, { read, outcomes, pending }: Decided, sign: 1 | -1): void {
    this.read += sign * read;
    for (const [n, entry] of this.entriesOf(partition).entries()) {
      if (outcomes[n] || pending.has(n)) entry.read += sign * read;
    }
  }

  private entriesOf(partition: number): Entry[] {
    let entries = this.entries.get(partition);
    if (!entries) {
      entries = this.filters.map(newEntry);
      this.entries.set(partition, entries);
    }
    return entries;
  }

  /** Its transaction is committed. */
  done(partition: number, decided: Decided): void {
    const entries = this.entriesOf(partition);
    for (const [n, outcome] of decided.outcomes.entries()) {
      if (!outcome) continue; // left behind, or decided before
      const entry = entries[n]!;
      entry.selected += outcome.selected.length;
      entry.rejected += outcome.rejected;
      entry.capped += outcome.capped;
      entry.dead += outcome.letters.length + decided.undecodable.length;
    }
    this.undecodable += decided.undecodable.length;
    this.transactions++;
  }

  /** That alerts passed a filter and were not sent is no error, and not what everybody expects. */
  sayCapped(perVisit: number): void {
    const sums = this.filters.map((_, n) => this.sumOf(n));
    const [capped, selected] = [
      sums.reduce((sum, one) => sum + one.capped, 0),
      sums.reduce((sum, one) => sum + one.selected, 0),
    ];
    if (capped === 0) return;
    const which = this.filters.length === 1 ? `filter "${this.filters[0]!.name}"` : "the filters";
    this.warn(
      `${which} let ${selected + capped} alerts pass, and the cap of ${perVisit} per visit left out ${capped} of them\n` +
        "  → --no-cap sends all, --cap N so many of each visit; in a cell capPerVisit: Infinity or N",
    );
  }

  report(about: Pick<FilterReport, "topic" | "deadTopic" | "group" | "interrupted" | "reachedEnd">): FilterReport {
    const partitions = [...this.entries]
      .sort(([a], [b]) => a - b)
      .flatMap(([partition, entries]) =>
        this.filters.map(({ name }, n) => ({ partition, filter: name, ...withPending(entries[n]!) })),
      );
    const { read, undecodable, transactions, restarts } = this;
    const filters = this.filters.map(({ name, topic }, n) => {
      const sum = this.sumOf(n);
      const seconds = this.ms[n]! / 1000;
      const msPerAlert = this.ms[n]! / Math.max(1, this.looked[n]!);
      const isSlow = this.slow.has(n);
      const leftBehind = this.left.get(n) ?? null;
      return { filter: name, topic, ...withPending(sum), seconds, msPerAlert, isSlow, leftBehind };
    });
    const seconds = (performance.now() - this.started) / 1000;
    const balanced = [...filters, ...partitions].every(({ pending }) => pending === 0);
    return { ...about, filters, partitions, read, undecodable, seconds, transactions, restarts, balanced };
  }

  private sumOf(n: number): Entry {
    const sum = newEntry();
    for (const entries of this.entries.values()) {
      for (const key of Object.keys(sum) as (keyof Entry)[]) sum[key] += entries[n]![key];
    }
    return sum;
  }
}

const newEntry = (): Entry => ({ read: 0, selected: 0, rejected: 0, capped: 0, dead: 0 });

const withPending = (entry: Entry): FilterCounts => {
  const { read, selected, rejected, capped, dead } = entry;
  return { ...entry, pending: read - selected - rejected - capped - dead };
};
