import { setMaxListeners } from "node:events";
import type { Connection } from "../client/connection-settings";
import { topicOffsets } from "../client/topic-offsets";
import { TransactionalProducer } from "../client/transactional-producer";
import type { Kafka } from "../client/types";
import type { Positions } from "../read/positions";
import { Progress } from "./progress";
import { PartitionTransactions } from "./transaction";

/** The transactions of one worker: one owner of a transactional id per partition of its input. */
export class TransactionPool {
  private readonly admin: ReturnType<Kafka["admin"]>;
  private readonly partitions = new Map<number, PartitionTransactions>();
  private readonly over = new AbortController();

  constructor(
    client: Kafka,
    private readonly connection: Connection,
    private readonly group: string,
    private readonly topic: string,
    /** Names of the job's filters. */
    private readonly filters: readonly string[],
    /** One of them, left behind before, goes on. */
    private readonly resume?: string,
  ) {
    this.admin = client.admin();
    setMaxListeners(0, this.over.signal); // each partition that waits for Kafka listens to it
  }

  connect(): Promise<void> {
    return this.admin.connect();
  }

  /** Asks how many partitions each of the outputs has: a topic may have been recreated. */
  async look(outputs: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { topics } = await this.admin.fetchTopicMetadata({ topics: [...outputs] });
    return new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
  }

  of(partition: number): PartitionTransactions {
    let found = this.partitions.get(partition);
    if (!found) {
      const { connection, group, topic, filters, over } = this;
      const committed = async () => (await this.progress()).get(partition) ?? Progress.of(-1n, null);
      const open = (id: string) => TransactionalProducer.open(connection, id, over.signal);
      found = new PartitionTransactions({ group, topic, partition, filters, committed, open });
      this.partitions.set(partition, found);
    }
    return found;
  }

  /** How far the filters have come in each partition. */
  async progress(): Promise<ReadonlyMap<number, Progress>> {
    const [found] = await this.admin.fetchOffsets({ groupId: this.group, topics: [this.topic] });
    return new Map((found?.partitions ?? []).map((one) => [one.partition, this.progressOf(one)]));
  }

  private progressOf({ offset, metadata }: { offset: string; metadata: string | null }): Progress {
    const progress = Progress.of(BigInt(offset), metadata);
    return this.resume === undefined ? progress : progress.resumed(this.resume);
  }

  /** The first offset that each partition still holds. */
  async begins(): Promise<Positions> {
    const offsets = await topicOffsets(this.admin, this.topic);
    return new Map(offsets.map(({ partition, low }) => [partition, BigInt(low)]));
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
    this.close();
    await this.admin.disconnect().catch(() => {}); // nothing is under way
  }

  /** Ends at once whatever waits for Kafka. */
  close(): void {
    this.over.abort();
  }
}
