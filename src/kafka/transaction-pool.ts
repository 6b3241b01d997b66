import type { Admin, Kafka } from "kafkajs";
import type { Positions } from "./positions";
import { PartitionTransactions } from "./transaction";

/** The transactions of one worker: one owner of a transactional id per partition of its input. */
export class TransactionPool {
  private readonly admin: Admin;
  private readonly partitions = new Map<number, PartitionTransactions>();

  constructor(
    private readonly client: Kafka,
    private readonly group: string,
    private readonly topic: string,
  ) {
    this.admin = client.admin();
  }

  connect(): Promise<void> {
    return this.admin.connect();
  }

  of(partition: number): PartitionTransactions {
    let found = this.partitions.get(partition);
    if (!found) {
      const committed = async () => (await this.committed()).get(partition) ?? -1n;
      found = new PartitionTransactions(this.client, this.group, this.topic, partition, committed);
      this.partitions.set(partition, found);
    }
    return found;
  }

  /** How far the group has come in each partition; -1 where it has committed nothing. */
  async committed(): Promise<Positions> {
    const [found] = await this.admin.fetchOffsets({ groupId: this.group, topics: [this.topic] });
    return new Map((found?.partitions ?? []).map(({ partition, offset }) => [partition, BigInt(offset)]));
  }

  /** Waits until readers see everything that was committed. */
  async settle(): Promise<void> {
    await Promise.all([...this.partitions.values()].map((transactions) => transactions.settle()));
  }

  /** Gives every transactional id up: the partitions may have gone to others. */
  async giveUp(): Promise<void> {
    await Promise.all([...this.partitions.values()].map((transactions) => transactions.close()));
  }

  async disconnect(): Promise<void> {
    await this.giveUp();
    await this.admin.disconnect().catch(() => {}); // nothing is under way
  }
}
