import { BootcampError, usageError } from "../errors";
import { type ConnectionOptions, withAdmin } from "./client/connection";
import type { Admin } from "./client/types";
import { extentOf, type From, type Positions, parseFrom } from "./positions";
import { topicAbsentError } from "./topic-access";

/** How far a group is in one partition. */
export interface GroupPartition {
  readonly topic: string;
  readonly partition: number;
  /** The offset it reads next; null when it has none there yet. */
  readonly committed: bigint | null;
  /** First offset the partition holds, and the one after its last. */
  readonly first: bigint;
  readonly next: bigint;
  /** Messages it has still to read. */
  readonly lag: bigint;
}

export interface GroupInfo {
  readonly group: string;
  /** As Kafka calls it: Stable, Empty, PreparingRebalance, … */
  readonly state: string;
  readonly members: number;
  readonly partitions: readonly GroupPartition[];
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
    const partitions: GroupPartition[] = [];
    for (const { topic, partitions: found } of await admin.fetchOffsets({ groupId: group })) {
      const extent = await extentOf(admin, topic);
      for (const { partition, offset } of found) {
        const first = extent?.first.get(partition) ?? 0n;
        const next = extent?.next.get(partition) ?? 0n;
        const committed = BigInt(offset) < 0n ? null : BigInt(offset);
        const from = committed === null || committed < first ? first : committed;
        partitions.push({ topic, partition, committed, first, next, lag: next > from ? next - from : 0n });
      }
    }
    partitions.sort((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition);
    return { group, state, members, partitions };
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
