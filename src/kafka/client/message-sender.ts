import { setMaxListeners } from "node:events";
import { BrokerConnection } from "./broker-connection";
import { partitionChooser } from "./choose-partition";
import type { Compression } from "./codecs";
import { type ConnectionOptions, connectionOf } from "./connection-settings";
import { type Acknowledged, PartitionSender } from "./partition-sender";
import { groupBy, produceSilenceMs } from "./produce-request";
import { initProducer } from "./producer-requests";
import { protocolError } from "./protocol-error";
import type { OutgoingRecord, RecordHeaders } from "./record";
import type { BatchProducer } from "./record-batch-writer";
import { patientRetrying, Retries } from "./retries";
import { TopicCluster } from "./topic-cluster";

/** A message to be sent: the key decides the partition; without one it goes to any. */
export interface Outgoing {
  readonly key: Buffer | string | null;
  readonly value: Buffer | null;
  readonly headers?: RecordHeaders | undefined;
  /** Kafka's own time stamp, ms since 1970 UTC. Default: now. */
  readonly timestampMs?: number | undefined;
}

export interface SenderOptions extends ConnectionOptions {
  topic: string;
  /** Sets the header `producer_timestamp` when a message is put into a batch. Default false. */
  stamps?: boolean | undefined;
  compression?: Compression | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Sends messages to a topic, acknowledged by all replicas and stored once each, the partitions side by side, each in order
 * and on a connection of its own.
 *
 * @example
 * const sender = await MessageSender.open({ topic: "ztf-stream" });
 * await sender.send([{ key: "ZTF18abcdefg", value: bytes }], (count) => console.log(`${count} stored`));
 * await sender.close();
 */
export class MessageSender {
  private readonly senders = new Map<number, PartitionSender>();
  private readonly partitionOf: (message: Outgoing) => number;

  private constructor(
    private readonly cluster: TopicCluster,
    private readonly producer: BatchProducer,
    private readonly options: SenderOptions,
  ) {
    this.partitionOf = partitionChooser(cluster.partitions.length);
  }

  /**
   * The topic must be there.
   * @throws TOPIC_ABSENT as the protocol's error 3, and why no broker can be reached
   */
  static async open(options: SenderOptions): Promise<MessageSender> {
    const cluster = new TopicCluster(options.topic, connectionOf(options), () => {});
    if (options.signal) setMaxListeners(0, options.signal); // each partition that waits for Kafka listens to it
    try {
      const retries = new Retries(patientRetrying, options.signal);
      const producer = await retries.until(async () => {
        await cluster.refresh();
        if (cluster.partitions.length === 0) throw protocolError(3);
        return cluster.withBroker((broker) => initProducer(broker));
      });
      return new MessageSender(cluster, producer, options);
    } catch (error) {
      cluster.close();
      throw error;
    }
  }

  /**
   * Resolves when all are acknowledged, or the signal came: then what was sent until then is.
   *
   * @param acknowledged called for each batch that the broker has confirmed
   * @throws the first failure, after the other partitions are done
   */
  async send(messages: readonly Outgoing[], acknowledged: Acknowledged): Promise<void> {
    const byPartition = groupBy(messages, this.partitionOf);
    const prepare = (message: Outgoing) => this.record(message);
    const sent = [...byPartition].map(([partition, some]) =>
      this.senderOf(partition).send(some, prepare, acknowledged, this.options.signal),
    );
    // all are waited for, so that what the others have sent is counted before an error is thrown
    const failed = (await Promise.allSettled(sent)).find((result) => result.status === "rejected");
    if (failed) throw (failed as PromiseRejectedResult).reason;
  }

  close(): void {
    for (const sender of this.senders.values()) sender.close();
    this.cluster.close();
  }

  private record({ key, value, headers, timestampMs }: Outgoing): OutgoingRecord {
    const now = Date.now();
    const all = this.options.stamps ? { ...headers, producer_timestamp: String(now) } : headers;
    return { key, value, headers: all, timestampMs: timestampMs ?? now };
  }

  private senderOf(partition: number): PartitionSender {
    let sender = this.senders.get(partition);
    if (!sender) {
      const { topic, compression } = this.options;
      const target = { topic, partition, compression };
      sender = new PartitionSender(target, this.producer, () => this.connectLeader(partition), patientRetrying);
      this.senders.set(partition, sender);
    }
    return sender;
  }

  /** Asks anew who leads the partition: this is called first, and after a failure. */
  private async connectLeader(partition: number): Promise<BrokerConnection> {
    const { cluster } = this;
    await cluster.refresh();
    const address = cluster.addressOf(cluster.leaderOf(partition));
    if (!address) throw protocolError(cluster.partitions.includes(partition) ? 5 : 3);
    return BrokerConnection.open(cluster.connection, address, produceSilenceMs);
  }
}
