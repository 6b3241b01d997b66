import { sizeOf } from "../client/message-size";
import type { Message } from "../consume";
import { chunkBytes } from "./chunk";

/** Messages of one partition that are decided together in a dry run. */
export const dryChunk = 500;

interface Lane {
  readonly messages: Message[];
  bytes: number;
}

/** Messages that wait until there are enough of their partition; all partitions together hold no more than a chunk's bytes. */
export class Held {
  private readonly lanes = new Map<number, Lane>();
  private bytes = 0;

  /** @returns the partition whose turn has come, if one's has */
  add(message: Message): number | undefined {
    const { partition } = message;
    const lane = this.lanes.get(partition) ?? { messages: [], bytes: 0 };
    this.lanes.set(partition, lane);
    const size = sizeOf(message.message);
    lane.messages.push(message);
    lane.bytes += size;
    this.bytes += size;
    if (lane.messages.length >= dryChunk) return partition;
    return this.bytes >= chunkBytes ? this.largest() : undefined;
  }

  /** The messages of a partition, which are no longer held. */
  take(partition: number): Message[] {
    const lane = this.lanes.get(partition);
    this.lanes.delete(partition);
    this.bytes -= lane?.bytes ?? 0;
    return lane?.messages ?? [];
  }

  get partitions(): number[] {
    return [...this.lanes.keys()];
  }

  private largest(): number | undefined {
    return [...this.lanes].reduce((most, one) => (one[1].bytes > most[1].bytes ? one : most))[0];
  }
}
