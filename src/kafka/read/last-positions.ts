import { refuse, usageError } from "../../errors";
import { type ConnectionOptions, withAdmin } from "../client/connection";
import { consume } from "./consume";
import { type Extent, extentOf, type PartitionChoice, type Positions } from "./positions";

/** More are looked through one by one, which is another way to say "from". */
const most = 100_000;

/** @throws USAGE for what is no number of messages, and for more than one way to say where to begin */
export function checkLast({ last, ...others }: { last?: number | undefined; from?: unknown; group?: unknown }): void {
  if (last === undefined) return;
  if (!(Number.isInteger(last) && last >= 1 && last <= most)) throw usageError(`last: 1 to ${most} messages`, last);
  if (others.from !== undefined || others.group !== undefined) {
    throw refuse("one of last, from and group", "last with another");
  }
}

/** Where the newest messages begin, in every partition; and where the oldest of them is, with the others at their ends. */
export interface Newest {
  readonly starts: Positions;
  readonly oldest: Positions;
}

/**
 * Where the newest messages of a topic begin, by their time stamps over all partitions. Offsets alone do not say: the ends
 * of transactions take some, and compaction removes others. Reads up to `count` messages of each partition.
 *
 * @returns null when there is no such topic
 */
export async function lastPositions(
  topic: string,
  count: number,
  options: PartitionChoice & { signal?: AbortSignal | undefined },
): Promise<Newest | null> {
  const extent = await withAdmin(options, (admin) => extentOf(admin, topic, options.partition));
  return extent ? newestIn(await tailsOf(topic, count, extent, options), count, extent.next) : null;
}

interface Stamp {
  readonly offset: bigint;
  readonly ms: number;
}

/** The last messages of each partition, oldest first: at least `count`, or all there are. */
async function tailsOf(topic: string, count: number, { first, next }: Extent, options: ConnectionOptions) {
  const tails = new Map<number, Stamp[]>([...next.keys()].map((partition) => [partition, []]));
  const isShort = (partition: number, from: bigint) =>
    tails.get(partition)!.length < count && from > (first.get(partition) ?? 0n);
  let starts: Positions = new Map(next);
  for (let reach = BigInt(count) + 8n; [...starts].some(([p, from]) => isShort(p, from)); reach *= 4n) {
    const ends: Positions = new Map();
    const further: Positions = new Map();
    for (const [partition, from] of starts) {
      const low = first.get(partition) ?? 0n;
      if (!isShort(partition, from)) continue;
      ends.set(partition, from);
      further.set(partition, from - reach > low ? from - reach : low);
    }
    const found = new Map<number, Stamp[]>();
    for await (const { partition, offset, message } of consume(topic, { ...options, starts: further, ends })) {
      const stamps = found.get(partition) ?? [];
      stamps.push({ offset, ms: Number(message.timestamp) });
      found.set(partition, stamps);
    }
    for (const [partition, stamps] of found) tails.set(partition, [...stamps, ...tails.get(partition)!]);
    starts = new Map([...starts, ...further]);
  }
  return tails;
}

/** Takes from the ends, the newest first, until there are enough. */
function newestIn(tails: Map<number, Stamp[]>, count: number, next: Positions): Newest {
  const starts = new Map(next);
  let oldest: Positions = new Map();
  for (let left = count; left > 0; left--) {
    let newest: number | undefined;
    for (const [partition, stamps] of tails) {
      const stamp = stamps[stamps.length - 1];
      if (stamp && (newest === undefined || stamp.ms > tails.get(newest)!.at(-1)!.ms)) newest = partition;
    }
    if (newest === undefined) break;
    const { offset } = tails.get(newest)!.pop()!;
    starts.set(newest, offset);
    oldest = new Map(next).set(newest, offset);
  }
  return { starts, oldest };
}
