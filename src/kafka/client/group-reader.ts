import { BootcampError, messageOf } from "../../errors";
import { pause } from "../../pause";
import { say } from "../../terminal";
import { type ConnectionOptions, withAdmin } from "./connection";
import { connectionOf } from "./connection-settings";
import { GroupMember } from "./group-member";
import { type Batch, type Offsets, PartitionReader } from "./partition-reader";
import { topicOffsets } from "./topic-offsets";

export interface GroupReadOptions extends ConnectionOptions {
  group: string;
  /** Where a partition begins that the group has no offset for. One that is not named begins at its oldest message. */
  starts: Offsets;
  /** These starts are not simply the oldest messages: they are committed, so that the group keeps to them. */
  commitsStarts: boolean;
  ends: Offsets | null;
  idleSeconds?: number | undefined;
  sessionSeconds: number;
  signal?: AbortSignal | undefined;
}

/** A reader that is killed has so much to read again, and Kafka a small message to keep. */
const commitMs = 5000;
const askAgainMs = 200;
/** Forming a group waits for members that are busy or have died; longer than this, something is wrong. */
const [joinSayMs, joinMs] = [5000, 60_000];
/** The last commit, with a group that is forming anew just then; beside leaving the group, which has its own bound. */
const lastCommitMs = 1000;

/**
 * Reads a topic as a member of a consumer group: the group says which partitions, Kafka's committed offsets where they
 * begin, and a {@link PartitionReader} fetches them. A partition that stays with this member goes on where it is.
 */
export class GroupReader {
  private readonly member: GroupMember;
  private readonly reader: PartitionReader;
  /** What may be committed, and was not yet. */
  private finished = new Map<number, bigint>();
  private generation = 0;
  /** What waits for the group ends with it: a timer would keep the process. */
  private readonly over = new AbortController();
  private failure: { error: unknown } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private committing: Promise<void> | undefined;

  constructor(
    private readonly topic: string,
    private readonly options: GroupReadOptions,
  ) {
    const { ends, idleSeconds, signal } = options;
    this.reader = new PartitionReader(topic, connectionOf(options), {
      starts: null,
      partitions: Math.max(1, options.starts.size),
      ends,
      idleSeconds,
      signal,
      onRestart: () => {
        // what was committed means other messages now
        this.finished = new Map([...this.finished].map(([partition]) => [partition, 0n]));
      },
    });
    this.member = new GroupMember(topic, options.group, {
      ...options,
      // what is not committed when a partition goes to another member is read again there
      onRebalance: () => this.commitNow(),
      onAssigned: (partitions) => void this.assigned(partitions),
      onFailure: (error) => this.fail(error),
    });
  }

  /**
   * The batches of the partitions that are this member's.
   *
   * @throws what Kafka says of the group or the topic; KAFKA_UNREACHABLE when the group has not formed within a minute
   */
  async *batches(): AsyncGenerator<Batch, void, undefined> {
    const joining = this.join();
    try {
      yield* this.reader.batches();
      if (this.failure) throw this.failure.error;
    } finally {
      await this.stop();
      await joining;
    }
  }

  /** Everything of the partition before this offset is done with, and is committed before long. */
  finish(partition: number, next: bigint): void {
    this.finished.set(partition, next);
    this.commitLater();
  }

