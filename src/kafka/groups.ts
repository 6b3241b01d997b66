import { BootcampError, usageError } from "../errors";
import { type ConnectionOptions, expectOwnBroker, withAdmin } from "./client/connection";
import type { Admin } from "./client/types";
import { type GroupPartition, lagOf, lagRows } from "./group-lag";
import { type Extent, extentOf, type From, type Positions, parseFrom } from "./positions";
import { topicAbsentError } from "./topic-access";

export interface GroupInfo {
  readonly group: string;
  /** As Kafka calls it: Stable, Empty, PreparingRebalance, … */
  readonly state: string;
  readonly members: number;
  readonly partitions: readonly GroupPartition[];
  /** Messages it has still to read, over all partitions of the topics it has committed to. */
  readonly lag: bigint;
}

/** Names of the consumer groups, sorted. */
export async function listGroups(options: ConnectionOptions = {}): Promise<string[]> {
  return withAdmin(options, async (admin) => (await admin.listGroups()).groups.map(({ groupId }) => groupId).sort());
}

/**
 * State, members, offsets and lag of a group, over every topic it has committed to.
 *
 * @throws USAGE when there is no such group
 * @example
 * const { partitions } = await describeGroup("filter-ztf-stream-template");
 */
export async function describeGroup(group: string, options: ConnectionOptions = {}): Promise<GroupInfo> {
  return withAdmin({ ...options, group }, async (admin) => {
    const { state, members } = await stateOf(admin, group);
    const committed = new Map<string, Map<number, bigint>>();
    const extents = new Map<string, Extent>();
    for (const { topic, partitions } of await admin.fetchOffsets({ groupId: group })) {
      const known = partitions.filter(({ offset }) => BigInt(offset) >= 0n); // -1: nothing was committed
      if (known.length === 0) continue;
      committed.set(topic, new Map(known.map(({ partition, offset }) => [partition, BigInt(offset)])));
      const extent = await extentOf(admin, topic);
      if (extent) extents.set(topic, extent);
    }
    const partitions = lagRows(committed, extents);
    return { group, state, members, partitions, lag: lagOf(partitions) };
  });
}

/**
 * Moves a group in a topic to its beginning, its end, or a time.
 *
 * @returns where it will read next, by partition
 * @throws USAGE for a senseless `to`, or while the group has members (they would go on from where they are);
 *   TOPIC_ABSENT
 */
export async function resetGroup(
  group: string,
  topic: string,
  to: From,
  options: ConnectionOptions = {},
): Promise<Positions> {
  const parsed = parseFrom(to);
  expectOwnBroker(options);
  return withAdmin({ ...options, topic, group }, async (admin) => {
    const extent = await extentOf(admin, topic);
    if (!extent) throw await topicAbsentError(topic, options);
    const { groups } = await admin.describeGroups([group]);
    const members = groups[0]?.members.length ?? 0;
    if (members > 0) throw busyError(group, members);
    const target = await targetOf(admin, topic, parsed, extent);
    const partitions = [...target].map(([partition, offset]) => ({ partition, offset: String(offset) }));
    await admin.setOffsets({ groupId: group, topic, partitions });
    return target;
  });
}

/**
 * Deletes a group with its offsets.
 * @throws USAGE when there is none of that name, or while it has members
 */
export async function deleteGroup(group: string, options: ConnectionOptions = {}): Promise<void> {
  expectOwnBroker(options);
  return withAdmin({ ...options, group }, async (admin) => {
    const { members } = await stateOf(admin, group);
    if (members > 0) throw busyError(group, members);
    await admin.deleteGroups([group]);
  });
}

async function stateOf(admin: Admin, group: string): Promise<{ state: string; members: number }> {
  // describing a group that is not there gives an answer all the same
  const { groups } = await admin.listGroups();
  if (!groups.some(({ groupId }) => groupId === group)) {
    throw usageError("a consumer group that is there", group, "see which are: npx alerts groups list");
  }
  const [found] = (await admin.describeGroups([group])).groups;
  return { state: found?.state ?? "", members: found?.members.length ?? 0 };
}

async function targetOf(
  admin: Admin,
  topic: string,
  to: ReturnType<typeof parseFrom>,
  extent: { first: Positions; next: Positions },
): Promise<Positions> {
  if (to === "earliest") return extent.first;
  if (to === "latest") return extent.next;
  const offsets = await admin.fetchTopicOffsetsByTimestamp(topic, to);
  return new Map(offsets.map(({ partition, offset }) => [partition, BigInt(offset)]));
}

function busyError(group: string, members: number): BootcampError {
  return new BootcampError("USAGE", `Expected group "${group}" without members, it has ${members}`, {
    remedy: "stop its programs first; one that died leaves after its session time-out (6 s for a filter job)",
    where: group,
  });
}
