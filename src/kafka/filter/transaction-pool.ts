import { topicOffsets } from "../client/topic-offsets";
import type { Admin, Kafka } from "../client/types";
import type { Positions } from "../positions";
import { type Committed, PartitionTransactions } from "./transaction";

/** The transactions of one worker: one owner of a transactional id per partition of its input. */
export class TransactionPool {
  private readonly admin: Admin;
  private readonly partitions = new Map<number, PartitionTransactions>();
  private oneLeader = false;

  constructor(
    private readonly client: Kafka,
    private readonly group: string,
    private readonly topic: string,
    /** Called when a partition has been taken over from its former owner, before anything of it is done. */
    private readonly opened: (admin: Admin, partition: number) => Promise<void>,
  ) {
    this.admin = client.admin();
  }

  /** @param outputs the topics that will be written to */
  async connect(outputs: readonly string[]): Promise<void> {
    await this.admin.connect();
    await this.look(outputs);
  }

  /** Asks who leads the outputs, and how many partitions each has: a topic may have been made anew. */
  async look(outputs: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { topics } = await this.admin.fetchTopicMetadata({ topics: [...outputs] });
    const leaders = topics.flatMap(({ partitions }) => partitions.flatMap(({ replicas }) => replicas));
    this.oneLeader = new Set(leaders).size === 1; // without a copy elsewhere nobody else can become leader
    return new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
  }

  of(partition: number): PartitionTransactions {
    let found = this.partitions.get(partition);
    if (!found) {
      const { client, group, topic, oneLeader } = this;
      const committed = () => this.committedIn(partition);
      const opened = () => this.opened(this.admin, partition);
      found = new PartitionTransactions(client, group, topic, partition, committed, oneLeader, opened);
      this.partitions.set(partition, found);
    }
    return found;
  }

  /** How far the group has come in each partition; -1 where it has committed nothing, lower for the first message. */
  async committed(): Promise<Positions> {
    return new Map((await this.fetch()).map(({ partition, offset }) => [partition, BigInt(offset)]));
  }

  /** The first offset that each partition still holds. */
  async begins(): Promise<Positions> {
    const offsets = await topicOffsets(this.admin, this.topic);
    return new Map(offsets.map(({ partition, low }) => [partition, BigInt(low)]));
  }

  private async committedIn(partition: number): Promise<Committed> {
    const found = (await this.fetch()).find((one) => one.partition === partition);
    return { offset: BigInt(found?.offset ?? -1), marks: found?.metadata?.split(" ") ?? [] };
  }

  private async fetch() {
    const [found] = await this.admin.fetchOffsets({ groupId: this.group, topics: [this.topic] });
    return found?.partitions ?? [];
  }

  /** Waits until readers see everything that was committed. */
  async settle(): Promise<void> {
    await Promise.all([...this.partitions.values()].map((transactions) => transactions.settle()));
  }

  /** Finds out what became of the commits whose answers were lost. */
  async clear(): Promise<void> {
    await Promise.all([...this.partitions.values()].map((transactions) => transactions.clear()));
  }

  /** Gives every transactional id up: the partitions may have gone to others. */
  async giveUp(): Promise<void> {
    await Promise.all([...this.partitions.values()].map((transactions) => transactions.close()));
  }

  async disconnect(): Promise<void> {
    // without an answer what is in doubt stays pending, and the next run begins where Kafka says
    await Promise.all([...this.partitions.values()].map((transactions) => transactions.clear().catch(() => {})));
    await this.giveUp();
    await this.admin.disconnect().catch(() => {}); // nothing is under way
  }
}
