import { namedAssigner } from "../client/assigner";
import type { Consumer, Kafka } from "../client/types";

/** The broker's own minimum: a worker that died is replaced after so long. */
export const sessionMs = 6000;
const heartbeatMs = 1500;

/** What a member hears from its group. */
export interface Listener {
  /** These partitions are its own now, and no others. */
  assigned(partitions: readonly number[]): void;
  /** The group forms anew: what the member had may go to others. */
  revoked(): void;
  /** It is no longer a member, and does not come back by itself. */
  lost(error: Error): void;
}

/**
 * A member of a consumer group that fetches nothing: kafkajs's consumer with all its partitions paused sends heartbeats and
 * hears what it is assigned, while the messages are read by the partition reader. Left to itself kafkajs would set the
 * offset of the group to "the first message" when it does not find what it wants to read, and the progress of the filters
 * would be gone with the metadata.
 */
export class Membership {
  private readonly consumer: Consumer;
  private isOver = false;

  /** @param assigner only members that name the same one come into the group together */
  constructor(
    client: Kafka,
    group: string,
    private readonly topic: string,
    assigner: string,
    private readonly listener: Listener,
  ) {
    this.consumer = client.consumer({
      groupId: group,
      sessionTimeout: sessionMs,
      heartbeatInterval: heartbeatMs,
      rebalanceTimeout: 2 * sessionMs,
      maxWaitTimeInMs: 250,
      partitionAssigners: [namedAssigner(assigner)],
      // a member that has left must not join again when Kafka is back
      retry: { initialRetryTime: 200, maxRetryTime: 2000, retries: 12, restartOnFailure: async () => !this.isOver },
    });
  }

  async join(): Promise<void> {
    const { consumer, listener, topic } = this;
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) listener.lost(payload.error);
    });
    consumer.on(consumer.events.REBALANCING, () => listener.revoked());
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      const partitions = payload.memberAssignment[topic] ?? [];
      consumer.pause([{ topic, partitions }]); // before anything is fetched
      listener.assigned(partitions);
    });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({ autoCommit: false, eachBatch: async () => {} });
  }

  async leave(): Promise<void> {
    this.isOver = true;
    await this.consumer.disconnect().catch(() => {}); // nothing is under way
  }
}
