import { partitionChooser } from "../client/choose-partition";
import { type Delivery, groupBy } from "../client/leader-requests";
import type { Extent } from "../read/positions";
import type { Decided } from "./decide";
import type { OutMessage } from "./headers";
import type { PlannedFilter } from "./plan";

interface Destinations {
  readonly filters: readonly PlannedFilter[];
  readonly deadTopic: string;
  readonly extent: Extent;
  /** Partitions of each output topic. */
  readonly outPartitions: ReadonlyMap<string, number>;
}

/** What is sent of a chunk: to the topic of each filter what it selected, to the dead-letter topic what could not be decided. */
export function deliveriesOf(decided: Decided, partition: number, to: Destinations): Delivery[] {
  const deliver = (topic: string, messages: readonly OutMessage[]): Delivery[] => {
    if (messages.length === 0) return [];
    const partitions = to.outPartitions.get(topic)!;
    // as many partitions as the input: an alert keeps its own, and with it the order among its neighbours. The input may
    // have been given more since the job began
    if (partitions === to.extent.next.size && partition < partitions) return [{ topic, partition, messages }];
    const byPartition = groupBy(messages, partitionChooser(partitions));
    return [...byPartition].map(([chosen, some]) => ({ topic, partition: chosen, messages: some }));
  };
  const { undecodable, outcomes } = decided;
  const dead = [...undecodable, ...outcomes.flatMap((outcome) => outcome?.letters ?? [])];
  return [
    ...outcomes.flatMap((outcome, n) => deliver(to.filters[n]!.topic, outcome?.selected ?? [])),
    ...deliver(to.deadTopic, dead),
  ];
}
