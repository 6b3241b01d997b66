import type { Extent, Positions } from "../read/positions";
import type { WorkerOptions } from "./plan";
import { hasOffset, type Progress } from "./progress";
import type { TransactionPool } from "./transaction-pool";

/** Where a job goes on in each partition, against what Kafka still holds: retention may have overtaken it. */
export class JobOffsets {
  private readonly filters: readonly string[];
  /** Offsets whose loss was said. */
  private readonly said = new Map<number, bigint>();
  private readonly saidNew = new Set<string>();

  constructor(
    private readonly options: Pick<WorkerOptions, "topic" | "group" | "filters" | "extent" | "warn">,
    private readonly pool: Pick<TransactionPool, "progress" | "begins">,
  ) {
    this.filters = options.filters.map(({ name }) => name);
  }

  /** The offset to read from in each partition; says what Kafka deleted before, and which filters begin anew. */
  async starts(): Promise<Positions> {
    const [progress, begins] = await Promise.all([this.pool.progress(), this.pool.begins()]);
    this.sayNew([...progress.values()]);
    const starts: Positions = new Map();
    for (const [partition, begin] of begins) {
      const next = progress.get(partition)?.start(this.filters);
      this.sayDeleted(partition, next, begin);
      starts.set(partition, next !== undefined && next > begin ? next : begin);
    }
    return starts;
  }

  /**
   * Notes that a fetch began after the offset that was to be read: Kafka may have deleted what came next. Markers, aborted
   * and compacted messages leave gaps as well.
   */
  async noteJump(partition: number, next: bigint, first: bigint): Promise<void> {
    if (!hasOffset(next) || first <= next) return;
    const begin = (await this.pool.begins()).get(partition);
    if (begin !== undefined) this.sayDeleted(partition, next, begin);
  }

  /**
   * True when the filters have reached the ends, whichever process brought them there.
   *
   * @param isQuiet no message has come for a while: what is left may have expired since the job began
   */
  async areAtEnd(isQuiet: boolean): Promise<boolean> {
    const { extent } = this.options;
    const progress = await this.pool.progress();
    if (this.isAtEnd(extent, progress)) return true;
    if (!isQuiet) return false;
    const begins = await this.pool.begins();
    if (!this.isAtEnd({ first: begins, next: extent.next }, progress)) return false;
    for (const [partition, begin] of begins) {
      this.sayDeleted(partition, progress.get(partition)?.start(this.filters), begin);
    }
    return true;
  }

  private isAtEnd({ first, next }: Extent, progress: ReadonlyMap<number, Progress>): boolean {
    return [...next].every(([partition, end]) => {
      const reached = progress.get(partition)?.start(this.filters) ?? -1n;
      const begin = first.get(partition) ?? 0n;
      return (reached > begin ? reached : begin) >= end;
    });
  }

  private sayNew(progress: readonly Progress[]): void {
    const { topic, group, warn } = this.options;
    for (const filter of this.filters) {
      if (this.saidNew.has(filter) || !progress.some((one) => one.isNew(filter))) continue;
      this.saidNew.add(filter);
      warn(
        `filter "${filter}" is new in group "${group}": it alone reads "${topic}" from the beginning, and the others go on ` +
          "when it has come as far as they",
      );
    }
  }

  /**
   * Says what Kafka deleted before the job has read it, once for each offset; the books know only what was read.
   *
   * @param next what was to be read next
   * @param begin the first offset that Kafka still holds there
   */
  private sayDeleted(partition: number, next: bigint | undefined, begin: bigint): void {
    if (!hasOffset(next) || next >= begin || this.said.get(partition) === next) return;
    this.said.set(partition, next);
    const { topic, group, warn } = this.options;
    const where = `partition ${partition} of "${topic}"`;
    if (next < 0n) {
      warn(`${where} no longer had the offset of group "${group}", which goes on at ${begin}; what it missed is lost`);
      return;
    }
    const range = `offsets ${next} to ${begin - 1n}`;
    warn(`Kafka deleted ${range} in ${where} before group "${group}" read them; it goes on at ${begin}`);
  }
}
