import { describe, expect, it } from "vitest";
import type { KafkaMessage, Message } from "../client/record";
import { chunkBytes, chunkOf, MessageLimit, PartitionWork } from "./chunk";

const messages = (count: number, bytes: number, more: object = {}): Message[] =>
  Array.from({ length: count }, (_, n) => ({
    partition: 0,
    offset: BigInt(n),
    message: { offset: String(n), value: { length: bytes }, ...more } as KafkaMessage,
  }));
const span = (chunk: readonly Message[]) => [chunk[0]?.offset, chunk.length];

describe("chunkOf", () => {
  it("takes a thousand messages at most, then the rest", () => {
    const all = messages(1500, 10);
    expect([0, 1000, 1500].map((at) => span(chunkOf(all, at, 1e9)))).toEqual([
      [0n, 1000],
      [1000n, 500],
      [undefined, 0],
    ]);
  });

  it("ends after the message that fills it, and takes one that is larger than a chunk", () => {
    expect(span(chunkOf(messages(10, chunkBytes / 4), 2, 1e9))).toEqual([2n, 4]);
    expect(span(chunkOf(messages(10, chunkBytes * 2), 2, 1e9))).toEqual([2n, 1]);
  });

  it("takes no more than is wanted, and counts a message without a value as empty", () => {
    expect([3, 0].map((room) => span(chunkOf(messages(10, 10), 0, room)))).toEqual([
      [0n, 3],
      [undefined, 0],
    ]);
    const empty = messages(5, 0, { value: null });
    expect(span(chunkOf(empty, 0, 1e9))).toEqual([0n, 5]);
  });

  it("counts keys and headers as well: Fink's key is a schema of 25 kB", () => {
    const keyed = messages(1000, 5000, { key: { length: 25_000 } });
    const [, count] = span(chunkOf(keyed, 0, 1e9));
    expect(count).toBeGreaterThan(250);
    expect(count).toBeLessThanOrEqual(Math.ceil(chunkBytes / 30_000));
    const headers = { origin: { length: chunkBytes } as Buffer };
    const described = messages(3, 10, { headers });
    expect(span(chunkOf(described, 0, 1e9))).toEqual([0n, 1]);
  });
});

it("a limit counts what is done, and what is under way as long as it may be", () => {
  const limit = new MessageLimit(10);
  const first = limit.take(6);
  const second = limit.take(4);
  expect([limit.room, limit.isReached]).toEqual([0, false]);
  first.done();
  second.keep(1); // the others were not needed
  expect([limit.room, limit.isReached]).toEqual([3, false]);
  second.giveBack();
  expect([limit.room, limit.isReached]).toEqual([4, false]);
  limit.take(4).done();
  expect([limit.room, limit.isReached, new MessageLimit(Number.POSITIVE_INFINITY).room]).toEqual([
    0,
    true,
    Number.POSITIVE_INFINITY,
  ]);
});

describe("PartitionWork", () => {
  /** Work that is done when it is told. */
  function working() {
    const done: { span: unknown[]; finish: () => void }[] = [];
    const work = new PartitionWork(
      (_, portion) =>
        new Promise<void>((finish) => done.push({ span: [...span(portion.messages), portion.next], finish })),
    );
    return { work, done };
  }
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it("works on a partition's batches in order, all that wait together", async () => {
    const { work, done } = working();
    const all = messages(6, 10);
    const isCurrent = () => true;
    for (const at of [0, 2, 4]) await work.add(0, { messages: all.slice(at, at + 2), next: BigInt(at + 2), isCurrent });
    await work.add(1, { messages: all.slice(0, 1), next: 1n, isCurrent });
    expect(done.map((one) => one.span)).toEqual([
      [0n, 2, 2n],
      [0n, 1, 1n],
    ]);
    done[0]!.finish();
    await turn();
    expect(done[2]!.span).toEqual([2n, 4, 6n]);
    const idle = work.idle();
    for (const one of done) one.finish();
    await idle;
  });

  it("drops what waits of a partition that was given up when it comes again", async () => {
    const { work, done } = working();
    const all = messages(6, 10);
    let isCurrent = true;
    for (const at of [0, 2])
      await work.add(0, { messages: all.slice(at, at + 2), next: BigInt(at + 2), isCurrent: () => isCurrent });
    isCurrent = false;
    await work.add(0, { messages: all.slice(1, 3), next: 3n, isCurrent: () => true });
    done[0]!.finish();
    await turn();
    expect(done.map((one) => one.span)).toEqual([
      [0n, 2, 2n],
      [1n, 2, 3n],
    ]);
  });

  it("lets nothing more come while a chunk of the partition waits", async () => {
    const { work, done } = working();
    const isCurrent = () => true;
    const add = (at: number) => work.add(0, { messages: messages(1, chunkBytes), next: BigInt(at), isCurrent });
    await add(1);
    let isTaken = false;
    const second = add(2).then(() => {
      isTaken = true;
    });
    await turn();
    expect(isTaken).toBe(false);
    done[0]!.finish();
    await second;
    done[1]!.finish();
    await work.idle();
  });
});
