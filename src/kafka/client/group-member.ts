import type { Consumer, PartitionAssigner } from "kafkajs";
import { pause } from "../../pause";
import { type ConnectionOptions, kafkaClient, retryUntilClosed, Sockets } from "./connection";
import type { Offsets } from "./partition-reader";

export interface MemberOptions extends ConnectionOptions {
  group: string;
  /** A member that is not heard of for so long gives its partitions to others. */
  sessionSeconds: number;
  /** Only members that name the same assigner come into the group together. Default: kafkajs's round robin. */
  assigner?: string | undefined;
}

/** What a member hears from its group. */
export interface GroupListener {
  /** These partitions are its own now, and no others. */
  assigned(partitions: readonly number[]): void;
  /** The group rebalances: what the member had may go to others. What is committed now is still taken. */
  revoked(): void;
  /** It is no longer a member, and does not come back by itself. */
  lost(error: unknown): void;
}

/** Leaving waits so long for the group to hear of it. */
const leaveMs = 2000;

/**
 * A member of a consumer group that fetches nothing: kafkajs joins and keeps its heartbeats while its partitions are paused
 * from the moment they are assigned. Left to itself kafkajs would commit "the first message" when it does not find what it
 * wants to read, and the progress of filters would be gone with the metadata.
 */
export class GroupMember {
  private readonly sockets = new Sockets();
  private readonly consumer: Consumer;
  private isLeaving = false;
  private joined = false;

  constructor(
    private readonly topic: string,
    options: MemberOptions,
    listener: GroupListener,
  ) {
    const { group, assigner } = options;
    const sessionTimeout = options.sessionSeconds * 1000;
    this.consumer = kafkaClient(options, true, this.sockets).consumer({
      groupId: group,
      sessionTimeout,
      heartbeatInterval: Math.min(2000, sessionTimeout / 4),
      rebalanceTimeout: 2 * sessionTimeout,
      maxWaitTimeInMs: 250, // a turn of its loop without anything to fetch, in which it looks at its heartbeat
      ...(assigner !== undefined && { partitionAssigners: [namedAssigner(assigner)] }),
      // it begins again by itself only after errors that pass; one that has left must not join when Kafka is back
      retry: {
        ...retryUntilClosed(this.sockets, true),
        maxRetryTime: 2000,
        restartOnFailure: async () => !this.isLeaving,
      },
    });
    const { GROUP_JOIN, REBALANCING, CRASH } = this.consumer.events;
    this.consumer.on(GROUP_JOIN, ({ payload }) => {
      if (this.isLeaving) return void this.consumer.disconnect().catch(() => {});
      const partitions = payload.memberAssignment[topic] ?? [];
      this.consumer.pause([{ topic, partitions }]); // before anything is fetched
      this.joined = true;
      listener.assigned(partitions);
    });
    this.consumer.on(REBALANCING, () => {
      if (!this.isLeaving) listener.revoked();
    });
    this.consumer.on(CRASH, ({ payload }) => {
      if (!payload.restart && !this.isLeaving) listener.lost(payload.error);
    });
  }

  /** Whether it has been a member since it began. */
  get hasJoined(): boolean {
    return this.joined;
  }

  /** Begins to join; the listener hears when it has. */
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
    this.close();
  }

  /** Closes its connections for good; the group hears nothing, and waits until the session has passed. */
  close(): void {
    this.isLeaving = true;
    this.sockets.close();
  }
}

/**
 * The assigner that deals partitions out in turn, under a name of its own. Kafka lets only members with a common assigner
 * into a group and refuses others at once (INCONSISTENT_GROUP_PROTOCOL).
 */
function namedAssigner(name: string): PartitionAssigner {
  const { PartitionAssigners } = require("kafkajs") as typeof import("kafkajs");
  return (options) => Object.assign({}, PartitionAssigners.roundRobin(options), { name });
}
