import { BootcampError, usageError } from "../../errors";
import { expectArgument } from "../../expect";
import type { Admin } from "../client/admin";
import { type ConnectionOptions, expectOwnBroker, withAdmin } from "../client/connection";
import type { Committed } from "../client/group-requests";
import { type From, parseFrom } from "../read/from";
import { type Extent, extentOf, type Positions, positionsAt } from "../read/positions";
import { topicAbsentError } from "./topic-access";
import { checkTopicName } from "./topics";

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

/** A consumer group: its members and where it is. */
export interface GroupInfo {
  readonly group: string;
  /** As Kafka calls it: Stable, Empty, PreparingRebalance, … */
  readonly state: string;
  /** "classic", "consumer" for the protocol of KIP-848 that newer clients use; "unknown" where Kafka (before 3.8) does not say. */
  readonly type: string;
  readonly members: number;
  readonly partitions: readonly GroupPartition[];
  /** Messages it has still to read, over all partitions of the topics it has committed to. */
  readonly lag: bigint;
}

/**
 * Names of the consumer groups, sorted.
 * @example
 * for (const group of await kafka.listGroups()) console.log((await kafka.describeGroup(group)).lag);
 */
export async function listGroups(options: ConnectionOptions = {}): Promise<string[]> {
  return withAdmin(options, async (admin) => (await admin.listGroups()).map(({ group }) => group).sort());
}

/**
 * State, members, offsets and lag of a group, over every topic it has committed to.
 *
 * @throws USAGE when there is no such group
 * @example
 * const { partitions } = await kafka.describeGroup("filter-ztf-stream");
 */
export async function describeGroup(group: string, options: ConnectionOptions = {}): Promise<GroupInfo> {
  expectArgument("text", group, "the name of a consumer group");
  return withAdmin({ ...options, group }, async (admin) => {
    const { state, type, members } = await stateOf(admin, group);
    const committed = await admin.fetchOffsets(group);
    const extents = new Map<string, Extent>();
    for (const topic of committed.keys()) {
      const extent = await extentOf(admin, topic);
      if (extent) extents.set(topic, extent);
    }
    const partitions = lagRows(committed, extents);
    return { group, state, type, members, partitions, lag: lagOf(partitions) };
  });
}

export interface ResetOptions extends ConnectionOptions {
  /** Move it in this partition alone. Default: in all of them. */
  partition?: number | undefined;
  /** Only tell where it would read next. Default false. */
  dryRun?: boolean | undefined;
}

/**
 * Moves a group in a topic to its beginning, its end, a time, or an offset.
 *
 * @returns where it will read next, by partition
 * @throws USAGE for a senseless `to` or partition, or while the group has members (they would go on from where they are);
 *   TOPIC_ABSENT
 * @example
 * await kafka.resetGroup("mine", "ztf-stream", { offset: -100 }, { dryRun: true });
 */
export async function resetGroup(
  group: string,
  topic: string,
  to: From,
  options: ResetOptions = {},
): Promise<Positions> {
  expectArgument("text", group, "the name of a consumer group");
  checkTopicName(topic);
  const parsed = parseFrom(to);
  const { partition, dryRun = false } = options;
  if (!dryRun) expectOwnBroker(options);
  return withAdmin({ ...options, topic, group }, async (admin) => {
    const extent = await extentOf(admin, topic, partition);
    if (!extent) throw await topicAbsentError(topic, options);
    const { members } = await admin.describeGroup(group);
    if (members > 0) throw busyError(group, members);
    const target = await positionsAt(admin, topic, parsed, extent);
    if (dryRun) return target;
    await admin.commitOffsets(group, topic, target);
    await expectCommitted(admin, group, topic, target);
    return target;
  });
}

/**
 * Deletes a group with its offsets.
 * @throws USAGE when there is none of that name, or while it has members
 * @example
 * await kafka.deleteGroup("mine");
 */
export async function deleteGroup(group: string, options: ConnectionOptions = {}): Promise<void> {
  expectArgument("text", group, "the name of a consumer group");
  expectOwnBroker(options);
  return withAdmin({ ...options, group }, async (admin) => {
    const { members } = await stateOf(admin, group);
    if (members > 0) throw busyError(group, members);
    await admin.deleteGroup(group);
  });
}

async function stateOf(admin: Admin, group: string): Promise<Pick<GroupInfo, "state" | "type" | "members">> {
  const listed = (await admin.listGroups()).find((one) => one.group === group);
  if (!listed) throw usageError("a consumer group that is there", group, "see which are: npx alerts groups list");
  const { state, members } = await admin.describeGroup(group);
  // so Kafka describes groups of yet other kinds, too
  return { state: state === "Dead" && listed.state ? listed.state : state, type: listed.type, members };
}

/** @throws KAFKA_REFUSED when the group is not where it was put: somebody else may have taken it up just then */
async function expectCommitted(admin: Admin, group: string, topic: string, target: Positions): Promise<void> {
  const now = (await admin.fetchOffsets(group)).get(topic);
  for (const [partition, offset] of target) {
    const found = now?.get(partition)?.offset;
    if (found === offset) continue;
    throw new BootcampError(
      "KAFKA_REFUSED",
      `Expected group "${group}" at ${offset} in ${topic}/${partition}, it is at ${found ?? "none"}`,
      { remedy: `see who else is in it: npx alerts groups describe ${group}`, where: group },
    );
  }
}

function busyError(group: string, members: number): BootcampError {
  return new BootcampError("USAGE", `Expected group "${group}" without members, it has ${members}`, {
    remedy: "stop its programs first; one that died leaves after its session time-out (6 s for a filter job)",
    where: group,
  });
}

/**
 * How far a group is in the topics it has committed to: one row for each partition the topic has, also where the group
 * has committed nothing yet. Everything that shows a lag takes it from here.
 *
 * @param committed topic → partition → the offset read next, as {@link Admin.fetchOffsets} gives it
 * @param extents topic → what its partitions hold; a topic that is gone has none, and then no lag
 */
export function lagRows(
  committed: ReadonlyMap<string, ReadonlyMap<number, Committed>>,
  extents: ReadonlyMap<string, Extent>,
): GroupPartition[] {
  const rows: GroupPartition[] = [];
  for (const [topic, offsets] of committed) {
    const extent = extents.get(topic);
    for (const partition of new Set([...(extent?.next.keys() ?? []), ...offsets.keys()])) {
      const first = extent?.first.get(partition) ?? 0n;
      const next = extent?.next.get(partition) ?? 0n;
      const committed = offsets.get(partition)?.offset ?? -1n;
      const at = committed < 0n ? null : committed;
      const from = at === null || at < first ? first : at; // what has expired cannot be read any more
      rows.push({ topic, partition, committed: at, first, next, lag: next > from ? next - from : 0n });
    }
  }
  return rows.sort((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition));
}

/** Messages a group has still to read, over all of `rows`. */
export const lagOf = (rows: readonly GroupPartition[]): bigint => rows.reduce((sum, { lag }) => sum + lag, 0n);
