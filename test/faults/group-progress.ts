import { describeGroup } from "../../src/kafka/admin/groups";
import { pause } from "../../src/pause";

/** How many alerts a group has finished. */
export async function finished(bootstrap: string, group: string): Promise<bigint> {
  const info = await describeGroup(group, { bootstrap }).catch(() => undefined); // not there yet, or its coordinator is lost
  return (info?.partitions ?? []).reduce((sum, { committed }) => sum + (committed ?? 0n), 0n);
}

/** Resolves when a group has finished `count` more alerts. */
export async function moved(bootstrap: string, group: string, count: number): Promise<void> {
  const wanted = (await finished(bootstrap, group)) + BigInt(count);
  while ((await finished(bootstrap, group)) < wanted) await pause(50);
}

/** Resolves with what it has finished when nothing is left to do. */
export async function caughtUp(bootstrap: string, group: string): Promise<bigint> {
  for (;;) {
    const info = await describeGroup(group, { bootstrap }).catch(() => undefined);
    if (info && info.partitions.length > 0 && info.partitions.every(({ lag }) => lag === 0n)) {
      return finished(bootstrap, group);
    }
    await pause(50);
  }
}

/** Resolves when a group has so many members, and each has its partitions. */
export async function joined(bootstrap: string, group: string, members: number): Promise<void> {
  for (;;) {
    const info = await describeGroup(group, { bootstrap }).catch(() => undefined);
    if (info?.state === "Stable" && info.members === members) return;
    await pause(50);
  }
}
