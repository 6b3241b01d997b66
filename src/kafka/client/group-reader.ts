import { connectionOf } from "./connection-settings";
import { GroupMember, type MemberOptions } from "./group-member";
import { type Batch, type Offsets, PartitionReader, type ReadOptions } from "./partition-reader";

export interface GroupReadOptions
  extends MemberOptions,
    Pick<ReadOptions, "ends" | "idleSeconds" | "signal" | "onRecreated" | "say"> {
  /** How many partitions the topic has. */
  partitions: number;
  /**
   * What becomes of the partitions when the group rebalances: those that stay with this member are read on where they are,
   * or all are given up at once, and begin again.
   */
  onRebalance: "keep" | "give-up";
}

/** What a reader of a group does beside reading. */
export interface GroupWork {
  /**
   * Finds where partitions begin that are this member's now; one that is not named goes on where it is. What it throws ends
   * the reading.
   *
   * @param ended comes when the group rebalances or is left: nobody waits for the answer any more
   */
  starts(partitions: readonly number[], ended: AbortSignal): Promise<Offsets>;
  /** The group rebalances: what is committed now is still taken. */
  revoked(): void;
  /** The group is about to be left; it is waited for. */
  settle(): Promise<void>;
}

/**
 * Reads a topic as a member of a consumer group: the group says which partitions, `work` where they begin, and a
 * {@link PartitionReader} fetches them.
 */
export class GroupReader {
  private readonly member: GroupMember;
  private readonly reader: PartitionReader;
  private readonly over = new AbortController();
  /** From one assignment to the next. */
  private generation = new AbortController();
  private failure: { error: unknown } | undefined;

  constructor(
    topic: string,
    options: GroupReadOptions,
    private readonly work: GroupWork,
  ) {
    this.reader = new PartitionReader(topic, connectionOf(options), { ...options, starts: null });
    this.member = new GroupMember(topic, options, {
      assigned: (partitions) => void this.assigned(partitions),
      revoked: () => {
        this.generation.abort();
        if (options.onRebalance === "give-up") this.reader.retain([]);
        work.revoked();
      },
      lost: (error) => this.fail(error),
    });
  }

  /**
   * The batches of the partitions that are this member's.
   *
   * @throws what Kafka says of the group or the topic, what `work` throws, and what `fail` is told
   */
  async *batches(): AsyncGenerator<Batch, void, undefined> {
    this.member.join().catch((error) => this.fail(error));
    try {
      yield* this.reader.batches();
      if (this.failure) throw this.failure.error;
    } finally {
      this.over.abort();
      this.reader.stop();
      await this.work.settle();
      await this.member.leave();
    }
  }

  /** How far a partition was handed out; undefined for one that is not read. */
  position(partition: number): bigint | undefined {
    return this.reader.position(partition);
  }

  /** Whether it has been a member since it began. */
  get hasJoined(): boolean {
    return this.member.hasJoined;
  }

  commit(offsets: Offsets): Promise<void> {
    return this.member.commit(offsets);
  }

  /** Ends the reading with an error. */
  fail(error: unknown): void {
    this.failure ??= { error };
    this.reader.stop();
  }

  /** Closes its connections at once, whatever is under way. */
  close(): void {
    this.over.abort();
    this.reader.stop();
    this.member.close();
  }

  private async assigned(partitions: readonly number[]): Promise<void> {
    this.generation.abort();
    this.generation = new AbortController();
    const ended = AbortSignal.any([this.generation.signal, this.over.signal]);
    this.reader.retain(partitions);
    try {
      const starts = await this.work.starts(partitions, ended);
      if (!ended.aborted) this.reader.assign(starts);
    } catch (error) {
      if (!ended.aborted) this.fail(error);
    }
  }
}
