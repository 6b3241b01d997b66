import type { Admin } from "../client/types";
import { hasPlace } from "./place";
import { type PlannedFilter, safeTopicName } from "./plan";

/** The group that keeps the place of a filter left behind by the job of a group. */
export const leftGroupOf = (group: string, filter: PlannedFilter): string => `${group}.${safeTopicName(filter.name)}`;

/**
 * Which filters of a job are left behind, in which partitions.
 *
 * Such a filter has a consumer group of its own. Its place in a partition is committed there by the transaction with which
 * the job goes on without it; so wherever the group has an offset, the filter is no longer the job's, whichever process has
 * the partition, and only there will a run that resumes it begin.
 */
export class LeftBehind {
  private readonly partitions = new Map<number, Set<number>>();

  constructor(
    private readonly topic: string,
    private readonly group: string,
    private readonly filters: readonly PlannedFilter[],
  ) {}

  groupOf(n: number): string {
    return leftGroupOf(this.group, this.filters[n]!);
  }

  /** Numbers of the filters left behind in the partition. */
  in(partition: number): ReadonlySet<number> {
    return this.partitions.get(partition) ?? new Set();
  }

  add(partition: number, n: number): void {
    this.partitions.set(partition, new Set([...this.in(partition), n]));
  }

  /**
   * Asks the broker what other workers, or earlier runs, have left behind in the partition. What it no longer knows of went
   * with a topic that was deleted: in the new one the filter is the job's, until it is left behind there.
   */
  async refresh(admin: Admin, partition: number): Promise<void> {
    const known = new Set((await admin.listGroups()).groups.map(({ groupId }) => groupId));
    const here = new Set<number>();
    const asked = this.filters.map(async (_, n) => {
      const groupId = this.groupOf(n);
      if (!known.has(groupId)) return;
      const [offsets] = await admin.fetchOffsets({ groupId, topics: [this.topic] });
      const there = offsets?.partitions.find((each) => each.partition === partition);
      if (there && hasPlace(BigInt(there.offset))) here.add(n);
    });
    await Promise.all(asked);
    this.partitions.set(partition, here);
  }
}
