import { describe, expect, it, vi } from "vitest";
import type { Alert } from "../../alert/alert";
import type { KafkaMessage } from "../client/record";
import type { Message } from "../read/consume";
import { JobBooks } from "./books";
import { chunkBytes } from "./chunk";
import type { Decider } from "./decide";
import { decideOnly, dryChunk, WaitingMessages } from "./dry-run";

const { topic } = vi.hoisted(() => ({ topic: { messages: [] as Message[], read: 0 } }));
vi.mock("../read/consume", () => ({
  consume: async function* () {
    for (const message of topic.messages) {
      topic.read++;
      yield message;
    }
  },
}));

/** Messages of several partitions in turn; of their values only the length. */
const inTurn = (count: number, partitions: number, bytes: number): Message[] =>
  Array.from({ length: count }, (_, n) => ({
    partition: n % partitions,
    offset: BigInt(Math.floor(n / partitions)),
    message: { key: null, value: { length: bytes } } as KafkaMessage,
  }));

async function run(messages: Message[], partitions: number, limit = Number.POSITIVE_INFINITY) {
  Object.assign(topic, { messages, read: 0 });
  const books = new JobBooks([{ name: "f", topic: "f", accepts: () => true }], () => {});
  const offsets: bigint[][] = Array.from({ length: partitions }, () => []);
  let decided = 0;
  let mostHeld = 0;
  const decide = async (chunk: Message[]) => {
    mostHeld = Math.max(mostHeld, topic.read - decided);
    decided += chunk.length;
    for (const { partition, offset } of chunk) offsets[partition]!.push(offset);
    const outcome = { selected: [], rejected: chunk.length, capped: 0, letters: [] };
    const alerts = chunk as unknown as Alert[];
    const rest = {
      alerts,
      slow: new Map(),
      unanswered: new Set(),
      pending: new Set(),
      undecodable: [],
      ms: [0],
      looked: [chunk.length],
      leaving: [],
      release: () => {},
    };
    return { read: chunk.length, outcomes: [outcome], ...rest };
  };
  const all = (n: bigint) => new Map(Array.from({ length: partitions }, (_, partition) => [partition, n] as const));
  const extent = { first: all(0n), next: all(1_000_000n) };
  const filters = [{ name: "f", topic: "f", accepts: () => true }];
  let handedOn = 0;
  await decideOnly("in", extent, { decide } as unknown as Decider, books, {
    limit,
    prepare: undefined,
    onChunk: () => {},
    filters,
    onDecided: (alerts, answered) => {
      handedOn += alerts.length;
      expect([...answered]).toEqual(["f"]);
    },
  });
  const { read, balanced } = books.report({
    topic: "in",
    deadTopic: "in.dead",
    group: "g",
    interrupted: false,
    reachedEnd: true,
  });
  expect(handedOn).toBe(read); // whoever wants to look at the alerts need not read the topic again
  return { read, balanced, mostHeld, offsets };
}

describe("a dry run", () => {
  it("holds no more than a chunk's bytes, however many partitions and however large the messages", async () => {
    const bytes = 100_000;
    const { read, balanced, mostHeld, offsets } = await run(inTurn(2000, 16, bytes), 16);
    expect([read, balanced]).toEqual([2000, true]);
    expect(mostHeld).toBeLessThanOrEqual(Math.ceil(chunkBytes / bytes));
    for (const seen of offsets) expect(seen).toEqual(Array.from({ length: 125 }, (_, n) => BigInt(n)));
  });

  it("decides what it holds when the topic or the limit is reached", async () => {
    expect(await run(inTurn(700, 2, 10), 2)).toMatchObject({ read: 700, balanced: true, mostHeld: 700 });
    expect(await run(inTurn(700, 2, 10), 2, 5)).toMatchObject({ read: 5, balanced: true, mostHeld: 5 });
  });
});

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
