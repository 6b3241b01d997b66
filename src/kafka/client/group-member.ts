import type { Consumer } from "kafkajs";
import { pause } from "../../pause";
import { type ConnectionOptions, kafkaClient, retryUntilClosed } from "./connection";
import type { Offsets } from "./partition-reader";
import { Sockets } from "./sockets";

export interface MemberSettings extends ConnectionOptions {
  /** A member that is not heard of for so long gives its partitions to others. */
  sessionSeconds: number;
  /** Called when the group has formed: these partitions are this member's, until it is called again. */
  onAssigned: (partitions: readonly number[]) => void;
  /** Called when the group is about to form anew: what is committed now is still taken. */
  onRebalance: () => void;
  /** Called when the membership has ended by an error that does not pass. */
  onFailure: (error: unknown) => void;
}

/** Leaving waits so long for the group to hear of it. */
const leaveMs = 2000;

/**
 * A membership in a consumer group without the bytes: kafkajs joins and keeps its heartbeats while its partitions are
 * paused from the moment they are assigned, so that it fetches nothing.
 */
export class GroupMember {
  private readonly sockets = new Sockets();
  private readonly consumer: Consumer;
  private isLeaving = false;
  private joined = false;

  constructor(
    private readonly topic: string,
    readonly group: string,
    settings: MemberSettings,
  ) {
    const sessionTimeout = settings.sessionSeconds * 1000;
    this.consumer = kafkaClient(settings, true, this.sockets).consumer({
      groupId: group,
      sessionTimeout,
      heartbeatInterval: Math.min(2000, sessionTimeout / 4),
      maxWaitTimeInMs: 250, // a turn of its loop without anything to fetch, in which it looks at its heartbeat
      // it begins again by itself only after errors that pass; the others end the membership
      retry: retryUntilClosed(this.sockets, true),
    });
    const { GROUP_JOIN, REBALANCING, CRASH } = this.consumer.events;
    this.consumer.on(GROUP_JOIN, ({ payload }) => {
      if (this.isLeaving) return void this.consumer.disconnect().catch(() => {});
      const partitions = payload.memberAssignment[topic] ?? [];
      this.consumer.pause([{ topic, partitions }]);
      this.joined = true;
      settings.onAssigned(partitions);
    });
    this.consumer.on(REBALANCING, () => {
      if (!this.isLeaving) settings.onRebalance();
    });
    this.consumer.on(CRASH, ({ payload }) => {
      if (!payload.restart && !this.isLeaving) settings.onFailure(payload.error);
    });
  }

  /** Whether it has been a member since it began. */
  get hasJoined(): boolean {
    return this.joined;
  }

  /** Begins to join; `onAssigned` says when it has. */
  async join(): Promise<void> {
    await this.consumer.connect();
    if (this.isLeaving) return;
    await this.consumer.subscribe({ topic: this.topic, fromBeginning: true });
    if (this.isLeaving) return;
    await this.consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: async () => {} });
  }

  async commit(offsets: Offsets): Promise<void> {
    const { topic } = this;
    const list = [...offsets].map(([partition, offset]) => ({ topic, partition, offset: String(offset) }));
    if (list.length > 0) await this.consumer.commitOffsets(list);
  }

  /** Leaves the group, for good and within two seconds, also when Kafka is away. */
  async leave(): Promise<void> {
    this.isLeaving = true;
    const hasLeft = new AbortController();
    const left = this.consumer.disconnect().catch(() => {});
    await Promise.race([left, pause(leaveMs, hasLeft.signal)]);
    hasLeft.abort();
    this.sockets.close();
  }
}
