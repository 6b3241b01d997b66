import { maxMessageBytes } from "./connection";
import { sizeOf } from "./message-size";
import type { OutgoingRecord } from "./record-batch-writer";

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
