import { partitionChooser } from "../client/choose-partition";
import type { Extent } from "../positions";
import type { Decided } from "./decide";
import type { OutMessage } from "./headers";
import type { PlannedFilter } from "./plan";
import type { Delivery } from "./requests";

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
