import { BootcampError, usageError } from "../../errors";
import { pause } from "../../pause";
import { type ConnectionOptions, expectOwnBroker, maxMessageBytes, withAdmin } from "../client/connection";
import { topicOffsets } from "../client/topic-offsets";
import type { Admin } from "../client/types";
import { topicAbsentError } from "./topic-access";

/** A little more than a message: the limit applies to the batch that holds it. */
const maxBatchBytes = Math.ceil(maxMessageBytes * 1.05);
const leaderWaitMs = 10_000;
const pollMs = 50;

export interface TopicOptions extends ConnectionOptions {
  /** Default 4: two consumers can share it, and one machine does not suffer. */
  partitions?: number | undefined;
  /** Default: the number of brokers, at most 3. */
  replication?: number | undefined;
  /** How long messages are kept, hours; -1 for ever. Default: the broker's own setting. */
  retentionHours?: number | undefined;
}

/** One partition and the offsets it holds: first to last + 1. */
export interface PartitionInfo {
  readonly partition: number;
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly first: bigint;
  readonly next: bigint;
}

export interface TopicInfo {
  readonly topic: string;
  readonly partitions: readonly PartitionInfo[];
  /** Offsets held now: the messages, and in a topic written by transactions the end of each and what was aborted. */
  readonly messages: bigint;
}

/**
 * Creates a topic that takes messages of 10 MB, and waits until every partition has a leader.
 *
 * @returns false when it was there already (and is left as it is)
 * @throws USAGE for a name or number Kafka does not take, or without a Kafka of one's own; KAFKA_UNREACHABLE
 * @example
 * await createTopic("ztf-stream", { partitions: 4 });
 */
export async function createTopic(topic: string, options: TopicOptions = {}): Promise<boolean> {
  checkTopicName(topic);
  expectOwnBroker(options);
  const { partitions = 4, retentionHours } = options;
  if (!Number.isInteger(partitions) || partitions < 1) throw usageError("1 partition or more", partitions);
  return withAdmin({ ...options, topic, writes: true }, async (admin) => {
    const { brokers } = await admin.describeCluster();
    const config: Record<string, string> = { "max.message.bytes": String(maxBatchBytes) };
    if (retentionHours !== undefined) {
      config["retention.ms"] = retentionHours < 0 ? "-1" : String(Math.round(retentionHours * 3_600_000));
      if (retentionHours < 0) config["retention.bytes"] = "-1";
    }
    const created = await admin.createTopics({
      // kafkajs gives up after a few tries, which a busy broker exceeds; waited for below
      waitForLeaders: false,
      topics: [
        {
          topic,
          numPartitions: partitions,
          replicationFactor: options.replication ?? Math.min(3, brokers.length),
          configEntries: Object.entries(config).map(([name, value]) => ({ name, value })),
        },
      ],
    });
    await waitForLeaders(admin, topic);
    return created;
  });
}

/** Deletes a topic and waits until it is gone. Returns false when there was none. */
export async function deleteTopic(topic: string, options: ConnectionOptions = {}): Promise<boolean> {
  checkTopicName(topic);
  expectOwnBroker(options);
  return withAdmin({ ...options, topic, writes: true }, async (admin) => {
    if (!(await admin.listTopics()).includes(topic)) return false;
    await admin.deleteTopics({ topics: [topic] });
    await poll(async () => !(await admin.listTopics()).includes(topic), `topic "${topic}" to be gone`);
    return true;
  });
}

/** Makes a topic empty: deletes it if it is there, and creates it. */
export async function resetTopic(topic: string, options: TopicOptions = {}): Promise<void> {
  await deleteTopic(topic, options);
  await createTopic(topic, options);
}

/** Names of the topics, sorted; Kafka's own (beginning with "__") are left out. */
export async function listTopics(options: ConnectionOptions = {}): Promise<string[]> {
  return withAdmin(options, async (admin) =>
    (await admin.listTopics()).filter((name) => !name.startsWith("__")).sort(),
  );
}

/**
 * Partitions, leaders and offsets of a topic.
 * @throws TOPIC_ABSENT when there is none of that name
 */
export async function describeTopic(topic: string, options: ConnectionOptions = {}): Promise<TopicInfo> {
  checkTopicName(topic);
  return withAdmin({ ...options, topic }, async (admin) => {
    // asking for metadata of an absent topic would create it on a broker that allows that
    if (!(await admin.listTopics()).includes(topic)) throw await topicAbsentError(topic, options);
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const offsets = await topicOffsets(admin, topic);
    const partitions = topics[0]!.partitions
      .map(({ partitionId, leader, replicas }) => {
        const held = offsets.find(({ partition }) => partition === partitionId);
        return {
          partition: partitionId,
          leader,
          replicas,
          first: BigInt(held?.low ?? 0),
          next: BigInt(held?.high ?? 0),
        };
      })
      .sort((a, b) => a.partition - b.partition);
    return { topic, partitions, messages: partitions.reduce((sum, p) => sum + (p.next - p.first), 0n) };
  });
}

/** Kafka's own rule for names; said before the broker is asked. */
export function checkTopicName(topic: string): void {
  // a regular expression would take undefined for its name
  if (typeof topic !== "string" || !/^[\w.-]{1,249}$/.test(topic) || topic === "." || topic === "..") {
    throw usageError('a topic name of letters, digits, ".", "_" and "-"', topic);
  }
}

async function waitForLeaders(admin: Admin, topic: string): Promise<void> {
  await poll(async () => {
    try {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      if (topics[0]!.partitions.length === 0) return false;
      // a leader is named in the metadata a moment before the broker knows that it is one
      await admin.fetchTopicOffsets(topic);
      return true;
    } catch {
      return false; // "not available", "not the leader" until it is; the deadline below ends it
    }
  }, `the partitions of "${topic}" to have leaders`);
}

/** Kafka confirms creation and deletion before they are done: ask until they are, with a deadline. */
async function poll(done: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + leaderWaitMs;
  while (!(await done())) {
    if (performance.now() > deadline) {
      throw new BootcampError("KAFKA_REFUSED", `Expected ${what} within ${leaderWaitMs / 1000} s, it was not`, {
        remedy: "npx alerts status",
      });
    }
    await pause(pollMs);
  }
}
