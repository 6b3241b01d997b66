import { BootcampError, messageOf } from "../../errors";
import { pause } from "../../pause";
import { say } from "../../terminal";
import { withAdmin } from "./connection";
import type { MemberOptions } from "./group-member";
import { GroupReader } from "./group-reader";
import type { Batch, Offsets, ReadOptions } from "./partition-reader";

export interface CommittingReadOptions extends MemberOptions, Pick<ReadOptions, "ends" | "idleSeconds" | "signal"> {
  /** Where a partition begins that the group has no offset for. One that is not named begins at its oldest message. */
  starts: Offsets;
  /** These starts are not simply the oldest messages: they are committed, so that the group keeps to them. */
  commitsStarts: boolean;
  /** Is told which partitions are this member's, each time the group says so. */
  onAssigned?: ((partitions: readonly number[]) => void) | undefined;
}

/** A reader that is killed has so much to read again, and Kafka a small message to keep. */
const commitMs = 5000;
const askAgainMs = 200;
/** Forming a group waits for members that are busy or have died; longer than this, something is wrong. */
const [joinSayMs, joinMs] = [5000, 60_000];
/** The last commit, with a group that rebalances just then; beside leaving the group, which has its own bound. */
const lastCommitMs = 1000;

/**
 * Reads a topic as a member of a consumer group, from the committed offsets on, and commits what its user has finished with.
 * A partition that stays with this member through a rebalance goes on where it is.
 */
export class CommittingReader {
  private readonly reader: GroupReader;
  /** What may be committed, and was not yet. */
  private finished = new Map<number, bigint>();
  /** What waits for the group ends with it: a timer would keep the process. */
  private readonly over = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private committing: Promise<void> | undefined;

  constructor(
    private readonly topic: string,
    private readonly options: CommittingReadOptions,
  ) {
    const about = { ...options, partitions: Math.max(1, options.starts.size), onRebalance: "keep" as const };
    const onRecreated = () => {
      // what was committed means other messages now
      this.finished = new Map([...this.finished].map(([partition]) => [partition, 0n]));
    };
    this.reader = new GroupReader(
      topic,
      { ...about, onRecreated },
      {
        starts: (partitions, ended) => this.startsOf(partitions, ended),
        // what is not committed when a partition goes to another member is read again there
        revoked: () => this.commitNow(),
        settle: () => this.settle(),
      },
    );
  }

  /**
   * The batches of the partitions that are this member's.
   *
   * @throws what Kafka says of the group or the topic; KAFKA_UNREACHABLE when the group has not formed within a minute
   */
  async *batches(): AsyncGenerator<Batch, void, undefined> {
    void this.watchJoin();
    yield* this.reader.batches();
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

  private async commit(): Promise<void> {
    const { finished } = this;
    this.finished = new Map();
    try {
      await this.reader.commit(finished);
    } catch (error) {
      // what was finished meanwhile is newer
      for (const [partition, next] of finished) if (!this.finished.has(partition)) this.finished.set(partition, next);
      throw error;
    }
  }

  /** Says that the group does not form, and ends the waiting. */
  private async watchJoin(): Promise<void> {
    const { group } = this.options;
    const isWaiting = async (ms: number) => (await pause(ms, this.over.signal)) && !this.reader.hasJoined;
    if (!(await isWaiting(joinSayMs))) return;
    const state = await this.groupState();
    say(`${this.topic}: group "${group}" has not formed for ${joinSayMs / 1000} s (${state}); waiting`);
    if (!(await isWaiting(joinMs - joinSayMs))) return;
    const found = await this.groupState();
    if (this.over.signal.aborted || this.reader.hasJoined) return;
    this.reader.fail(
      new BootcampError("KAFKA_UNREACHABLE", `Expected group "${group}" to form within ${joinMs / 1000} s: ${found}`, {
        where: group,
        remedy: "see who else is in it: npx alerts groups describe; or see whether Kafka is whole: npx alerts status",
      }),
    );
  }

  private async groupState(): Promise<string> {
    try {
      const ask = (group: string) => withAdmin(this.options, (admin) => admin.describeGroup(group));
      const { state, members } = await ask(this.options.group);
      return `it is ${state}, with ${members} members`;
    } catch (error) {
      return messageOf(error).split("\n")[0]!;
    }
  }

  /** Of the partitions that have to begin somewhere else than where they are. */
  private async startsOf(partitions: readonly number[], ended: AbortSignal): Promise<Offsets> {
    this.options.onAssigned?.(partitions);
    for (const partition of this.finished.keys()) if (!partitions.includes(partition)) this.finished.delete(partition);
    if (partitions.length === 0) return new Map();
    for (;;) {
      try {
        const found = await this.offsets();
        return ended.aborted ? new Map() : this.startsFrom(found, partitions);
      } catch (error) {
        if ((error as { code?: string }).code !== "KAFKA_UNREACHABLE") throw error;
        if (!(await pause(askAgainMs, ended))) throw error;
      }
    }
  }

  /** What the group has committed and what the topic holds. */
  private offsets() {
    const { topic, options } = this;
    return withAdmin({ ...options, topic }, async (admin) => {
      const committed = (await admin.fetchOffsets(options.group)).get(topic);
      const latest = await admin.listOffsets(topic, "latest");
      return { committed, latest, earliest: await admin.listOffsets(topic, "earliest") };
    });
  }

  private startsFrom(found: Awaited<ReturnType<CommittingReader["offsets"]>>, partitions: readonly number[]): Offsets {
    const { topic, options } = this;
    const starts = new Map<number, bigint>();
    for (const [partition, end] of found.latest) {
      if (!partitions.includes(partition)) continue;
      const first = found.earliest.get(partition) ?? 0n;
      const committed = found.committed?.get(partition)?.offset ?? -1n; // -1: none
      const position = this.reader.position(partition);
      // else another member has read on while this one was away
      if (position !== undefined && committed <= position) continue;
      if (committed === -1n) {
        const start = options.starts.get(partition) ?? first;
        starts.set(partition, start);
        if (options.commitsStarts) this.finish(partition, start);
      } else if (committed < 0n) {
        starts.set(partition, first); // -2: kafkajs has noted "at the oldest"
      } else if (committed > end) {
        say(
          `${topic}/${partition}: group "${options.group}" was at ${committed}, beyond the end: the topic was recreated; from its beginning`,
        );
        starts.set(partition, first);
      } else starts.set(partition, committed);
    }
    return starts;
  }

  /** Within a second. */
  private async settle(): Promise<void> {
    this.over.abort();
    clearTimeout(this.timer);
    const done = new AbortController();
    await Promise.race([this.commitAtLast(done.signal), pause(lastCommitMs, done.signal)]);
    if (this.finished.size > 0 && this.reader.hasJoined) {
      say(`${this.topic}: group "${this.options.group}" may read its last alerts again: they could not be committed`);
    }
    done.abort();
  }

  private async commitAtLast(signal: AbortSignal): Promise<void> {
    await this.committing;
    while (this.finished.size > 0 && !signal.aborted) {
      const isDone = await this.commit().then(
        () => true,
        () => false, // a group that rebalances takes it in a moment
      );
      if (isDone || !(await pause(askAgainMs, signal))) return;
    }
  }
}
