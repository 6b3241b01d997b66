import { BootcampError } from "../../errors";
import type { Compression } from "./codecs";
import { clientId } from "./kafkajs";
import { type BatchProducer, type OutgoingRecord, writeRecordBatch } from "./record-batch-writer";
import type { WireReader } from "./wire";

/** Produce, in the form that all brokers from Kafka 2.1 to 4.x know and that zstd may be sent in. */
export const produceApi = { key: 0, version: 7 } as const;

/** How long the broker may wait for the replicas, ms; it says so then, and the batch is sent again. */
export const replicasWaitMs = 10_000;
/** Size of the request, which its length does not count. */
const sizeBytes = 4;

/** What a batch is for. */
export interface ProduceTarget {
  readonly topic: string;
  readonly partition: number;
  readonly compression?: Compression | undefined;
}

/**
 * A produce request of one record batch, acknowledged by all replicas.
 *
 * Form: Kafka's protocol guide, Produce v7. The batch is written behind the room that the rest takes, so that its bytes are
 * copied once.
 *
 * @param pool see {@link writeRecordBatch}
 */
export async function produceRequest(
  { topic, partition, compression }: ProduceTarget,
  records: readonly OutgoingRecord[],
  producer: BatchProducer,
  firstSequence: number,
  pool?: Buffer,
): Promise<Buffer> {
  const name = Buffer.from(topic);
  const client = Buffer.from(clientId);
  const room = sizeBytes + 2 + 2 + 4 + 2 + client.length + 2 + 2 + 4 + 4 + 2 + name.length + 4 + 4 + 4;
  const bytes = await writeRecordBatch(records, producer, firstSequence, { compression, room, pool });
  let at = bytes.writeInt32BE(bytes.length - sizeBytes, 0);
  at = bytes.writeInt16BE(produceApi.key, at);
  at = bytes.writeInt16BE(produceApi.version, at);
  at = bytes.writeInt32BE(0, at); // correlation id: the connection's
  at = bytes.writeInt16BE(client.length, at);
  at += client.copy(bytes, at);
  at = bytes.writeInt16BE(-1, at); // transactional id: none
  at = bytes.writeInt16BE(-1, at); // acks: all replicas
  at = bytes.writeInt32BE(replicasWaitMs, at);
  at = bytes.writeInt32BE(1, at); // topics
  at = bytes.writeInt16BE(name.length, at);
  at += name.copy(bytes, at);
  at = bytes.writeInt32BE(1, at); // partitions
  at = bytes.writeInt32BE(partition, at);
  bytes.writeInt32BE(bytes.length - room, at);
  return bytes;
}

/**
 * Kafka's error code for the partition that was asked for; 0 when the batch is stored.
 *
 * @throws KAFKA_REFUSED when the answer is for something else, or for nothing: a topic that was recreated with fewer partitions
 */
export function produceCode(answer: WireReader, topic: string, partition: number): number {
  const codes = answer.array(false, () => {
    const name = answer.string(false);
    return answer.array(false, () => {
      const which = answer.int32();
      const code = answer.int16();
      answer.view(8 + 8 + 8); // base offset, time of appending, start of the log
      return { isAsked: name === topic && which === partition, code };
    });
  });
  const [only, ...more] = codes.flat();
  if (only?.isAsked && more.length === 0) return only.code;
  throw new BootcampError(
    "KAFKA_REFUSED",
    `Expected Kafka to answer for ${topic}[${partition}], it answered for something else`,
    {
      where: topic,
      remedy: `the topic may have been recreated with fewer partitions: npx alerts topics describe ${topic}; then send again`,
    },
  );
}
