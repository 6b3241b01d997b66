import type { Compression } from "./codecs";
import { clientId } from "./kafkajs";
import { partitionCodes } from "./protocol-error";
import { maxMessageBytes, type OutgoingRecord, sizeOf } from "./record";
import { type BatchProducer, batchBytes, writeRecordBatch } from "./record-batch-writer";
import { type WireReader, WireWriter } from "./wire";

/** Produce, in the form that all brokers from Kafka 2.1 to 4.x know and that zstd may be sent in. */
const produceApi = { key: 0, version: 7 } as const;

/** How long the broker may wait for the replicas, ms; it says so then, and the batch is sent again. */
const replicasWaitMs = 10_000;
/** The broker answers after that at the latest, so that longer silence is a fault. */
export const produceSilenceMs = replicasWaitMs + 5000;
/** Of the length of something, which it does not count. */
const lengthBytes = 4;

/** A message as it is sent, but for its time. */
export type OutgoingMessage = Omit<OutgoingRecord, "timestampMs">;

/** Messages for one partition. */
export interface Delivery {
  readonly topic: string;
  readonly partition: number;
  readonly messages: readonly OutgoingMessage[];
}

/** Bytes per request, which are one record batch for each of its partitions. */
export const requestBytes = Math.floor(maxMessageBytes * 0.4);

/**
 * What to send to each leader, one request after the other: all its partitions together as far as a request of bounded size
 * goes, each in order.
 */
export function requestsOf(
  deliveries: readonly Delivery[],
  leaderOf: (delivery: Delivery) => number,
): Map<number, Delivery[][]> {
  const byLeader = groupBy(deliveries, leaderOf);
  return new Map([...byLeader].map(([leader, some]) => [leader, [...bounded(some)]]));
}

function* bounded(deliveries: readonly Delivery[]): Generator<Delivery[]> {
  let request: Delivery[] = [];
  let bytes = 0;
  for (const { topic, partition, messages } of deliveries) {
    let from = 0;
    for (const [n, message] of messages.entries()) {
      const size = sizeOf(message);
      if (bytes > 0 && bytes + size > requestBytes) {
        if (n > from) request.push({ topic, partition, messages: messages.slice(from, n) });
        yield request;
        request = [];
        bytes = 0;
        from = n;
      }
      bytes += size;
    }
    if (messages.length > from) request.push({ topic, partition, messages: messages.slice(from) });
  }
  if (request.length > 0) yield request;
}

/** What goes to one partition with one request. */
export interface OutgoingBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly OutgoingRecord[];
  /** Number of the first record among all that the producer has sent to the partition. */
  readonly firstSequence: number;
}

export interface ProduceOptions {
  readonly compression?: Compression | undefined;
  /** The batches belong to the open transaction of this id. */
  readonly transactionalId?: string | undefined;
  /** See {@link writeRecordBatch}. */
  readonly pool?: Buffer | undefined;
}

/**
 * A produce request, acknowledged by all replicas, with one record batch for each of some partitions that one broker leads.
 *
 * Form: Kafka's protocol guide, Produce v7. Each batch is written behind what is before it, so that its bytes are copied once.
 */
export async function produceRequest(
  batches: readonly OutgoingBatch[],
  producer: BatchProducer,
  { compression, transactionalId, pool }: ProduceOptions = {},
): Promise<Buffer> {
  const heads = headsOf(batches, transactionalId);
  const sizes = batches.map(({ records }) => batchBytes(records));
  const most = heads.reduce((sum, head, n) => sum + head.length + sizes[n]!, 0);
  const bytes = pool && pool.length >= most ? pool : Buffer.allocUnsafeSlow(most);
  const isTransactional = transactionalId !== undefined;
  let end = 0;
  for (const [n, { records, firstSequence }] of batches.entries()) {
    const start = end + heads[n]!.copy(bytes, end);
    end = await writeRecordBatch(bytes, start, records, { producer, firstSequence, compression, isTransactional });
    bytes.writeInt32BE(end - start, start - lengthBytes);
  }
  bytes.writeInt32BE(end - lengthBytes, 0);
  return bytes.subarray(0, end);
}

/** What stands before each batch: before the first the header of the request, before others of its topic only the partition. */
function headsOf(batches: readonly OutgoingBatch[], transactionalId: string | undefined): Buffer[] {
  const topics = groupBy(batches, ({ topic }) => topic);
  const heads: Buffer[] = [];
  let head = new WireWriter()
    .int32(0) // length of the request, once it is known
    .int16(produceApi.key)
    .int16(produceApi.version)
    .int32(0) // correlation id: the connection's
    .string(clientId, false)
    .nullableString(transactionalId)
    .int16(-1) // acks: all replicas
    .int32(replicasWaitMs)
    .int32(topics.size);
  for (const [topic, some] of topics) {
    head.string(topic, false).int32(some.length);
    for (const { partition } of some) {
      heads.push(head.int32(partition).int32(0).end()); // length of the batch, once it is known
      head = new WireWriter();
    }
  }
  return heads;
}

/** Of an answer to Produce, for each of its batches; see {@link partitionCodes}. */
export const produceCodes = (answer: WireReader, batches: readonly OutgoingBatch[]): number[] =>
  partitionCodes(answer, batches, 8 + 8 + 8); // base offset, time of appending, start of the log

/** Items by what `of` says of each, in order. */
export function groupBy<T, K>(items: Iterable<T>, of: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = of(item);
    const some = groups.get(key);
    if (some) some.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
