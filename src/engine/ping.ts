import type { KafkaConfig } from "kafkajs";
import { mendKafkajs } from "../broker/mend-kafkajs";
import { seedBrokers } from "../broker/seed-brokers";

export interface PingResult {
  /** Brokers that the cluster knows of. */
  brokers: { id: number; address: string }[];
  topics: number;
}

export interface PingOptions {
  /** Also wait until consumer groups can be used; creates Kafka's own topic of offsets when it is not there yet. */
  groups?: boolean;
  /** How long one request may take, in seconds. Default 3. */
  limitSeconds?: number;
  /** TLS and SASL. Default: none. */
  settings?: Pick<KafkaConfig, "ssl" | "sasl">;
}

/**
 * Asks a Kafka who it is: a real metadata request, not just an open port.
 *
 * @throws whatever kafkajs says when no broker answers
 */
export async function ping(bootstrap: string, options: PingOptions = {}): Promise<PingResult> {
  const { Kafka, logLevel } = require("kafkajs") as typeof import("kafkajs");
  mendKafkajs();
  const limit = (options.limitSeconds ?? 3) * 1000;
  const config: KafkaConfig = {
    ...options.settings,
    ...seedBrokers(bootstrap),
    clientId: "alerts-ping",
    logLevel: logLevel.NOTHING,
    connectionTimeout: limit,
    authenticationTimeout: limit,
    requestTimeout: limit,
    retry: { retries: 0 },
  };
  const admin = new Kafka(config).admin();
  try {
    await admin.connect();
    const cluster = await admin.describeCluster();
    const topics = await admin.listTopics();
    // the group coordinator of a new broker answers "loading" until its topic is there and read
    if (options.groups) await admin.describeGroups([PING_GROUP]);
    return {
      brokers: cluster.brokers
        .map(({ nodeId, host, port }) => ({ id: nodeId, address: `${host}:${port}` }))
        .sort((a, b) => a.id - b.id),
      topics: topics.filter((name) => !name.startsWith("__")).length,
    };
  } finally {
    await admin.disconnect().catch(() => {});
  }
}

/** Never has members; describing it needs a coordinator, which is the point. */
const PING_GROUP = "alerts-ping";
