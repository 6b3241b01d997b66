import { addresses, hostAndPort } from "../../broker/address";
import { anyBroker, type BrokerAddress, type BrokerConnection } from "./broker-connection";
import type { Connection } from "./connection-settings";
import { protocolError } from "./protocol-error";
import { type TopicMetadata, topicMetadata } from "./topic-metadata";

/** The brokers that hold a topic: who leads which partition, asked for again when something has changed. */
export class TopicCluster {
  private known: TopicMetadata | undefined;
  private asking: Promise<TopicMetadata> | undefined;
  private broker: BrokerConnection | undefined;
  private isClosed = false;

  constructor(
    readonly topic: string,
    readonly connection: Connection,
    /** Called when the topic of that name is another one: it was deleted and made anew. */
    private readonly onOther: () => void,
    /** How long its brokers may be silent, ms; default as {@link BrokerConnection.open}. */
    readonly answersWithinMs?: number,
  ) {}

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
  refresh(): Promise<TopicMetadata> {
    this.asking ??= this.ask().finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  /** Asks the broker that was asked for metadata something else. To be called after {@link refresh}. */
  withBroker<T>(work: (broker: BrokerConnection) => Promise<T>): Promise<T> {
    return this.broker ? work(this.broker) : Promise.reject(protocolError(5));
  }

  close(): void {
    this.isClosed = true;
    this.broker?.close();
  }

  private async ask(): Promise<TopicMetadata> {
    try {
      this.broker ??= await this.anyBroker();
      const before = this.known?.id;
      const now = await topicMetadata(this.broker, this.topic);
      this.known = now;
      if (before && now.id && !before.equals(now.id)) this.onOther();
      return now;
    } catch (error) {
      this.broker?.close();
      this.broker = undefined;
      throw error;
    }
  }

  /** The first that answers: another may be one that is gone, or silent. */
  private async anyBroker(): Promise<BrokerConnection> {
    const seeds = addresses(this.connection.address).map(hostAndPort);
    const brokers = [...(this.known?.brokers.values() ?? []), ...seeds];
    const broker = await anyBroker(this.connection, brokers, this.answersWithinMs);
    if (this.isClosed) broker.close();
    return broker;
  }
}
