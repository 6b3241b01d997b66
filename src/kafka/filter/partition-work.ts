import { sizeOf } from "../client/message-size";
import type { Message } from "../client/types";
import { chunkBytes, chunkMessages } from "./chunk";

/** Messages of a partition in order, and the offset after them; more offsets than messages where there were markers. */
export interface Portion {
  readonly messages: readonly Message[];
  readonly next: bigint;
}

/** Bytes that wait in all partitions together. */
const mostBytes = 32_000_000;

/**
 * Batches that wait until those before them in their partition are done with. All that wait are worked on together, so
 * that a topic of small batches does not need a transaction for each.
 */
export class PartitionWork {
  private readonly waiting = new Map<number, { messages: Message[]; next: bigint; bytes: number }>();
  private readonly running = new Map<number, Promise<void>>();

  constructor(
    /** Works on a portion; when it throws, the failure is the caller's to tell. */
    private readonly work: (partition: number, portion: Portion) => Promise<void>,
  ) {}

  /** Takes a batch, and resolves when another one may come. */
  async add(partition: number, { messages, next }: Portion): Promise<void> {
    const mine = this.waiting.get(partition) ?? { messages: [], next, bytes: 0 };
    this.waiting.set(partition, mine);
    for (const message of messages) {
      mine.messages.push(message);
      mine.bytes += sizeOf(message.message);
    }
    mine.next = next;
    if (!this.running.has(partition)) this.start(partition);
    while (this.isFull(partition)) await Promise.race(this.running.values());
  }

  /** Resolves when nothing is worked on any more. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running.values());
  }

  private isFull(partition: number): boolean {
    const mine = this.waiting.get(partition);
    if (mine && (mine.bytes >= chunkBytes || mine.messages.length >= chunkMessages)) return true;
    let bytes = 0;
    for (const one of this.waiting.values()) bytes += one.bytes;
    return bytes >= mostBytes;
  }

  private start(partition: number): void {
    const portion = this.waiting.get(partition);
    if (!portion) return;
    this.waiting.delete(partition);
    const done = this.work(partition, portion).finally(() => {
      this.running.delete(partition);
      this.start(partition);
    });
    this.running.set(partition, done);
  }
}
