import type { BrokerAddress, BrokerConnection } from "./broker-connection";
import { Cluster } from "./cluster";
import type { Connection } from "./connection-settings";
import { throwIfRefused } from "./protocol-error";

/** A topic, and who leads which of its partitions. */
interface TopicLeaders {
  /** See {@link TopicMetadata.id}. */
  readonly id: Buffer | undefined;
  /** Partition → number of the broker that leads it; -1 while none does. */
  readonly leaders: ReadonlyMap<number, number>;
  readonly brokers: ReadonlyMap<number, BrokerAddress>;
}

/** The brokers that hold a topic: who leads which partition, asked for again when something has changed. */
export class TopicCluster {
  private readonly cluster: Cluster;
  private known: TopicLeaders | undefined;
  private asking: Promise<TopicLeaders> | undefined;

  constructor(
    readonly topic: string,
    readonly connection: Connection,
    /** Called when the topic of that name is another one: it was deleted and recreated. */
    private readonly onOther: () => void,
  ) {
    this.cluster = new Cluster(connection);
  }

  get id(): Buffer | undefined {
    return this.known?.id;
  }

  get partitions(): number[] {
    return [...(this.known?.leaders.keys() ?? [])];
  }

  /** Number of the broker that leads a partition; -1 while none does. */
  leaderOf(partition: number): number {
    return this.known?.leaders.get(partition) ?? -1;
  }

  addressOf(node: number): BrokerAddress | undefined {
    return this.known?.brokers.get(node);
  }

  /**
   * Asks who leads what now; questions at the same time are one.
   * @throws what the first broker that answers says, or why none does
   */
  refresh(): Promise<TopicLeaders> {
    this.asking ??= this.ask().finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  /** Asks any broker something else. */
  async withBroker<T>(work: (broker: BrokerConnection) => Promise<T>): Promise<T> {
    return work(await this.cluster.any());
  }

  close(): void {
    this.cluster.close();
  }

  private async ask(): Promise<TopicLeaders> {
    const broker = await this.cluster.any();
    try {
      const before = this.known?.id;
      const { topics, brokers } = await this.cluster.metadata([this.topic]);
      const { error, id, partitions } = topics.get(this.topic)!;
      throwIfRefused(error);
      this.known = { id, brokers, leaders: new Map([...partitions].map(([number, { leader }]) => [number, leader])) };
      if (before && id && !before.equals(id)) this.onOther();
      return this.known;
    } catch (error) {
      broker.close(); // another may know more
      throw error;
    }
  }
}
