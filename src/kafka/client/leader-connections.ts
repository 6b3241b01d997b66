import { BrokerConnection } from "./broker-connection";
import { protocolError } from "./protocol-error";
import type { TopicCluster } from "./topic-cluster";

/** Connections of one reader to the brokers that lead its partitions, by the broker's number. */
export class LeaderConnections {
  private readonly open = new Map<number, BrokerConnection>();
  private isClosed = false;

  constructor(private readonly cluster: TopicCluster) {}

  /** @throws LEADER_NOT_AVAILABLE, and what opening a connection does */
  async of(node: number): Promise<BrokerConnection> {
    const address = this.cluster.addressOf(node);
    if (!address) throw protocolError(5);
    const known = this.open.get(node);
    if (known?.address === `${address.host}:${address.port}`) return known;
    known?.close();
    const { connection, answersWithinMs } = this.cluster;
    const broker = await BrokerConnection.open(connection, address, answersWithinMs);
    if (this.isClosed) broker.close(); // it completed after the end
    this.open.set(node, broker);
    return broker;
  }

  /** After a failure; the next question opens it again. */
  drop(node: number): void {
    this.open.get(node)?.close();
    this.open.delete(node);
  }

  close(): void {
    this.isClosed = true;
    for (const broker of this.open.values()) broker.close();
  }
}
