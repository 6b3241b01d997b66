import { streamCommand } from "../../advice";
import { BootcampError, refuse, usageError } from "../../errors";
import { pause } from "../../pause";
import { misspeltError, topicAbsentError } from "../admin/topic-access";
import { type Admin, isNotSeen } from "../client/admin";
import { type ConnectionOptions, withAdmin } from "../client/connection";
import { type From, type ParsedFrom, parseFrom } from "./from";

/** Partition → offset. */
export type Positions = Map<number, bigint>;

const askAgainMs = 200;

/** What a topic holds now. */
export interface Extent {
  readonly first: Positions;
  readonly next: Positions;
}

/**
 * The offsets a topic holds, or null when there is none of that name, or this user may not see it.
 *
 * @param partition of this one alone
 * @throws USAGE when the topic has no such partition
 */
export async function extentOf(admin: Admin, topic: string, partition?: number): Promise<Extent | null> {
  try {
    const next = await admin.listOffsets(topic, "latest");
    const first = await admin.listOffsets(topic, "earliest");
    return partition === undefined
      ? { first, next }
      : { first: only(topic, partition, first), next: only(topic, partition, next) };
  } catch (error) {
    // also of one that is deleted between the two questions
    if (isNotSeen((error as { code?: unknown }).code)) return null;
    throw error;
  }
}

function only(topic: string, partition: number, offsets: Positions): Positions {
  const offset = offsets.get(partition);
  if (offset !== undefined) return new Map([[partition, offset]]);
  throw usageError(
    `a partition of "${topic}", 0 to ${offsets.size - 1}`,
    partition,
    `npx alerts topics describe ${topic} shows them`,
  );
}

/** Offsets that a topic holds, over all partitions. */
export const heldIn = ({ first, next }: Extent): bigint => offsetsBetween(first, next);

/** Offsets from `starts` (where there is none: the first ever) up to `ends`, over all partitions. */
export function offsetsBetween(starts: Positions, ends: Positions): bigint {
  let sum = 0n;
  for (const [partition, end] of ends) {
    const start = starts.get(partition) ?? 0n;
    if (end > start) sum += end - start;
  }
  return sum;
}

/** Options of what reads a topic, or one partition of it. */
export type PartitionChoice = ConnectionOptions & { readonly partition?: number | undefined };

/**
 * The offset of a start in each partition of `extent`.
 * @throws USAGE for an offset beyond the end of all of them
 */
export async function positionsAt(
  admin: Admin,
  topic: string,
  from: ParsedFrom,
  { first, next }: Extent,
): Promise<Positions> {
  if (from === "earliest") return first;
  if (from === "latest") return next;
  if (typeof from === "object") return atOffset(topic, from.offset, { first, next });
  const found = await admin.listOffsets(topic, from);
  // a partition without one has no message as late as that
  return new Map([...next].map(([p, end]) => [p, (found.get(p) ?? -1n) < 0n ? end : found.get(p)!]));
}

function atOffset(topic: string, offset: bigint, { first, next }: Extent): Positions {
  const ends = [...next.values()];
  const last = ends.reduce((most, end) => (end > most ? end : most), 0n);
  if (offset > last)
    throw refuse(`an offset of "${topic}" up to ${last}`, String(offset), "a negative one counts from the end");
  const within = (partition: number, end: bigint) => {
    const start = offset < 0n ? end + offset : offset;
    const low = first.get(partition) ?? 0n;
    return start < low ? low : start > end ? end : start;
  };
  return new Map([...next].map(([partition, end]) => [partition, within(partition, end)]));
}

/** Fixes where reading begins, for all but "earliest", which is looked up at each iteration. */
export async function startPositions(topic: string, from: From, options: PartitionChoice): Promise<Positions | null> {
  const parsed = parseFrom(from);
  if (parsed === "earliest") return null;
  return withAdmin(options, async (admin) => {
    const extent = await extentOf(admin, topic, options.partition);
    return extent ? positionsAt(admin, topic, parsed, extent) : new Map();
  });
}

/**
 * Where a consumer group goes on: its committed offsets, else where `starts` says. What it committed may lie before what the
 * topic still holds, or beyond the end of a topic that was recreated, which is then read from its beginning.
 *
 * @param starts of every partition
 */
export async function groupPositions(
  topic: string,
  group: string,
  extent: Extent,
  starts: Positions,
  options: ConnectionOptions,
): Promise<Positions> {
  const committed = await withAdmin({ ...options, topic, group }, (admin) => admin.fetchOffsets(group));
  const positions = new Map(starts);
  for (const [partition, { offset }] of committed.get(topic) ?? []) {
    const [first, next] = [extent.first.get(partition), extent.next.get(partition)];
    if (first === undefined || next === undefined) continue;
    positions.set(partition, offset < first || offset > next ? first : offset);
  }
  return positions;
}

/** Partitions that were not there when the start was fixed begin at their oldest message; so do those of no fixed start. */
export function startsIn(extent: Extent, fixed: Positions | null): Positions {
  const later = (start: bigint | undefined, first: bigint) => (start !== undefined && start > first ? start : first);
  return new Map([...extent.first].map(([partition, first]) => [partition, later(fixed?.get(partition), first)]));
}

export interface WaitOptions extends PartitionChoice {
  waitSeconds: number;
  say: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/**
 * Waits until the topic holds a message at or after `starts` (null: any message).
 *
 * @returns what it holds then
 * @throws TOPIC_ABSENT, TOPIC_FORBIDDEN, TOPIC_EMPTY or NOTHING_NEW when nothing came within `waitSeconds`; ABORTED
 */
export async function waitForAlerts(topic: string, starts: Positions | null, options: WaitOptions): Promise<Extent> {
  const deadline = performance.now() + options.waitSeconds * 1000;
  let said = false;
  return withAdmin(options, async (admin) => {
    for (;;) {
      const extent = await extentOf(admin, topic, options.partition);
      if (extent && [...extent.next].some(([p, next]) => next > (starts?.get(p) ?? extent.first.get(p) ?? 0n)))
        return extent;
      const left = deadline - performance.now();
      if (left <= 0)
        throw extent ? emptyError(topic, options, starts !== null, extent) : await topicAbsentError(topic, options);
      if (!extent && !said) await refuseForbidden(topic, options);
      const misspelt = extent || said ? undefined : misspeltError(topic, await admin.listTopics());
      if (misspelt) throw misspelt;
      if (!said) options.say(`${topic}: no alert yet, waiting ${options.waitSeconds} s for the first`);
      said = true;
      if (!(await pause(Math.min(askAgainMs, left), options.signal))) {
        throw new BootcampError("ABORTED", `Stopped while waiting for the first alert of "${topic}"`);
      }
    }
  });
}

/** A topic that this user may not see looks absent in the list; no waiting makes it appear. */
async function refuseForbidden(topic: string, options: ConnectionOptions): Promise<void> {
  const error = await topicAbsentError(topic, options);
  // anything else may pass: the topic may be being made right now
  if (error.code === "TOPIC_FORBIDDEN") throw error;
}

function emptyError(topic: string, options: WaitOptions, isNew: boolean, extent: Extent): BootcampError {
  const what = isNew ? "a new alert" : "an alert";
  const isEmpty = offsetsBetween(extent.first, extent.next) === 0n;
  return new BootcampError(
    isNew && !isEmpty ? "NOTHING_NEW" : "TOPIC_EMPTY",
    `Expected ${what} in topic "${topic}" within ${options.waitSeconds} s, none came`,
    {
      remedy: `start the stream: ${streamCommand(topic)}, or wait longer: waitSeconds`,
      where: topic,
    },
  );
}
