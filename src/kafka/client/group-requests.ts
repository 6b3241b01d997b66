import type { BrokerAddress, BrokerConnection } from "./broker-connection";
import { kafkaCodes, protocolError, throwIfOneRefused, throwIfRefused } from "./protocol-error";
import { WireWriter } from "./wire";

/** A group as a list of groups has it. */
export interface ListedGroup {
  readonly group: string;
  /** "classic", or "consumer" for the protocol of KIP-848; "unknown" before Kafka 3.8. */
  readonly type: string;
  /** As Kafka calls it: Stable, Empty, PreparingRebalance, …; empty before Kafka 3.8. */
  readonly state: string;
}

/** A group as its coordinator has it. */
export interface GroupState {
  /** As Kafka calls it: Stable, Empty, PreparingRebalance, …; Dead when there is none. */
  readonly state: string;
  readonly members: number;
  /** How the members share partitions; empty for a group of the protocol of KIP-848. */
  readonly assigner: string;
  /** What the members' programs call themselves; empty for a group of the protocol of KIP-848. */
  readonly clients: readonly string[];
}

/** What a group has committed in a partition. */
export interface Committed {
  /** The offset it reads next; -2 is what kafkajs commits for "at the oldest". */
  readonly offset: bigint;
  readonly metadata: string | null;
}

const keys = {
  offsetCommit: 8,
  offsetFetch: 9,
  findCoordinator: 10,
  describeGroups: 15,
  listGroups: 16,
  deleteGroups: 42,
  consumerGroupDescribe: 69,
};

/** The address of the broker that looks after a group, or a transactional id. */
export async function findCoordinator(
  broker: BrokerConnection,
  key: string,
  kind: "group" | "transaction" = "group",
): Promise<BrokerAddress> {
  const question = new WireWriter().string(key, false).int8(kind === "group" ? 0 : 1);
  const version = broker.version(keys.findCoordinator, [1]);
  const answer = await broker.request(keys.findCoordinator, version, false, question.end());
  answer.int32(); // throttle time
  throwIfRefused(answer.int16(), answer.string(false));
  answer.int32(); // number of the broker
  return { host: answer.string(false) ?? "", port: answer.int32() };
}

/** The groups that one broker looks after. */
export async function listGroups(broker: BrokerConnection): Promise<ListedGroup[]> {
  const version = broker.version(keys.listGroups, [5, 1]); // 5: with state and type
  const isNew = version >= 5; // and flexible
  const question = new WireWriter();
  if (isNew)
    question
      .array(true, [], () => {})
      .array(true, [], () => {})
      .tags(true); // of any state, of any type
  const answer = await broker.request(keys.listGroups, version, isNew, question.end());
  answer.int32(); // throttle time
  throwIfRefused(answer.int16());
  return answer.array(isNew, () => {
    const group = answer.string(isNew) ?? "";
    answer.string(isNew); // kind of protocol
    const state = isNew ? (answer.string(true) ?? "") : "";
    const type = isNew ? (answer.string(true) ?? "").toLowerCase() : "unknown";
    answer.tags(isNew);
    return { group, type, state };
  });
}

/** State and members of a group of either protocol, from its coordinator. */
export async function describeGroup(coordinator: BrokerConnection, group: string): Promise<GroupState> {
  const question = new WireWriter();
  question.array(false, [group], (name) => void question.string(name, false));
  const version = coordinator.version(keys.describeGroups, [1]);
  const answer = await coordinator.request(keys.describeGroups, version, false, question.end());
  answer.int32(); // throttle time
  const [found] = answer.array(false, () => {
    throwIfRefused(answer.int16());
    answer.string(false);
    const state = answer.string(false) ?? "";
    answer.string(false); // kind of protocol
    const assigner = answer.string(false) ?? "";
    const clients = answer.array(false, () => {
      answer.string(false); // the member's id
      const client = answer.string(false) ?? "";
      answer.string(false); // its host
      for (const _ of ["metadata", "assignment"]) answer.view(answer.int32());
      return client;
    });
    return { state, members: clients.length, assigner, clients };
  });
  // so Kafka describes a group that is not there, and one of the other protocol
  if (found!.state !== "Dead" || !coordinator.knows(keys.consumerGroupDescribe, 0)) return found!;
  return (await describeConsumerGroup(coordinator, group)) ?? found!;
}

