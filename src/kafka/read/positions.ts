import { streamCommand } from "../../advice";
import { BootcampError } from "../../errors";
import { pause } from "../../pause";
import { misspeltError, topicAbsentError } from "../admin/topic-access";
import type { Admin } from "../client/admin";
import { type ConnectionOptions, withAdmin } from "../client/connection";
import { type From, parseFrom } from "./from";

/** Partition → offset. */
export type Positions = Map<number, bigint>;

const askAgainMs = 200;

/** What a topic holds now. */
export interface Extent {
  readonly first: Positions;
  readonly next: Positions;
}

/** The offsets a topic holds, or null when there is none of that name, or this user may not see it. */
export async function extentOf(admin: Admin, topic: string): Promise<Extent | null> {
  if (!(await admin.topic(topic))) return null;
  const next = await admin.listOffsets(topic, "latest");
  return { first: await admin.listOffsets(topic, "earliest"), next };
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

/** The offset of a start in each partition. */
export async function positionsAt(
  admin: Admin,
  topic: string,
  from: ReturnType<typeof parseFrom>,
  extent: Extent,
): Promise<Positions> {
  if (from === "earliest") return extent.first;
  if (from === "latest") return extent.next;
  const offsets = await admin.listOffsets(topic, from);
  // no message is as late as that
  return new Map([...offsets].map(([p, offset]) => [p, offset < 0n ? (extent.next.get(p) ?? 0n) : offset]));
}

/** Fixes where reading begins, for `latest` and for a time; "earliest" is looked up at each iteration. */
export async function startPositions(topic: string, from: From, options: ConnectionOptions): Promise<Positions | null> {
  const parsed = parseFrom(from);
  if (parsed === "earliest") return null;
  return withAdmin(options, async (admin) => {
    const extent = await extentOf(admin, topic);
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

export interface WaitOptions extends ConnectionOptions {
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
      const extent = await extentOf(admin, topic);
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
