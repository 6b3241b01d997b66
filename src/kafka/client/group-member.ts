import type { Consumer, PartitionAssigner } from "kafkajs";
import { pause } from "../../pause";
import type { ConnectionOptions } from "./connection-settings";
import { kafkaClient, retryUntilClosed, Sockets } from "./kafkajs";
import type { Offsets } from "./partition-reader";
import { mayPass } from "./protocol-error";

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
/** What joining may take beyond the time that a rebalance waits for the other members: requests, and choosing a coordinator. */
const joinMs = 15_000;
const checkMs = 1000;

/**
 * A member of a consumer group that fetches nothing: kafkajs joins and keeps its heartbeats while its partitions are paused
 * from the moment they are assigned. Left to itself kafkajs would commit "the first message" when it does not find what it
 * wants to read, and the progress of filters would be gone with the metadata.
 *
 * A member that has neither been assigned anything nor had a heartbeat answered for longer than a rebalance can take joins
 * anew on new connections: behind a cable that was out for a minute kafkajs waited for minutes more, for nobody
 * (test/faults/hosts.test.ts, on a busy machine).
 */
export class GroupMember {
  private sockets!: Sockets;
  private consumer!: Consumer;
  private isLeaving = false;
  private joining: Promise<void> = Promise.resolve();
  private joined = false;
  private heardAt = 0;
  private watch: NodeJS.Timeout | undefined;

  constructor(
    private readonly topic: string,
    private readonly options: MemberOptions,
    private readonly listener: GroupListener,
  ) {
    this.connect();
  }

  /** Whether it has been a member since it began. */
  get hasJoined(): boolean {
    return this.joined;
  }

  /** Begins to join; the listener hears when it has. */
  join(): Promise<void> {
    this.joining = this.joinNow();
    return this.joining;
  }

  private async joinNow(): Promise<void> {
    const { consumer } = this;
    await consumer.connect();
    if (this.isLeaving) return;
    await consumer.subscribe({ topic: this.topic, fromBeginning: true });
    if (this.isLeaving) return;
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: async () => {} });
  }

  async commit(offsets: Offsets): Promise<void> {
    const { topic } = this;
    const list = [...offsets].map(([partition, offset]) => ({ topic, partition, offset: String(offset) }));
    if (list.length > 0) await this.consumer.commitOffsets(list);
  }

  /** Leaves the group, for good and within two seconds, also when Kafka is away. */
  async leave(): Promise<void> {
    this.end();
    const hasLeft = new AbortController();
    // one whose connection is closed while it joins stays in the group until its session has passed
    const left = this.joining.catch(() => {}).then(() => this.consumer.disconnect().catch(() => {}));
    await Promise.race([left, pause(leaveMs, hasLeft.signal)]);
    hasLeft.abort();
    this.close();
  }

  /** Closes its connections for good; the group hears nothing, and waits until the session has passed. */
  close(): void {
    this.end();
    this.sockets.close();
  }

  private end(): void {
    this.isLeaving = true;
    clearInterval(this.watch);
  }

  private get sessionMs(): number {
    return this.options.sessionSeconds * 1000;
  }

  private keepWatch(): void {
    const silentMs = 3 * this.sessionMs + joinMs;
    this.watch ??= setInterval(() => {
      if (performance.now() - this.heardAt > silentMs) this.joinAnew();
    }, checkMs).unref();
  }

  private joinAnew(): void {
    this.heardAt = performance.now();
    this.sockets.close();
    this.connect();
    const { consumer } = this;
    // what passes is tried again when as much time has passed once more
    this.join().catch((error) => {
      if (consumer === this.consumer && !this.isLeaving && !mayPass(error)) this.listener.lost(error);
    });
  }

  private connect(): void {
    const { topic, options, listener } = this;
    const sockets = new Sockets();
    const consumer = kafkaClient(options, sockets).consumer({
      groupId: options.group,
      sessionTimeout: this.sessionMs,
      heartbeatInterval: Math.min(2000, this.sessionMs / 4),
      rebalanceTimeout: 2 * this.sessionMs,
      maxWaitTimeInMs: 250, // a turn of its loop without anything to fetch, in which it looks at its heartbeat
      ...(options.assigner !== undefined && { partitionAssigners: [namedAssigner(options.assigner)] }),
      // it begins again by itself only after errors that pass; one that has left must not join when Kafka is back
      retry: {
        ...retryUntilClosed(sockets),
        maxRetryTime: 2000,
        restartOnFailure: async () => isIts() && !this.isLeaving,
      },
    });
    /** False of one whose place another has taken. */
    const isIts = () => consumer === this.consumer;
    const { GROUP_JOIN, HEARTBEAT, REBALANCING, CRASH } = consumer.events;
    consumer.on(HEARTBEAT, () => {
      if (isIts()) this.heardAt = performance.now();
    });
    consumer.on(GROUP_JOIN, ({ payload }) => {
      if (!isIts()) return void consumer.disconnect().catch(() => {});
      if (this.isLeaving) return;
      const partitions = payload.memberAssignment[topic] ?? [];
      consumer.pause([{ topic, partitions }]); // before anything is fetched
      this.joined = true;
      this.heardAt = performance.now();
      this.keepWatch();
      listener.assigned(partitions);
    });
    consumer.on(REBALANCING, () => {
      if (isIts() && !this.isLeaving) listener.revoked();
    });
    consumer.on(CRASH, ({ payload }) => {
      if (!payload.restart && isIts() && !this.isLeaving) listener.lost(payload.error);
    });
    this.sockets = sockets;
    this.consumer = consumer;
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
