import { lagOf, lagRows } from "../admin/group-lag";
import type { GroupState } from "../client/describe-group";
import type { Admin } from "../client/types";
import { deadTopicOf } from "../filter/plan";
import { type Extent, extentOfPresent } from "../read/positions";
import type { MonitoredGroup } from "./types";

export interface Wanted {
  /** Topics by name; empty for all but Kafka's own and those of dead letters. */
  readonly topics: readonly string[];
  /** Groups by name; empty for all that have committed to one of the topics. */
  readonly groups: readonly string[];
  /** Of those that were not named. */
  readonly maxTopics: number;
  readonly maxGroups: number;
}

/** What the broker says of topics and groups at one moment. */
export interface Measured {
  readonly extents: ReadonlyMap<string, Extent>;
  /** By the topic they are dead letters of. */
  readonly dead: ReadonlyMap<string, Extent>;
  readonly absent: readonly string[];
  readonly groups: readonly MonitoredGroup[];
  readonly leftOut: { topics: number; groups: number };
}

/**
 * Asks for the offsets of topics and groups: about two requests per topic and two per group, and not one alert.
 * Groups are asked first, so that a lag is never shown too small.
 */
export async function measure(
  admin: Admin,
  wanted: Wanted,
  describe: (group: string) => Promise<GroupState | undefined>,
): Promise<Measured> {
  const there = await admin.listTopics();
  const named = wanted.topics.length > 0;
  const chosen = named ? wanted.topics.filter((topic) => there.includes(topic)) : ordinary(there);
  const topics = named ? chosen : chosen.slice(0, wanted.maxTopics);
  const { committed, states, leftOut } = await groupsOf(admin, wanted, topics, describe);
  const withDead = topics.filter((topic) => there.includes(deadTopicOf(topic)));
  const extents = await extentsOf(admin, topics, (topic) => topic);
  const dead = await extentsOf(admin, withDead, deadTopicOf);
  const groups = [...committed].map(([group, offsets]): MonitoredGroup => {
    const partitions = lagRows(offsets, extents);
    const { state = "Absent", members = 0 } = states.get(group) ?? {};
    return { group, state, members, partitions, lag: lagOf(partitions) };
  });
  return {
    extents,
    dead,
    absent: wanted.topics.filter((topic) => !there.includes(topic)),
    groups,
    leftOut: { topics: chosen.length - topics.length, groups: leftOut },
  };
}

/** Like Promise.all, but waits for all also when one fails: what is under way would open a connection that was closed. */
async function allDone<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

const ordinary = (names: readonly string[]): string[] =>
  names.filter((name) => !name.startsWith("__") && !name.endsWith(deadTopicOf("x").slice(1))).sort();

async function extentsOf(
  admin: Admin,
  topics: readonly string[],
  nameOf: (topic: string) => string,
): Promise<Map<string, Extent>> {
  const found = await allDone(topics.map((topic) => extentOfPresent(admin, nameOf(topic))));
  return new Map(found.map((extent, i) => [topics[i]!, extent]));
}

/** Topic → partition → committed offset. */
type Committed = Map<string, Map<number, bigint>>;

async function groupsOf(
  admin: Admin,
  wanted: Wanted,
  topics: readonly string[],
  describe: (group: string) => Promise<GroupState | undefined>,
) {
  const named = wanted.groups.length > 0;
  const there = (await admin.listGroups()).groups.map(({ groupId }) => groupId);
  const chosen = named ? wanted.groups : [...there].sort();
  const groups = named ? chosen : chosen.slice(0, wanted.maxGroups);
  const committed = new Map<string, Committed>();
  await allDone(
    groups.map(async (group) => {
      const offsets = there.includes(group) ? await committedBy(admin, group, topics) : new Map();
      if (named || offsets.size > 0) committed.set(group, offsets);
    }),
  );
  const shown = [...committed.keys()].filter((group) => there.includes(group));
  const described = shown.length > 0 ? (await admin.describeGroups(shown)).groups : [];
  const states = new Map<string, { state: string; members: number }>(
    described.map(({ groupId, state, members }) => [groupId, { state, members: members.length }]),
  );
  for (const [group, { state }] of states) {
    if (state !== "Dead") continue; // what kafkajs calls a group of a protocol that it does not know
    const known = await describe(group).catch(() => undefined);
    if (known?.members !== undefined) states.set(group, { state: known.state, members: known.members });
  }
  return {
    committed: new Map([...committed].sort(([a], [b]) => (a < b ? -1 : 1))),
    states,
    leftOut: chosen.length - groups.length,
  };
}

async function committedBy(admin: Admin, group: string, topics: readonly string[]): Promise<Committed> {
  const found: Committed = new Map();
  for (const { topic, partitions } of await admin.fetchOffsets({ groupId: group })) {
    if (!topics.includes(topic)) continue;
    const offsets = partitions.map(({ partition, offset }) => [partition, BigInt(offset)] as const);
    const known = offsets.filter(([, offset]) => offset >= 0n); // -1: nothing was committed
    if (known.length > 0) found.set(topic, new Map(known));
  }
  return found;
}
