/** A message as kafkajs decodes it, with what tells whose transaction it belongs to. */
export interface FetchedMessage {
  offset: string;
  key: Buffer | null;
  isControlRecord: boolean;
  batchContext: { producerId: string; inTransaction: boolean };
}

export interface FetchedPartition {
  abortedTransactions?: { producerId: string; firstOffset: string }[] | null;
  messages: FetchedMessage[];
}

/**
 * Takes the records of aborted transactions out of what a read-committed consumer is given.
 *
 * kafkajs 2.2.4 does this itself, but takes the list of aborted transactions for sorted by first offset, while the broker
 * sorts it by when they ended: with transactions that overlap, aborted records are delivered. Here they are marked as
 * control records, which kafkajs leaves out, and the list is emptied. The way of going about it is that of Kafka's own
 * consumer.
 */
export function hideAborted(partition: FetchedPartition): void {
  if (!partition.abortedTransactions?.length) return;
  const order = (a: { firstOffset: string }, b: { firstOffset: string }) =>
    Number(BigInt(a.firstOffset) - BigInt(b.firstOffset));
  const waiting = [...partition.abortedTransactions].sort(order);
  const aborted = new Set<string>();
  for (const message of partition.messages) {
    const offset = BigInt(message.offset);
    while (waiting[0] && BigInt(waiting[0].firstOffset) <= offset) aborted.add(waiting.shift()!.producerId);
    const { producerId, inTransaction } = message.batchContext;
    if (message.isControlRecord) {
      if (isAbortMarker(message.key)) aborted.delete(producerId);
    } else if (inTransaction && aborted.has(producerId)) message.isControlRecord = true;
  }
  partition.abortedTransactions = [];
}

/** Key of a control record: version and type, both 16 bits; type 0 ends an aborted transaction, 1 a committed one. */
const isAbortMarker = (key: Buffer | null): boolean => key !== null && key.length >= 4 && key.readInt16BE(2) === 0;

interface FetchResponse {
  responses: { partitions: FetchedPartition[] }[];
}
type Fetch = (this: unknown, request: object) => Promise<FetchResponse | undefined>;

let isMended = false;

/** Puts {@link hideAborted} behind every fetch of kafkajs, once; it does not matter who loaded kafkajs before. */
export function mendAborted(): void {
  if (isMended) return;
  isMended = true;
  const { prototype } = require("kafkajs/src/broker") as { prototype: { fetch: Fetch } };
  const { fetch } = prototype;
  prototype.fetch = async function (request) {
    const response = await fetch.call(this, request);
    for (const { partitions } of response?.responses ?? []) for (const partition of partitions) hideAborted(partition);
    return response;
  };
}
