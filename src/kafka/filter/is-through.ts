import type { Extent, Positions } from "../positions";
import { hasPlace } from "./place";

/**
 * True when a group has reached the end of every partition.
 *
 * @param committed its offsets; below the first message where what was there has expired
 * @param resumes the group is that of a filter left behind: where it has no offset, the filter is still the job's
 */
export function isThrough({ first, next }: Extent, committed: Positions, resumes: boolean): boolean {
  return [...next].every(([partition, end]) => {
    const reached = committed.get(partition) ?? -1n;
    if (resumes && !hasPlace(reached)) return true;
    const begin = first.get(partition) ?? 0n;
    return (reached > begin ? reached : begin) >= end;
  });
}
