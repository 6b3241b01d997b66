import type { BrokerConnection } from "./broker-connection";
import { protocolError } from "./protocol-error";
import { WireWriter } from "./wire";

/** What is asked of one broker in one request. */
export interface FetchRequest {
  readonly topic: string;
  /** Names the topic for brokers that take ids (Kafka 3.1): one that was recreated is another. */
  readonly id: Buffer | undefined;
  readonly partitions: readonly { readonly partition: number; readonly offset: bigint }[];
  /** Of each partition's answer; a single batch that is larger comes whole. */
  readonly maxBytes: number;
  /** How long the broker may wait for the first byte. */
  readonly maxWaitMs: number;
}

/** A transaction whose records from this offset on do not count. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

export interface FetchedPartition {
  readonly partition: number;
  /** Kafka's error code; 0 for none. */
  readonly error: number;
  /** What committed readers may read to. */
  readonly stableOffset: bigint;
  readonly aborted: readonly AbortedTransaction[];
  /** Record batches, the last one perhaps cut short: a view into the answer. */
  readonly records: Buffer;
}

const apiKey = 1;
/** 13: by topic id (Kafka 3.1); 11: Kafka 2.3, the first that may send zstd is 10; 4: Kafka 0.11. */
const versions = [13, 11, 4];
const readCommitted = 1;

/** Asks for messages of committed transactions and of none. Form: https://kafka.apache.org/protocol#The_Messages_Fetch */
export async function fetchFrom(broker: BrokerConnection, request: FetchRequest): Promise<FetchedPartition[]> {
  const { topic, id, partitions, maxBytes, maxWaitMs } = request;
  const version = broker.version(apiKey, id ? versions : versions.slice(1));
  const isFlexible = version >= 12;
  const question = new WireWriter().int32(-1).int32(maxWaitMs).int32(1);
  question.int32(maxBytes * partitions.length).int8(readCommitted);
  if (version >= 7) question.int32(0).int32(-1); // no session
  question.array(isFlexible, [topic], () => {
    if (version >= 13) question.raw(id!);
    else question.string(topic, isFlexible);
    question.array(isFlexible, partitions, ({ partition, offset }) => {
      question.int32(partition);
      if (version >= 9) question.int32(-1); // epoch of the leader: not compared
      question.int64(offset);
      if (version >= 12) question.int32(-1); // epoch of the last message
      if (version >= 5) question.int64(-1n); // a follower's
      question.int32(maxBytes).tags(isFlexible);
    });
    question.tags(isFlexible);
  });
  if (version >= 7) question.array(isFlexible, [], () => {}); // nothing is forgotten
  if (version >= 11) question.string("", isFlexible); // no rack
  question.tags(isFlexible);
  const answer = await broker.request(apiKey, version, isFlexible, question.end());
  answer.int32(); // throttle time: the broker delays the answer by itself
  if (version >= 7) {
    const error = answer.int16();
    if (error !== 0) throw protocolError(error);
    answer.int32(); // session
  }
  const found: FetchedPartition[] = [];
  answer.array(isFlexible, () => {
    if (version >= 13) answer.view(16);
    else answer.string(isFlexible);
    answer.array(isFlexible, () => {
      const partition = answer.int32();
      const error = answer.int16();
      answer.int64(); // high watermark
      const stableOffset = answer.int64();
      if (version >= 5) answer.int64(); // log start
      const aborted = answer.array(isFlexible, () => {
        const transaction = { producerId: answer.int64(), firstOffset: answer.int64() };
        answer.tags(isFlexible);
        return transaction;
      });
      if (version >= 11) answer.int32(); // preferred replica: the leader is asked
      const length = isFlexible ? answer.uvarint() - 1 : answer.int32();
      const records = answer.view(Math.max(0, length));
      answer.tags(isFlexible);
      found.push({ partition, error, stableOffset, aborted, records });
    });
    answer.tags(isFlexible);
  });
  return found;
}
