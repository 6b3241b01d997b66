import { seedBrokers } from "../../broker/seed-brokers";
import type { Connection } from "./connection-settings";
import { clientId, noLogger } from "./kafkajs";

/** The parts of kafkajs's own classes that are used here; its public client hides what a broker answered. */
export interface KafkaBroker {
  metadata(topics: string[]): Promise<Metadata>;
  findGroupCoordinator(request: { groupId: string; coordinatorType: number }): Promise<{
    coordinator: { nodeId: number; host: string; port: number };
  }>;
  offsetFetch(request: {
    groupId: string;
    topics: { topic: string; partitions: { partition: number }[] }[];
  }): Promise<{ responses: { topic: string; partitions: { partition: number; offset: string }[] }[] }>;
}

export interface Metadata {
  brokers: { nodeId: number; host: string; port: number }[];
  topicMetadata: { topic: string; partitionMetadata: { partitionId: number; leader: number }[] }[];
}

export interface KafkaCluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  refreshMetadata(): Promise<void>;
  findBroker(which: { nodeId: number }): Promise<KafkaBroker>;
  brokerPool: { metadata: Metadata | null; findConnectedBroker(): Promise<KafkaBroker> };
}

/**
 * Connects to a cluster, one try for everything, creating no topic by asking for it.
 *
 * @throws what kafkajs says
 */
export async function withCluster<T>(
  connection: Connection,
  limitMs: number,
  work: (cluster: KafkaCluster) => Promise<T>,
): Promise<T> {
  const logger = noLogger();
  const socketFactory = require("kafkajs/src/network/socketFactory") as () => unknown;
  const Cluster = require("kafkajs/src/cluster") as new (options: object) => KafkaCluster;
  const cluster = new Cluster({
    ...connection.settings,
    clientId,
    logger,
    socketFactory: socketFactory(),
    ...seedBrokers(connection.address),
    connectionTimeout: limitMs,
    authenticationTimeout: limitMs,
    requestTimeout: limitMs,
    reauthenticationThreshold: 10_000,
    enforceRequestTimeout: true,
    metadataMaxAge: 300_000,
    allowAutoTopicCreation: false,
    retry: { retries: 0 },
  });
  try {
    await cluster.connect();
    await cluster.refreshMetadata();
    return await work(cluster);
  } finally {
    await cluster.disconnect().catch(() => {}); // the work is done or its error is on the way
  }
}