  /** Also when no message follows: a reader that waits has its last alerts committed. */
  private commitLater(): void {
    if (this.over.signal.aborted) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      if (this.committing) this.commitLater();
      else this.commitNow();
    }, commitMs);
  }

  private commitNow(): void {
    const all = Promise.all([this.committing, this.commit().catch(() => this.commitLater())]).then(() => {
      if (this.committing === all) this.committing = undefined;
    });
    this.committing = all;
  }

  private async join(): Promise<void> {
    void this.watchJoin();
    try {
      await this.member.join();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Says that the group does not form, and ends the waiting. */
  private async watchJoin(): Promise<void> {
    const isWaiting = async (ms: number) => (await pause(ms, this.over.signal)) && !this.member.hasJoined;
    if (!(await isWaiting(joinSayMs))) return;
    const { group } = this.options;
    say(
      `${this.topic}: group "${group}" has not formed for ${joinSayMs / 1000} s (${await this.groupState()}); waiting`,
    );
    if (!(await isWaiting(joinMs - joinSayMs))) return;
    const found = await this.groupState();
    if (this.over.signal.aborted || this.member.hasJoined) return;
    this.fail(
      new BootcampError("KAFKA_UNREACHABLE", `Expected group "${group}" to form within ${joinMs / 1000} s: ${found}`, {
        where: group,
        remedy: "see who else is in it: npx alerts groups describe; or see whether Kafka is whole: npx alerts status",
      }),
    );
  }

  private async groupState(): Promise<string> {
    try {
      const ask = (g: string) => withAdmin(this.options, (admin) => admin.describeGroups([g]));
      const [found] = (await ask(this.options.group)).groups;
      return `it is ${found?.state}, with ${found?.members.length} members`;
    } catch (error) {
      return messageOf(error).split("\n")[0]!;
    }
  }

  private fail(error: unknown): void {
    this.failure ??= { error };
    this.reader.stop();
  }

  /** The group has formed: finds where the partitions begin that this member did not have. */
  private async assigned(partitions: readonly number[]): Promise<void> {
    const generation = ++this.generation;
    const isLate = () => this.over.signal.aborted || generation !== this.generation;
    this.reader.retain(partitions);
    for (const partition of this.finished.keys()) if (!partitions.includes(partition)) this.finished.delete(partition);
    for (;;) {
      try {
        const starts = await this.startsOf(partitions);
        if (isLate()) return;
        for (const [partition, { offset, isNew }] of starts) {
          if (isNew && this.options.commitsStarts) this.finish(partition, offset);
        }
        this.reader.assign(new Map([...starts].map(([partition, { offset }]) => [partition, offset])));
        return;
      } catch (error) {
        if (isLate()) return;
        const { code } = error as { code?: string };
        if (code !== "KAFKA_UNREACHABLE") return this.fail(error);
        await pause(askAgainMs, this.over.signal);
      }
    }
  }

  /** Of the partitions that have to begin somewhere else than where they are. */
  private async startsOf(partitions: readonly number[]): Promise<Map<number, { offset: bigint; isNew: boolean }>> {
    const { topic } = this;
    const { group } = this.options;
    const starts = new Map<number, { offset: bigint; isNew: boolean }>();
    if (partitions.length === 0) return starts;
    const [committed, held] = await withAdmin({ ...this.options, topic }, async (admin) => {
      const [found] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
      return [
        new Map(found?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)])),
        await topicOffsets(admin, topic),
      ];
    });
    for (const { partition, low, high } of held) {
      if (!partitions.includes(partition)) continue;
      const place = committed.get(partition) ?? -1n;
      const own = this.reader.handed(partition);
      // another member has read on while this one was away
      if (own !== undefined && place <= own) continue;
      if (own === undefined && place === -1n) {
        starts.set(partition, { offset: this.options.starts.get(partition) ?? BigInt(low), isNew: true });
      } else if (place < 0n) {
        starts.set(partition, { offset: BigInt(low), isNew: false }); // -2: kafkajs has noted "at the oldest"
      } else if (place > BigInt(high)) {
        say(
          `${topic}/${partition}: group "${group}" was at ${place}, beyond the end: the topic was made anew; from its beginning`,
        );
        starts.set(partition, { offset: BigInt(low), isNew: false });
      } else starts.set(partition, { offset: place, isNew: false });
    }
    return starts;
  }

  private async commit(): Promise<void> {
    const { finished } = this;
    this.finished = new Map();
    try {
      await this.member.commit(finished);
    } catch (error) {
      // what was finished meanwhile is newer
      for (const [partition, next] of finished) if (!this.finished.has(partition)) this.finished.set(partition, next);
      throw error;
    }
  }

  /** Within three seconds, and for good. */
  private async stop(): Promise<void> {
    this.over.abort();
    clearTimeout(this.timer);
    this.reader.stop();
    const done = new AbortController();
    await Promise.race([this.commitAtLast(done.signal), pause(lastCommitMs, done.signal)]);
    if (this.finished.size > 0 && this.member.hasJoined) {
      say(`${this.topic}: group "${this.options.group}" may read its last alerts again: they could not be committed`);
    }
    done.abort();
    await this.member.leave();
  }

  private async commitAtLast(signal: AbortSignal): Promise<void> {
    await this.committing;
    while (this.finished.size > 0 && !signal.aborted) {
      const isDone = await this.commit().then(
        () => true,
        () => false, // a group that is forming takes it in a moment
      );
      if (isDone || !(await pause(askAgainMs, signal))) return;
    }
  }
}
