import type { Positions } from "../positions";
import { isThrough } from "./is-through";
import { Missed } from "./missed";
import { hasPlace } from "./place";
import type { TransactionPool } from "./transaction-pool";
import type { WorkerOptions } from "./worker-options";

/** How far a group has come, against what Kafka still holds: retention may have overtaken it. */
export class GroupPlaces {
  private readonly missed: Missed;
  /** As it was when it was asked for last. */
  private committed: Positions = new Map();
  /** Where a partition begins whose first messages Kafka deleted before the group read them. */
  private behind: Positions = new Map();

  constructor(
    private readonly options: Pick<WorkerOptions, "topic" | "group" | "resumes" | "extent" | "warn">,
    private readonly pool: Pick<TransactionPool, "committed" | "begins">,
  ) {
    this.missed = new Missed(options.topic, options.group, options.warn);
  }

  /** Asks the broker, and says what was deleted before the group read it. */
  async survey(): Promise<{ committed: Positions; begins: Positions }> {
    const [committed, begins] = await Promise.all([this.pool.committed(), this.pool.begins()]);
    this.committed = committed;
    this.behind = new Map();
    for (const [partition, begin] of begins) {
      const place = committed.get(partition);
      this.missed.note(partition, place, begin);
      if (hasPlace(place) && place < begin) this.behind.set(partition, begin);
    }
    return { committed, begins };
  }

  /**
   * What a member does with its share: where it goes on after what was deleted – left to itself, kafkajs would commit "at the
   * beginning" in the place of the group's –, and what it must not fetch, lest kafkajs do so where the group has no place.
   */
  join(assigned: readonly number[]): { seeks: Positions; others: number[] } {
    const seeks = new Map([...this.behind].filter(([partition]) => assigned.includes(partition)));
    this.behind = new Map(); // at the next join it may be old
    const isOther = (partition: number) => this.options.resumes && !hasPlace(this.committed.get(partition));
    return { seeks, others: assigned.filter(isOther) };
  }

  /**
   * Notes that a fetch began after the place of the group: Kafka may have deleted what came next. Markers, aborted and
   * compacted messages leave gaps as well.
   */
  async noteJump(partition: number, next: bigint, first: bigint): Promise<void> {
    if (!hasPlace(next) || first <= next) return;
    const begin = (await this.pool.begins()).get(partition);
    if (begin !== undefined) this.missed.note(partition, next, begin);
  }

  /** A filter that is resumed works only where it was left behind; elsewhere it is still the job's. */
  async isOurs(partition: number): Promise<boolean> {
    return !this.options.resumes || hasPlace((await this.pool.committed()).get(partition));
  }

  /** Where to begin in those of the partitions in which the filter has been left behind meanwhile. */
  async startsOf(partitions: ReadonlySet<number>): Promise<Positions> {
    const now = await this.pool.committed();
    if (![...partitions].some((partition) => hasPlace(now.get(partition)))) return new Map();
    const { committed, begins } = await this.survey();
    const starts: Positions = new Map();
    for (const partition of partitions) {
      const place = committed.get(partition);
      const begin = begins.get(partition) ?? 0n;
      if (hasPlace(place)) starts.set(partition, place > begin ? place : begin);
    }
    return starts;
  }

  /**
   * True when the group has reached the ends.
   *
   * @param isQuiet no message has come for a while: what is left may have expired since the job began
   */
  async areThrough(isQuiet: boolean): Promise<boolean> {
    const { extent, resumes } = this.options;
    if (isThrough(extent, await this.pool.committed(), resumes)) return true;
    if (!isQuiet) return false;
    const { committed, begins } = await this.survey();
    return isThrough({ first: begins, next: extent.next }, committed, resumes);
  }
}
