import type { Connection } from "../client/connection-settings";
import { fetchFrom } from "../client/fetch-request";
import { causesOf, codeOf, kafkaCodes } from "../client/kafka-codes";
import { LeaderConnections } from "../client/leader-connections";
import { listOffsets, type WhichOffset } from "../client/list-offsets";
import { protocolError } from "../client/protocol-error";
import { AbortedFilter, batchesIn, messagesOf } from "../client/record-batch";
import { TopicCluster } from "../client/topic-cluster";
import { ProbeFailure } from "./types";

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

/** A topic that was found, and the brokers that lead its partitions. */
export interface FoundTopic {
  readonly cluster: TopicCluster;
  readonly leaders: LeaderConnections;
}

/**
 * Finds a topic, without making it, and keeps its brokers connected while `work` asks them.
 *
 * @param limitMs how long its brokers may be silent
 * @throws ProbeFailure topic-absent or topic-forbidden, here and from `work`
 */
export async function withTopic<T>(
  connection: Connection,
  limitMs: number,
  topic: string,
  work: (found: FoundTopic) => Promise<T>,
): Promise<T> {
  const cluster = new TopicCluster(topic, connection, () => {}, limitMs);
  const leaders = new LeaderConnections(cluster);
  try {
    await cluster.refresh();
    return await work({ cluster, leaders });
  } catch (cause) {
    const code = codeOf(causesOf(cause));
    if (code === kafkaCodes.topicForbidden) throw new ProbeFailure("topic-forbidden", { topic, cause });
    if (code === kafkaCodes.topicAbsent) throw new ProbeFailure("topic-absent", { topic, cause });
    throw cause;
  } finally {
    leaders.close();
    cluster.close();
  }
}

/** What a topic holds. */
export async function heldBy(found: FoundTopic): Promise<Held[]> {
  const { partitions } = found.cluster;
  const first = await offsetsOf(found, partitions, "earliest");
  const next = await offsetsOf(found, partitions, "latest");
  return partitions
    .map((partition) => ({ partition, first: first.get(partition) ?? 0n, next: next.get(partition) ?? 0n }))
    .sort((a, b) => a.partition - b.partition);
}

/** How many alerts a topic holds and when the last one came, in words; reads one batch, so that reading itself is tried. */
export async function probeTopic(found: FoundTopic, held: readonly Held[]): Promise<string> {
  const { topic } = found.cluster;
  const filled = held.filter(({ first, next }) => next > first);
  if (filled.length === 0) throw new ProbeFailure("topic-empty", { topic });
  const time = await timeOfLast(found, await newestPartition(found, filled));
  const count = filled.reduce((sum, { first, next }) => sum + (next - first), 0n);
  const partitions = `${held.length} ${held.length === 1 ? "partition" : "partitions"}`;
  const last = time === undefined ? "" : `, the last at ${new Date(time).toISOString().slice(0, 19)} UTC`;
  return `${topic} holds ${count} ${count === 1n ? "alert" : "alerts"} in ${partitions}${last}`;
}

/** The partition whose last alert is the youngest: halves the time until one is left, or until the rest is about as young. */
async function newestPartition(found: FoundTopic, filled: readonly Held[]): Promise<Held> {
  let left = filled;
  let [early, late] = [0, Date.now() + closeMs];
  while (left.length > 1 && late - early > closeMs) {
    const middle = Math.floor((early + late) / 2);
    const partitions = left.map(({ partition }) => partition);
    const offsets = await offsetsOf(found, partitions, middle);
    // -1: nothing of that time or later
    const younger = left.filter(({ partition }) => (offsets.get(partition) ?? -1n) >= 0n);
    if (younger.length === 0) late = middle;
    else [early, left] = [middle, younger];
  }
  return left[0]!;
}

/** When the last message of a partition was stored, ms; undefined when it holds only markers of transactions at its end. */
async function timeOfLast({ cluster, leaders }: FoundTopic, held: Held): Promise<number | undefined> {
  const broker = await leaders.of(cluster.leaderOf(held.partition));
  const partitions = [{ partition: held.partition, offset: held.next - 1n }];
  const { topic, id } = cluster;
  const [found] = await fetchFrom(broker, { topic, id, partitions, maxBytes: batchBytes, maxWaitMs: 100 });
  if (found!.error !== 0) throw protocolError(found!.error);
  const aborted = new AbortedFilter(found!.aborted);
  const batches = batchesIn(found!.records).filter((batch) => !aborted.hides(batch));
  const messages = (await Promise.all(batches.map((batch) => messagesOf(held.partition, batch)))).flat();
  for (const { error } of messages) if (error) throw error;
  return messages.length > 0 ? Math.max(...messages.map(({ message }) => Number(message.timestamp))) : undefined;
}

/** An offset of each of these partitions, from the brokers that lead them. */
async function offsetsOf(
  { cluster, leaders }: FoundTopic,
  partitions: readonly number[],
  which: WhichOffset,
): Promise<Map<number, bigint>> {
  const nodes = [...new Set(partitions.map((partition) => cluster.leaderOf(partition)))];
  const found = await Promise.all(
    nodes.map(async (node) => {
      const led = partitions.filter((partition) => cluster.leaderOf(partition) === node);
      return [...(await listOffsets(await leaders.of(node), cluster.topic, led, which))];
    }),
  );
  return new Map(found.flat());
}
