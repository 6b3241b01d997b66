import { BootcampError } from "../../errors";
import { partitionChooser } from "../client/choose-partition";
import { maxMessageBytes } from "../client/connection";
import { sizeOf } from "../client/message-size";
import type { Extent } from "../read/positions";
import type { Decided } from "./decide";
import type { OutMessage } from "./headers";
import type { PlannedFilter } from "./plan";

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
    const byPartition = new Map<number, PlacedMessage[]>();
    for (const message of messages) {
      const there = byPartition.get(message.partition);
      if (there) there.push(message);
      else byPartition.set(message.partition, [message]);
    }
    for (const there of byPartition.values()) yield { topic, messages: there };
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

interface Destinations {
  readonly filters: readonly PlannedFilter[];
  readonly deadTopic: string;
  readonly extent: Extent;
  /** Partitions of each output topic. */
  readonly outPartitions: ReadonlyMap<string, number>;
}

/** What is sent of a chunk: to the topic of each filter what it selected, to the dead-letter topic what could not be decided. */
export function deliveriesOf(decided: Decided, partition: number, to: Destinations): Delivery[] {
  const deliver = (topic: string, messages: readonly OutMessage[]): Delivery => {
    const partitions = to.outPartitions.get(topic)!;
    // as many partitions as the input: an alert keeps its own, and with it the order among its neighbours. The input may
    // have been given more since the job began
    if (partitions === to.extent.next.size && partition < partitions) {
      return { topic, messages: messages.map((message) => ({ ...message, partition })) };
    }
    const partitionOf = partitionChooser(partitions);
    return { topic, messages: messages.map((message) => ({ ...message, partition: partitionOf(message) })) };
  };
  const { undecodable, outcomes } = decided;
  const dead = [...undecodable, ...outcomes.flatMap((outcome) => outcome?.letters ?? [])];
  const selected = outcomes.map((outcome, n) => deliver(to.filters[n]!.topic, outcome?.selected ?? []));
  return [...selected, deliver(to.deadTopic, dead)];
}

/**
 * What the broker has confirmed is not what was sent, so the transaction must not be committed. It may do better after a
 * restart, which asks anew how many partitions the outputs have.
 */
export class Unanswered extends BootcampError {
  /** Tells kafkajs to end the session instead of asking the same again. */
  readonly retriable = false;
}

/**
 * kafkajs 2.2.4 leaves out messages for partitions that it does not know of, without an error.
 *
 * @param answer what the broker confirmed
 * @throws Unanswered unless it is exactly what was asked for
 */
export function checkAnswer(
  request: readonly TopicRequest[],
  answer: readonly ({ readonly topicName: string; readonly partition: number } | null)[] | undefined,
): void {
  const asked = new Set(request.flatMap(({ topic, messages }) => messages.map((m) => `${topic}/${m.partition}`)));
  const answered = (answer ?? []).flatMap((one) => (one ? [`${one.topicName}/${one.partition}`] : []));
  const once = new Set(answered);
  if (once.size === answered.length && once.size === asked.size && answered.every((one) => asked.has(one))) return;
  const isShort = ({ topic, messages }: TopicRequest) => messages.some((m) => !once.has(`${topic}/${m.partition}`));
  const { topic } = request.find(isShort) ?? request[0]!;
  throw new Unanswered(
    "KAFKA_REFUSED",
    `Expected ${list([...asked])} to confirm what was sent there, got an answer of ${list(answered)}`,
    { remedy: `see whether partitions of an output are missing: npx alerts topics describe ${topic}`, where: topic },
  );
}

const list = (places: readonly string[]): string => {
  if (places.length === 0) return "none";
  const sorted = [...places].sort();
  return sorted.length > 8 ? `${sorted.slice(0, 8).join(", ")} and ${sorted.length - 8} more` : sorted.join(", ");
};
