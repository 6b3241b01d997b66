import { describe, expect, it } from "vitest";
import type { Message } from "../read/consume";
import { chunkBytes } from "./chunk";
import { dryChunk, WaitingMessages } from "./dry-run";

const message = (partition: number, bytes: number, offset = 0n): Message =>
  ({
    partition,
    offset,
    message: { key: null, value: { length: bytes / 2 }, headers: { more: { length: bytes / 2 } } },
  }) as unknown as Message;

describe("messages that wait to be decided", () => {
  it("are decided when there are enough of a partition", () => {
    const held = new WaitingMessages();
    for (let n = 1; n < dryChunk; n++) {
      expect([held.add(message(0, 10)), held.add(message(1, 10))]).toEqual([undefined, undefined]);
    }
    expect(held.add(message(1, 10))).toBe(1);
    expect([held.take(1).length, held.partitions, held.add(message(1, 10))]).toEqual([dryChunk, [0], undefined]);
  });

  it("are never more than a chunk's bytes in all partitions together: the one with most gives way", () => {
    const held = new WaitingMessages();
    const quarter = chunkBytes / 4;
    const turns = [0, 1, 1, 2].map((partition) => held.add(message(partition, quarter)));
    expect(turns).toEqual([undefined, undefined, undefined, 1]);
    expect(held.take(1).length).toBe(2);
    // what was taken no longer counts
    expect([held.add(message(3, quarter)), held.add(message(3, quarter))]).toEqual([undefined, 3]);
    expect([held.take(3).length, held.take(3).length, held.partitions]).toEqual([2, 0, [0, 2]]);
  });

  it("are handed on at once when one is larger than a chunk", () => {
    const held = new WaitingMessages();
    expect([held.add(message(7, 2 * chunkBytes)), held.take(7).length, held.partitions]).toEqual([7, 1, []]);
  });
});
