import { lagOf, lagRows } from "../admin/groups";
import { Admin } from "../client/admin";
import { silenceCode } from "../client/broker-connection";
import { type ConnectionOptions, kafkaError } from "../client/connection";
import { connectionOf } from "../client/connection-settings";
import type { Committed, GroupState } from "../client/group-requests";
import { deadTopicOf } from "../filter/plan";
import { type Extent, extentOf } from "../read/positions";
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
export interface Offsets {
  readonly extents: ReadonlyMap<string, Extent>;
  /** By the topic they are dead letters of. */
  readonly dead: ReadonlyMap<string, Extent>;
  readonly absent: readonly string[];
  readonly groups: readonly MonitoredGroup[];
  readonly leftOut: { topics: number; groups: number };
}

/** A broker that has not answered after so long is reported as silent. */
const silenceMs = 5000;

/** Asks for offsets again and again over the same connections, and makes new ones when something went wrong. */
export class OffsetMonitor {
  #admin: Admin | undefined;

  constructor(
    private readonly options: ConnectionOptions,
    private readonly wanted: Wanted,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** @returns the offsets, or why there are none */
  async ask(): Promise<Offsets | { problem: string }> {
    const isNew = this.#admin === undefined;
    this.#admin ??= new Admin(connectionOf(this.options), silenceMs);
    const stop = () => this.close();
    this.signal?.addEventListener("abort", stop, { once: true });
    try {
      return await offsetsOf(this.#admin, this.wanted);
    } catch (error) {
      this.close();
      if (this.signal?.aborted) return { problem: "stopped" };
      // an old connection may have been closed meanwhile
      if (!isNew && (error as { code?: unknown }).code !== silenceCode) return this.ask();
      return { problem: (await kafkaError(error, this.options)).message };
    } finally {
      this.signal?.removeEventListener("abort", stop);
    }
  }

  close(): void {
    this.#admin?.close();
    this.#admin = undefined;
  }
}

/** Groups are asked first, so that a lag is never shown too small. Not one alert is read. */
async function offsetsOf(admin: Admin, wanted: Wanted): Promise<Offsets> {
  const there = await admin.listTopics();
  const named = wanted.topics.length > 0;
  const chosen = named ? wanted.topics.filter((topic) => there.includes(topic)) : ordinary(there);
  const topics = named ? chosen : chosen.slice(0, wanted.maxTopics);
  const groups = await groupsOf(admin, wanted, topics);
  const extents = await extentsOf(admin, topics, (topic) => topic);
  const withDead = topics.filter((topic) => there.includes(deadTopicOf(topic)));
  return {
    extents,
    dead: await extentsOf(admin, withDead, deadTopicOf),
    absent: wanted.topics.filter((topic) => !there.includes(topic)),
    groups: groups.found.map(({ group, committed, state, members }) => {
      const partitions = lagRows(committed, extents);
      return { group, state, members, partitions, lag: lagOf(partitions) };
    }),
    leftOut: { topics: chosen.length - topics.length, groups: groups.leftOut },
  };
}

const ordinary = (names: readonly string[]): string[] =>
  names.filter((name) => !name.startsWith("__") && !name.endsWith(deadTopicOf("x").slice(1))).sort();

/** Of the topics that are there by now: one may be deleted between the list and this. */
async function extentsOf(
  admin: Admin,
  topics: readonly string[],
  nameOf: (topic: string) => string,
): Promise<Map<string, Extent>> {
  const found = await Promise.all(topics.map(async (topic) => [topic, await extentOf(admin, nameOf(topic))] as const));
  return new Map(found.flatMap(([topic, extent]) => (extent ? [[topic, extent] as const] : [])));
}

interface FoundGroup extends Pick<GroupState, "state" | "members"> {
  readonly group: string;
  /** Topic → partition → committed offset. */
  readonly committed: ReadonlyMap<string, ReadonlyMap<number, Committed>>;
}

async function groupsOf(admin: Admin, wanted: Wanted, topics: readonly string[]) {
  const named = wanted.groups.length > 0;
  const there = (await admin.listGroups()).map(({ group }) => group);
  const chosen = named ? wanted.groups : there.sort();
  const groups = named ? chosen : chosen.slice(0, wanted.maxGroups);
  const found = await Promise.all(
    groups.map(async (group): Promise<FoundGroup[]> => {
      if (!there.includes(group)) return [{ group, committed: new Map(), state: "Absent", members: 0 }];
      const all = await admin.fetchOffsets(group);
      const committed = new Map([...all].filter(([topic]) => topics.includes(topic)));
      if (!named && committed.size === 0) return [];
      const { state, members } = await admin.describeGroup(group);
      return [{ group, committed, state, members }];
    }),
  );
  const sorted = found.flat().sort((a, b) => (a.group < b.group ? -1 : 1));
  return { found: sorted, leftOut: chosen.length - groups.length };
}
