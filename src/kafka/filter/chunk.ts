import { sizeOf } from "../client/message-size";
import type { Message } from "../client/types";

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
