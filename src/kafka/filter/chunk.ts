import type { Message } from "../client/record";
import { sizeOf } from "../client/record";

/**
 * Messages and bytes of one transaction. Larger ones are faster (28 to 39 k/s of 1 kB alerts at 500), and delay what a
 * reader of committed messages sees.
 */
export const chunkMessages = 1000;
export const chunkBytes = 8_000_000;

/**
 * The messages from `at` on that go into one transaction; at least one, unless there are none.
 *
 * @param room how many are still wanted
 */
export function chunkOf(messages: readonly Message[], at: number, room: number): Message[] {
  const end = Math.min(messages.length, at + Math.min(room, chunkMessages));
  let bytes = 0;
  let to = at;
  for (; to < end && bytes < chunkBytes; to++) bytes += sizeOf(messages[to]!.message);
  return messages.slice(at, to);
}

/** How many messages a job may still read: some are under way until it is known what became of them. */
export class MessageLimit {
  private taken = 0;
  private finished = 0;

  constructor(private readonly limit: number) {}

  /** So many more may be taken. */
  get room(): number {
    return this.limit - this.taken;
  }

  get isReached(): boolean {
    return this.finished >= this.limit;
  }

  /** Takes messages; exactly one of `done` and `giveBack` is to be called when their fate is known. */
  take(count: number) {
    this.taken += count;
    let held = count;
    const keep = (fewer: number) => {
      this.taken -= held - fewer;
      held = fewer;
    };
    return {
      /** Only so many of them are needed. */
      keep,
      done: () => {
        this.finished += held;
      },
      giveBack: () => keep(0),
    };
  }
}

/** Messages of a partition in order, and the offset after them; more offsets than messages where there were markers. */
export interface Portion {
  readonly messages: readonly Message[];
  readonly next: bigint;
  /** False once the partition was given up: what is left of it is another member's to do, or comes again. */
  isCurrent(): boolean;
}

interface Waiting extends Portion {
  readonly messages: Message[];
  next: bigint;
  bytes: number;
}

/** Bytes that wait in all partitions together. */
const mostBytes = 32_000_000;

/**
 * Batches that wait until those before them in their partition are done with. All that wait are worked on together, so
 * that a topic of small batches does not need a transaction for each.
 */
export class PartitionWork {
  private readonly waiting = new Map<number, Waiting>();
  private readonly running = new Map<number, Promise<void>>();

  constructor(
    /** Works on a portion; when it throws, the failure is the caller's to tell. */
    private readonly work: (partition: number, portion: Portion) => Promise<void>,
  ) {}

  /** Takes a batch, and resolves when another one may come. */
  async add(partition: number, { messages, next, isCurrent }: Portion): Promise<void> {
    const before = this.waiting.get(partition);
    const mine: Waiting = before?.isCurrent() ? before : { messages: [], next, bytes: 0, isCurrent };
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
