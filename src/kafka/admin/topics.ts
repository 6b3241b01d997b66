import { BootcampError, refuse, usageError } from "../../errors";
import { pause } from "../../pause";
import { type ConnectionOptions, expectOwnBroker, withAdmin } from "../client/connection";
import { maxMessageBytes } from "../client/record";
import { extentOf, heldIn } from "../read/positions";
import { topicAbsentError } from "./topic-access";

/** A little more than a message: the limit applies to the batch that holds it. */
const maxBatchBytes = Math.ceil(maxMessageBytes * 1.05);
/** How long Kafka may take for what it has confirmed; and for each partition that it makes: 40 ms on a busy machine. */
const doneMs = 15_000;
const partitionMs = 200;
const pollMs = 50;

/** Options of {@link createTopic}. */
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

/** A topic with its partitions. */
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
 * await kafka.createTopic("ztf-stream", { partitions: 4 });
 */
export async function createTopic(topic: string, options: TopicOptions = {}): Promise<boolean> {
  return (await createTopics([topic], options)).length > 0;
}

/**
 * Creates several topics as {@link createTopic} does, in one request; those that are there are left as they are.
 *
 * @returns the names of those that were not there
 * @throws as {@link createTopic}; what stands in the way of one topic keeps no other from being made
 */
export async function createTopics(topics: readonly string[], options: TopicOptions = {}): Promise<string[]> {
  for (const topic of topics) checkTopicName(topic);
  expectOwnBroker(options);
  const { partitions = 4, retentionHours } = options;
  checkCount(partitions);
  const config: Record<string, string> = { "max.message.bytes": String(maxBatchBytes) };
  if (retentionHours !== undefined) {
    config["retention.ms"] = retentionHours < 0 ? "-1" : String(Math.round(retentionHours * 3_600_000));
    if (retentionHours < 0) config["retention.bytes"] = "-1";
  }
  return withAdmin({ ...options, topic: topics[0], writes: true }, async (admin) => {
    const { brokers, topics: there } = await admin.metadata(topics);
    const replication = options.replication ?? Math.min(3, brokers.size);
    const absent = topics.filter((name) => there.get(name)?.error !== 0); // who may only use a topic may not ask for it to be made
    const made = await admin.createTopics(absent.map((name) => ({ name, partitions, replication, config })));
    const haveLeaders = async () => {
      const offsets = topics.map((topic) => admin.listOffsets(topic, "latest"));
      return Promise.all(offsets).then(
        () => true,
        () => false, // "not there", "not the leader" until it is; the deadline ends it
      );
    };
    const what = topics.length === 1 ? `"${topics[0]}"` : `${topics.length} topics`;
    await until(haveLeaders, `the partitions of ${what} to have leaders`, partitionMs * partitions * made.length);
    return made;
  });
}

/**
 * Deletes a topic and waits until it is gone. Returns false when there was none.
 * @example
 * await kafka.deleteTopic("mine");
 */
export async function deleteTopic(topic: string, options: ConnectionOptions = {}): Promise<boolean> {
  checkTopicName(topic);
  expectOwnBroker(options);
  return withAdmin({ ...options, topic, writes: true }, async (admin) => {
    if (!(await admin.topic(topic))) return false;
    await admin.deleteTopic(topic);
    await until(async () => !(await admin.topic(topic)), `topic "${topic}" to be gone`);
    return true;
  });
}

/**
 * Makes a topic empty: deletes it if it is there, and creates it.
 * @example
 * await kafka.resetTopic("mine", { partitions: 4 });
 */
export async function resetTopic(topic: string, options: TopicOptions = {}): Promise<void> {
  await deleteTopic(topic, options);
  await createTopic(topic, options);
}

/**
 * Names of the topics, sorted; Kafka's own (beginning with "__") are left out.
 * @example
 * const topics = await kafka.listTopics();
 */
export async function listTopics(options: ConnectionOptions = {}): Promise<string[]> {
  return withAdmin(options, async (admin) =>
    (await admin.listTopics()).filter((name) => !name.startsWith("__")).sort(),
  );
}

/**
 * Partitions, leaders and offsets of a topic.
 * @throws TOPIC_ABSENT when there is none of that name
 * @example
 * const { partitions } = await kafka.describeTopic("ztf-stream");
 */
export async function describeTopic(topic: string, options: ConnectionOptions = {}): Promise<TopicInfo> {
  checkTopicName(topic);
  return withAdmin({ ...options, topic }, async (admin) => {
    const metadata = await admin.topic(topic);
    const extent = metadata && (await extentOf(admin, topic));
    if (!extent) throw await topicAbsentError(topic, options);
    const partitions = [...metadata.partitions]
      .map(([partition, { leader, replicas }]) => {
        const [first, next] = [extent.first.get(partition) ?? 0n, extent.next.get(partition) ?? 0n];
        return { partition, leader, replicas, first, next };
      })
      .sort((a, b) => a.partition - b.partition);
    return { topic, partitions, messages: heldIn(extent) };
  });
}

/**
 * Sees that a topic can be had with so many partitions, before anything is sent. Fewer than it has are no harm; more would
 * have to be made of a topic whose keys are in their places already.
 *
 * @param options.fresh the topic will be recreated: what it has now does not matter
 * @throws USAGE for a number that Kafka does not take, and for more partitions than the topic has
 */
export async function checkPartitions(
  topic: string,
  options: ConnectionOptions & { partitions?: number | undefined; fresh?: boolean | undefined },
): Promise<void> {
  const { partitions, fresh } = options;
  if (partitions !== undefined) checkCount(partitions);
  const there = (await withAdmin(options, (admin) => extentOf(admin, topic)))?.next.size;
  if (fresh || partitions === undefined || there === undefined || partitions <= there) return;
  throw refuse(
    `at most ${there} ${there === 1 ? "partition" : "partitions"}, which "${topic}" has`,
    String(partitions),
    "ask for fewer, or empty it first",
  );
}

function checkCount(partitions: number): void {
  if (!(Number.isInteger(partitions) && partitions >= 1)) throw usageError("1 partition or more", partitions);
}

/** Kafka's own rule for names; said before the broker is asked. */
export function checkTopicName(topic: string): void {
  // a regular expression would take undefined for its name
  if (typeof topic !== "string" || !/^[\w.-]{1,249}$/.test(topic) || topic === "." || topic === "..") {
    throw usageError('a topic name of letters, digits, ".", "_" and "-"', topic);
  }
}

/** Kafka confirms creation and deletion before they are done: asks until they are, with a deadline. */
async function until(isDone: () => Promise<boolean>, what: string, moreMs = 0): Promise<void> {
  const limitMs = doneMs + moreMs;
  for (const deadline = performance.now() + limitMs; !(await isDone()); await pause(pollMs)) {
    if (performance.now() < deadline) continue;
    throw new BootcampError("KAFKA_REFUSED", `Expected ${what} within ${limitMs / 1000} s, it was not`, {
      remedy: "npx alerts status",
    });
  }
}
