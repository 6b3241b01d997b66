import type { IHeaders, Message, Producer } from "kafkajs";
import { partitionChooser } from "./choose-partition";
import { type Compression, compressionNumber } from "./codecs";

/** A message to be sent: the key decides the partition; without one it goes to any. */
export interface Outgoing {
  readonly key: string | null;
  readonly value: Buffer;
}

/**
 * Sends messages and resolves when all are acknowledged, or the signal came: then what was sent until then is.
 * `acknowledged` is called with number and bytes of each part that the broker has confirmed.
 */
export type SendMessages = (
  messages: readonly Outgoing[],
  headers: Record<string, string> | undefined,
  acknowledged: (count: number, bytes: number) => void,
) => Promise<void>;

export interface SenderOptions {
  topic: string;
  partitions: number;
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
export function messageSender(producer: Producer, options: SenderOptions): SendMessages {
  const partitionOf = partitionChooser(options.topic, options.partitions);
  return async (messages, headers, acknowledged) => {
    const lanes = new Map<number, Outgoing[]>();
    for (const message of messages) {
      const partition = partitionOf(message);
      const lane = lanes.get(partition);
      if (lane) lane.push(message);
      else lanes.set(partition, [message]);
    }
    const sent = [...lanes].map(([partition, lane]) =>
      sendLane(producer, options, partition, lane, headers, acknowledged),
    );
    // all are waited for, so that what the others have sent is counted before an error is thrown
    const failed = (await Promise.allSettled(sent)).find((result) => result.status === "rejected");
    if (failed) throw (failed as PromiseRejectedResult).reason;
  };
}

async function sendLane(
  producer: Producer,
  { topic, compression, signal }: SenderOptions,
  partition: number,
  lane: readonly Outgoing[],
  headers: Record<string, string> | undefined,
  acknowledged: (count: number, bytes: number) => void,
): Promise<void> {
  let request: Message[] = [];
  let bytes = 0;
  const send = async () => {
    if (request.length === 0 || signal?.aborted) return;
    await producer.send({ topic, acks: -1, compression: compressionNumber(compression), messages: request });
    acknowledged(request.length, bytes);
    request = [];
    bytes = 0;
  };
  for (const { key, value } of lane) {
    if (bytes + value.length > requestBytes) await send();
    if (signal?.aborted) return;
    const all: IHeaders = { ...headers, producer_timestamp: String(Date.now()) };
    request.push({ partition, key, value, headers: all });
    bytes += value.length;
  }
  await send();
}
