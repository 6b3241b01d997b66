import type { Committed } from "../client/group-requests";
import type { Extent } from "../read/positions";

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
