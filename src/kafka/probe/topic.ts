import { BrokerConnection } from "../client/broker-connection";
import { fetchFrom } from "../client/fetch-request";
import { causesOf, codeOf, kafkaCodes } from "../client/kafka-codes";
import type { KafkaCluster } from "../client/one-cluster";
import { protocolError } from "../client/protocol-error";
import { AbortedFilter, batchesIn, messagesOf } from "../client/record-batch";
import { TopicCluster } from "../client/topic-cluster";
import { ProbeFailure, type Target } from "./types";

/** Offsets of a partition: the first it holds, and the one after its last. */
export interface Held {
  partition: number;
  first: bigint;
  next: bigint;
}

/** A search for the time of the last alert ends when it is known this well, ms. */
const closeMs = 1000;
/** Enough for one batch; brokers send at least one whatever its size. */
const batchBytes = 1;

/** @throws ProbeFailure topic-absent or topic-forbidden */
export async function findTopic(cluster: KafkaCluster, topic: string): Promise<void> {
  await namingTopic(topic, () => cluster.addTargetTopic(topic));
}

/** What a topic holds; throws as {@link findTopic}. */
export async function heldBy(cluster: KafkaCluster, topic: string): Promise<Held[]> {
  await findTopic(cluster, topic);
  const partitions = partitionsOf(cluster, topic);
  const offsets = async (fromBeginning: boolean) =>
    offsetsIn(await namingTopic(topic, () => cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning }])));
  const [first, next] = [await offsets(true), await offsets(false)];
  return partitions
    .map(({ partition }) => ({ partition, first: first.get(partition) ?? 0n, next: next.get(partition) ?? 0n }))
    .sort((a, b) => a.partition - b.partition);
}

/** How many alerts a topic holds and when the last one came, in words; reads one batch, so that reading itself is tried. */
export async function probeTopic(
  cluster: KafkaCluster,
  target: Target,
  topic: string,
  held: readonly Held[],
): Promise<string> {
  const filled = held.filter(({ first, next }) => next > first);
  if (filled.length === 0) throw new ProbeFailure("topic-empty", { topic });
  const partition = await newestPartition(cluster, topic, filled);
  const time = await namingTopic(topic, () => timeOfLast(target, topic, partition));
  const count = filled.reduce((sum, { first, next }) => sum + (next - first), 0n);
  const partitions = `${held.length} ${held.length === 1 ? "partition" : "partitions"}`;
  const last = time === undefined ? "" : `, the last at ${new Date(time).toISOString().slice(0, 19)} UTC`;
  return `${topic} holds ${count} ${count === 1n ? "alert" : "alerts"} in ${partitions}${last}`;
}

/** The partition whose last alert is the youngest: halves the time until one is left, or until the rest is about as young. */
async function newestPartition(cluster: KafkaCluster, topic: string, filled: readonly Held[]): Promise<Held> {
  let left = filled;
  let [early, late] = [0, Date.now() + closeMs];
  while (left.length > 1 && late - early > closeMs) {
    const middle = Math.floor((early + late) / 2);
    const partitions = left.map(({ partition }) => ({ partition }));
    const found = offsetsIn(await cluster.fetchTopicsOffset([{ topic, partitions, fromTimestamp: middle }]));
    // -1: nothing of that time or later
    const younger = left.filter(({ partition }) => (found.get(partition) ?? -1n) >= 0n);
    if (younger.length === 0) late = middle;
    else [early, left] = [middle, younger];
  }
  return left[0]!;
}

/** When the last message of a partition was stored, ms; undefined when it holds only markers of transactions at its end. */
async function timeOfLast({ connection, limitMs }: Target, topic: string, held: Held): Promise<number | undefined> {
  const cluster = new TopicCluster(topic, connection, () => {});
  let broker: BrokerConnection | undefined;
  try {
    const { id } = await cluster.refresh();
    const leader = cluster.addressOf(cluster.leaderOf(held.partition));
    if (!leader) throw protocolError(5);
    broker = await BrokerConnection.open(connection, leader, limitMs);
    const partitions = [{ partition: held.partition, offset: held.next - 1n }];
    const [found] = await fetchFrom(broker, { topic, id, partitions, maxBytes: batchBytes, maxWaitMs: 100 });
    if (found!.error !== 0) throw protocolError(found!.error);
    const aborted = new AbortedFilter(found!.aborted);
    const batches = batchesIn(found!.records).filter((batch) => !aborted.hides(batch));
    const messages = (await Promise.all(batches.map((batch) => messagesOf(held.partition, batch)))).flat();
    for (const { error } of messages) if (error) throw error;
    return messages.length > 0 ? Math.max(...messages.map(({ message }) => Number(message.timestamp))) : undefined;
  } finally {
    broker?.close();
    cluster.close();
  }
}

function partitionsOf(cluster: KafkaCluster, topic: string): { partition: number }[] {
  const found = cluster.brokerPool.metadata?.topicMetadata.find((entry) => entry.topic === topic);
  return (found?.partitionMetadata ?? []).map(({ partitionId }) => ({ partition: partitionId }));
}

const offsetsIn = (answer: { partitions: { partition: number; offset: string }[] }[]): Map<number, bigint> =>
  new Map(answer.flatMap(({ partitions }) => partitions.map((p) => [p.partition, BigInt(p.offset)] as const)));

async function namingTopic<T>(topic: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const code = codeOf(causesOf(cause));
    if (code === kafkaCodes.topicForbidden) throw new ProbeFailure("topic-forbidden", { topic, cause });
    if (code === kafkaCodes.topicAbsent) throw new ProbeFailure("topic-absent", { topic, cause });
    throw cause;
  }
}