/** A group of the protocol of KIP-848; undefined when there is none. ConsumerGroupDescribe, as far as the number of members. */
async function describeConsumerGroup(coordinator: BrokerConnection, group: string): Promise<GroupState | undefined> {
  const question = new WireWriter();
  question.array(true, [group], (name) => void question.string(name, true));
  question.int8(0).tags(true); // without the operations that are allowed
  const answer = await coordinator.request(keys.consumerGroupDescribe, 0, true, question.end());
  answer.int32(); // throttle time
  answer.uvarint(); // one group
  const error = answer.int16();
  const reason = answer.string(true);
  if (error === kafkaCodes.groupAbsent) return undefined;
  throwIfRefused(error, reason);
  answer.string(true);
  const state = answer.string(true) ?? "";
  for (const _ of ["epoch", "epoch of the assignment"]) answer.int32();
  answer.string(true); // assigner of the broker
  return { state, members: answer.uvarint() - 1, assigner: "", clients: [] };
}

/** Deletes a group with its offsets. */
export async function deleteGroup(coordinator: BrokerConnection, group: string): Promise<void> {
  const question = new WireWriter();
  question.array(false, [group], (name) => void question.string(name, false));
  const version = coordinator.version(keys.deleteGroups, [1, 0]);
  const answer = await coordinator.request(keys.deleteGroups, version, false, question.end());
  answer.int32(); // throttle time
  throwIfOneRefused(answer);
}

/** What a group has committed: topic → partition → offset. Where it has committed nothing there is no entry. */
export async function fetchOffsets(
  coordinator: BrokerConnection,
  group: string,
): Promise<Map<string, Map<number, Committed>>> {
  const question = new WireWriter().string(group, false).noArray(false); // of all topics
  const version = coordinator.version(keys.offsetFetch, [3]);
  const answer = await coordinator.request(keys.offsetFetch, version, false, question.end());
  answer.int32(); // throttle time
  let failure = 0;
  const topics = answer.array(false, () => {
    const topic = answer.string(false) ?? "";
    const partitions = answer.array(false, () => {
      const partition = answer.int32();
      const committed = { offset: answer.int64(), metadata: answer.string(false) };
      failure ||= answer.int16();
      return [partition, committed] as const;
    });
    return [topic, new Map(partitions.filter(([, { offset }]) => offset !== -1n))] as const;
  });
  failure = answer.int16() || failure;
  throwIfRefused(failure);
  return new Map(topics.filter(([, partitions]) => partitions.size > 0));
}

/** Commits offsets for a group without members. */
export async function commitOffsets(
  coordinator: BrokerConnection,
  group: string,
  topic: string,
  offsets: ReadonlyMap<number, bigint>,
): Promise<void> {
  const question = new WireWriter().string(group, false);
  question.int32(-1).string("", false).int64(-1n); // of no generation, by no member, kept as long as the broker wants
  question.array(false, [topic], () => {
    question.string(topic, false);
    question.array(false, [...offsets], ([partition, offset]) => {
      question.int32(partition).int64(offset).string("", false);
    });
  });
  const version = coordinator.version(keys.offsetCommit, [3]);
  const answer = await coordinator.request(keys.offsetCommit, version, false, question.end());
  answer.int32(); // throttle time
  answer.array(false, () => {
    answer.string(false);
    answer.array(false, () => {
      answer.int32();
      const error = answer.int16();
      if (error !== 0) throw protocolError(error);
    });
  });
}
