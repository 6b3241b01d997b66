import { addresses, hostAndPort } from "../../broker/address";
import { anyBroker, BrokerConnection } from "./broker-connection";
import { type ConnectionOptions, connectionOf } from "./connection-settings";
import { protocolError } from "./protocol-error";
import { WireWriter } from "./wire";

/** A group as its coordinator has it. */
export interface GroupState {
  /** "classic", or "consumer" for the protocol of KIP-848, which kafkajs does not know; "unknown" before Kafka 3.8. */
  readonly type: string;
  /** As Kafka calls it: Stable, Empty, PreparingRebalance, … */
  readonly state: string;
  /** Of a group of type "consumer"; undefined for others, which kafkajs can describe. */
  readonly members: number | undefined;
}

const keys = { findCoordinator: 10, listGroups: 16, consumerGroupDescribe: 69 };

/**
 * Type and state of a group, from the broker that looks after it.
 *
 * @returns undefined when there is no such group
 * @throws what Kafka says; the errors of a connection
 */
export async function groupState(group: string, options: ConnectionOptions): Promise<GroupState | undefined> {
  const connection = connectionOf(options);
  const seed = await anyBroker(connection, addresses(connection.address).map(hostAndPort));
  let coordinator: BrokerConnection | undefined;
  try {
    coordinator = await BrokerConnection.open(connection, await coordinatorOf(seed, group));
    const listed = await listed5(coordinator, group);
    if (listed?.type.toLowerCase() !== "consumer") return listed;
    return { type: "consumer", state: listed.state, members: await membersOf(coordinator, group) };
  } finally {
    coordinator?.close();
    seed.close();
  }
}

/** FindCoordinator, version 3. */
async function coordinatorOf(broker: BrokerConnection, group: string): Promise<{ host: string; port: number }> {
  const question = new WireWriter().string(group, true).int8(0).tags(true);
  const answer = await broker.request(keys.findCoordinator, 3, true, question.end());
  answer.int32(); // throttle time
  const error = answer.int16();
  answer.string(true);
  answer.int32(); // number of the broker
  const address = { host: answer.string(true) ?? "", port: answer.int32() };
  if (error !== 0) throw protocolError(error);
  return address;
}

/** ListGroups, version 5: with state and type. */
async function listed5(broker: BrokerConnection, group: string): Promise<GroupState | undefined> {
  if (broker.version(keys.listGroups, [5]) === undefined) return { type: "unknown", state: "", members: undefined };
  const nothing = new WireWriter()
    .array(true, [], () => {})
    .array(true, [], () => {})
    .tags(true);
  const answer = await broker.request(keys.listGroups, 5, true, nothing.end());
  answer.int32(); // throttle time
  const error = answer.int16();
  if (error !== 0) throw protocolError(error);
  const groups = answer.array(true, () => {
    const name = answer.string(true);
    answer.string(true); // protocol
    const state = answer.string(true) ?? "";
    const type = answer.string(true) ?? "";
    answer.tags(true);
    return { name, type, state, members: undefined };
  });
  const found = groups.find(({ name }) => name === group);
  return found && { type: found.type, state: found.state, members: undefined };
}

/** ConsumerGroupDescribe, version 0, as far as the number of members. */
async function membersOf(broker: BrokerConnection, group: string): Promise<number> {
  const question = new WireWriter();
  question
    .array(true, [group], (name) => void question.string(name, true))
    .int8(0)
    .tags(true);
  const answer = await broker.request(keys.consumerGroupDescribe, 0, true, question.end());
  answer.int32(); // throttle time
  answer.uvarint(); // one group
  const error = answer.int16();
  answer.string(true);
  if (error !== 0) throw protocolError(error);
  for (const _ of ["name", "state"]) answer.string(true);
  for (const _ of ["epoch", "epoch of the assignment"]) answer.int32();
  answer.string(true); // assignor
  return answer.uvarint() - 1;
}
