import { maxMessageBytes } from "../client/connection";
import { sizeOf } from "../client/message-size";
import type { OutMessage } from "./headers";

/** A message whose partition is settled. */
export type PlacedMessage = OutMessage & { partition: number };

/** Messages for one topic. */
export interface Delivery {
  readonly topic: string;
  readonly messages: readonly PlacedMessage[];
}

/** Part of a request: messages for one topic. */
export interface TopicRequest {
  topic: string;
  messages: PlacedMessage[];
}

/** Bytes per request, as in publish: one request becomes one record batch per partition. */
export const requestBytes = Math.floor(maxMessageBytes * 0.4);

/**
 * What to send, one request after the other. A request that covers several leaders may not fail in part: kafkajs 2.2.4
 * then leaves messages out (seen: 164 of 200 were stored) or sends a second time what a slow leader has not answered yet.
 *
 * @param oneLeader one broker leads all that is written to
 */
export function requestsOf(deliveries: readonly Delivery[], oneLeader: boolean): Iterable<TopicRequest[]> {
  return oneLeader ? bounded(deliveries) : [...perPartition(deliveries)].flatMap((one) => [...bounded([one])]);
}

/** One delivery per partition. */
function* perPartition(deliveries: readonly Delivery[]): Generator<Delivery> {
  for (const { topic, messages } of deliveries) {
    const lanes = new Map<number, PlacedMessage[]>();
    for (const message of messages) {
      const lane = lanes.get(message.partition);
      if (lane) lane.push(message);
      else lanes.set(message.partition, [message]);
    }
    for (const lane of lanes.values()) yield { topic, messages: lane };
  }
}

/** Requests of bounded size, the topics in order. */
function* bounded(deliveries: readonly Delivery[]): Generator<TopicRequest[]> {
  let request: TopicRequest[] = [];
  let bytes = 0;
  for (const { topic, messages } of deliveries) {
    let part: TopicRequest | undefined;
    for (const message of messages) {
      const size = sizeOf(message);
      if (bytes > 0 && bytes + size > requestBytes) {
        yield request;
        request = [];
        part = undefined;
        bytes = 0;
      }
      if (!part) request.push((part = { topic, messages: [] }));
      part.messages.push(message);
      bytes += size;
    }
  }
  if (request.length > 0) yield request;
}
