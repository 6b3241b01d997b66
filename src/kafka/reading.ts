import type { Positions } from "./positions";

/**
 * How far a consumer has come in the partitions it was assigned: what it has taken from Kafka, and what its reader has
 * finished with.
 *
 * Kafka assigns anew when a member comes or goes, when this one was not heard of for too long, and when a leader changes.
 * kafkajs then begins at the committed offsets, or without any at the oldest message, and would deliver once more all
 * that was not committed. Here a partition that stays goes on where it was.
 */
export class Reading {
  /** Counts the assignments, and the beginnings with a topic that was made anew. */
  generation = 0;
  /** Counts the topics of the name: one that was deleted and made anew is another. */
  era = 0;
  private assigned: ReadonlySet<number> | undefined;
  /** The next offset to take; none for a partition that the group's committed offset decides about. */
  private readonly next: Positions;
  private passed: Positions;
  private readonly finished: Positions = new Map();

  /**
   * @param starts where to begin, or how far the group had come
   * @param ends where to end; null for never
   * @param isGrouped the offsets that the group has committed decide where to begin
   */
  constructor(
    starts: Positions,
    private readonly ends: Positions | null,
    isGrouped: boolean,
  ) {
    this.next = isGrouped ? new Map() : new Map(starts);
    this.passed = new Map(starts);
  }

  /** A new assignment: gives the offsets to seek to. What was not committed of partitions that went is their new owner's. */
  join(partitions: readonly number[]): Positions {
    this.generation++;
    this.assigned = new Set(partitions);
    for (const positions of [this.next, this.finished]) {
      for (const partition of positions.keys()) if (!this.has(partition)) positions.delete(partition);
    }
    return new Map(this.next);
  }

  /**
   * The topic was made anew: gives the offsets to seek to, its beginning. What was to be read of the old one up to an end
   * is gone; what the reader still has in hand of it counts for nothing here.
   */
  renew(): Positions {
    this.generation++;
    this.era++;
    for (const partition of this.assigned ?? []) this.next.set(partition, 0n);
    for (const partition of this.finished.keys()) this.finished.set(partition, 0n);
    this.passed = new Map(this.ends ?? []);
    return new Map(this.next);
  }

  /** True when an offset lies before what is to be taken next. */
  isBefore(partition: number, offset: bigint): boolean {
    return offset < (this.next.get(partition) ?? 0n);
  }

  has(partition: number): boolean {
    return this.assigned?.has(partition) ?? false;
  }

  /** Assigned partitions of which nothing was taken yet. */
  get untouched(): number[] {
    return [...(this.assigned ?? [])].filter((partition) => !this.next.has(partition));
  }

  /** True for a message that is the next to take, or comes after it. */
  take(partition: number, offset: bigint): boolean {
    if (!this.has(partition) || this.isBefore(partition, offset)) return false;
    this.next.set(partition, offset + 1n);
    return true;
  }

  /**
   * The reader is done with a message.
   * @param era when it was taken
   */
  finish(partition: number, offset: bigint, era: number): void {
    if (era !== this.era) return;
    if (this.has(partition)) this.finished.set(partition, offset + 1n);
    this.pass(partition, offset + 1n);
  }

  /** Everything before `offset` is done with, also by another member, or no message at all. */
  pass(partition: number, offset: bigint): void {
    if (offset > (this.passed.get(partition) ?? 0n)) this.passed.set(partition, offset);
  }

  /** What may be committed. */
  get toCommit(): Positions {
    return new Map(this.finished);
  }

  /** True when every assigned partition has reached its end. */
  get isDone(): boolean {
    const { ends } = this;
    if (!ends || !this.assigned) return false;
    return [...this.assigned].every((p) => (this.passed.get(p) ?? 0n) >= (ends.get(p) ?? 0n));
  }
}
