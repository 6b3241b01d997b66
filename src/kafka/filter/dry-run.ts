import type { Alert } from "../../alert/alert";
import type { ConnectionOptions } from "../client/connection";
import { sizeOf } from "../client/record";
import { consume, type Message } from "../read/consume";
import { type Extent, offsetsBetween } from "../read/positions";
import type { JobBooks } from "./books";
import { chunkBytes } from "./chunk";
import type { Decider } from "./decide";
import type { WorkerOptions } from "./plan";

/** Takes the alerts of a chunk, and the names of the filters that have decided all of them. */
export type OnDecided = (alerts: readonly Alert[], answered: ReadonlySet<string>) => unknown;

/** Decides and counts from the beginning of the topic; sends and commits nothing. */
export async function decideOnly(
  topic: string,
  extent: Extent,
  decider: Decider,
  books: JobBooks,
  options: ConnectionOptions &
    Pick<WorkerOptions, "filters" | "limit" | "prepare" | "onChunk" | "signal"> & { onDecided?: OnDecided | undefined },
): Promise<void> {
  if (offsetsBetween(extent.first, extent.next) === 0n) return;
  const waiting = new WaitingMessages();
  const decide = async (partition: number) => {
    const decided = await decider.decide(
      waiting.take(partition),
      {},
      () => new Promise((resolve) => setImmediate(resolve)),
    );
    books.begin(partition, decided);
    for (const { filter, why } of decided.leaving) books.leaveBehind(filter, why);
    books.done(partition, decided);
    const answered = options.filters.filter((_, n) => decided.outcomes[n] && !decided.unanswered.has(n));
    await options.onDecided?.(decided.alerts, new Set(answered.map(({ name }) => name)));
    options.onChunk();
  };
  const { bootstrap, profile, signal } = options;
  let read = 0;
  for await (const message of consume(topic, { bootstrap, profile, signal, starts: extent.first, ends: extent.next })) {
    if (options.prepare && !(await options.prepare(message.message))) break;
    const full = waiting.add(message);
    if (full !== undefined) await decide(full);
    if (++read >= options.limit) break;
  }
  for (const partition of waiting.partitions) await decide(partition);
}

/** Messages of one partition that are decided together in a dry run. */
export const dryChunk = 500;

interface Waiting {
  readonly messages: Message[];
  bytes: number;
}

/** Messages that wait until there are enough of their partition; all partitions together hold no more than a chunk's bytes. */
export class WaitingMessages {
  private readonly byPartition = new Map<number, Waiting>();
  private bytes = 0;

  /** @returns the partition whose turn has come, if one's has */
  add(message: Message): number | undefined {
    const { partition } = message;
    const waiting = this.byPartition.get(partition) ?? { messages: [], bytes: 0 };
    this.byPartition.set(partition, waiting);
    const size = sizeOf(message.message);
    waiting.messages.push(message);
    waiting.bytes += size;
    this.bytes += size;
    if (waiting.messages.length >= dryChunk) return partition;
    return this.bytes >= chunkBytes ? this.largest() : undefined;
  }

  /** The messages of a partition, which are no longer held. */
  take(partition: number): Message[] {
    const waiting = this.byPartition.get(partition);
    this.byPartition.delete(partition);
    this.bytes -= waiting?.bytes ?? 0;
    return waiting?.messages ?? [];
  }

  get partitions(): number[] {
    return [...this.byPartition.keys()];
  }

  private largest(): number | undefined {
    return [...this.byPartition].reduce((most, one) => (one[1].bytes > most[1].bytes ? one : most))[0];
  }
}
