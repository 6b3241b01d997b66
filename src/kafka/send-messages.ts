import { BootcampError } from "../errors";
import { partitionChooser } from "./choose-partition";
import { type Compression, compressionNumber } from "./client/codecs";
import type { IHeaders, ProducerMessage as Message, Producer, RecordMetadata } from "./client/types";
import { sizeOf } from "./message-size";

/** A message to be sent: the key decides the partition; without one it goes to any. */
export interface Outgoing {
  readonly key: string | Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: IHeaders | undefined;
  /** Kafka's own time stamp, ms since 1970 UTC. Default: now. */
  readonly timestamp?: string | undefined;
}

/**
 * Sends messages and resolves when all are acknowledged, or the signal came: then what was sent until then is.
 * `acknowledged` is called with number of messages and bytes of their values for each part that the broker has confirmed.
 */
export type SendMessages = (
  messages: readonly Outgoing[],
  acknowledged: (count: number, bytes: number) => void,
) => Promise<void>;

export interface SenderOptions {
  topic: string;
  /** How many the topic has. */
  partitions: number;
  /** Sets the header `producer_timestamp` when a request is put together. Default false. */
  stamps?: boolean | undefined;
  compression?: Compression | undefined;
  signal?: AbortSignal | undefined;
}

/** Bytes per request. Larger gains nothing, and a batch must stay below the topic's limit. */
const requestBytes = 4_000_000;

/**
 * Makes a sender that asks for each partition by itself.
 *
 * kafkajs 2.2.4 loses messages without an error when one request covers several partitions and the leader of one of them
 * fails: the answer of the new leader, which had answered for its own partitions already, hides the missing one. One
 * request per partition has one answer. The partitions are sent side by side, each in order.
 *
 * @param producer connected, idempotent
 */
export function messageSender(producer: Pick<Producer, "send">, options: SenderOptions): SendMessages {
  const partitionOf = partitionChooser(options.partitions);
  return async (messages, acknowledged) => {
    const lanes = new Map<number, Outgoing[]>();
    for (const message of messages) {
      const partition = partitionOf(message);
      const lane = lanes.get(partition);
      if (lane) lane.push(message);
      else lanes.set(partition, [message]);
    }
    const sent = [...lanes].map(([partition, lane]) => sendLane(producer, options, partition, lane, acknowledged));
    // all are waited for, so that what the others have sent is counted before an error is thrown
    const failed = (await Promise.allSettled(sent)).find((result) => result.status === "rejected");
    if (failed) throw (failed as PromiseRejectedResult).reason;
  };
}

async function sendLane(
  producer: Pick<Producer, "send">,
  { topic, stamps, compression, signal }: SenderOptions,
  partition: number,
  lane: readonly Outgoing[],
  acknowledged: (count: number, bytes: number) => void,
): Promise<void> {
  let request: Message[] = [];
  let requested = 0;
  const send = async () => {
    if (request.length === 0 || signal?.aborted) return;
    const messages = request;
    const answers = await producer.send({ topic, acks: -1, compression: compressionNumber(compression), messages });
    checkAnswers(answers, topic, partition);
    const bytes = messages.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
    acknowledged(messages.length, bytes);
    request = [];
    requested = 0;
  };
  for (const { key, value, headers, timestamp } of lane) {
    const all: IHeaders = stamps ? { ...headers, producer_timestamp: String(Date.now()) } : { ...headers };
    const size = sizeOf({ key, value, headers: all });
    if (requested + size > requestBytes) await send();
    if (signal?.aborted) return;
    request.push({ partition, key, value, headers: all, ...(timestamp !== undefined && { timestamp }) });
    requested += size;
  }
  await send();
}

/** kafkajs leaves out a partition that the topic does not have, and resolves without an answer for it. */
function checkAnswers(answers: readonly RecordMetadata[] | undefined, topic: string, partition: number): void {
  const [answer] = answers ?? [];
  const isAnswered = answers?.length === 1 && answer?.topicName === topic && answer.partition === partition;
  if (isAnswered && answer.errorCode === 0) return;
  const got = (answers ?? []).map((one) => `${one.topicName}/${one.partition} with code ${one.errorCode}`);
  throw new BootcampError(
    "KAFKA_REFUSED",
    `Expected Kafka to confirm messages for ${topic}/${partition}, got ${got.join(", ") || "no answer for it"}`,
    {
      where: topic,
      remedy: `the topic may have been made anew with fewer partitions: npx alerts topics describe ${topic}; then send again`,
    },
  );
}
