import type { Kafka } from "kafkajs";
import { describe, expect, it } from "vitest";
import { type Committed, PartitionTransactions } from "./transaction";

interface Request {
  topicMessages: { topic: string; messages: { partition: number }[] }[];
}
type Answer = { topicName: string; partition: number }[];

const whole = ({ topicMessages }: Request): Answer =>
  topicMessages.flatMap(({ topic, messages }) =>
    [...new Set(messages.map(({ partition }) => partition))].map((partition) => ({ topicName: topic, partition })),
  );

/** The group's offset at the broker, and a client that moves it; `said` is what it was asked to do. */
function broker(answer = whole) {
  const at: { committed: Committed } = { committed: { offset: -1n, marks: [] } };
  const said: string[] = [];
  const transaction = async () => {
    let pending: Committed | undefined;
    return {
      sendBatch: async (request: Request) => answer(request),
      sendOffsets: async ({ topics }: { topics: { partitions: { offset: string; metadata: string }[] }[] }) => {
        const { offset, metadata } = topics[0]!.partitions[0]!;
        pending = { offset: BigInt(offset), marks: metadata.split(" ") };
      },
      commit: async () => {
        said.push(`commit ${pending!.offset}`);
        at.committed = pending!;
      },
      abort: async () => void (pending && said.push("abort")),
    };
  };
  const connect = async () => void said.push("open");
  const client = { producer: () => ({ connect, disconnect: async () => {}, transaction }) } as unknown as Kafka;
  return { at, said, transactions: new PartitionTransactions(client, "g", "in", 0, async () => at.committed, true) };
}

const deliveries = [{ topic: "out", messages: [{ key: null, value: Buffer.from("x"), headers: {}, partition: 5 }] }];

describe("a transaction", () => {
  it("is not committed when a partition has not confirmed what was sent there", async () => {
    let known = false;
    const { transactions, said, at } = broker((request) => (known ? whole(request) : []));
    const books: string[] = [];
    const prepared = (n: number) => async () => ({
      deliveries,
      after: 10n,
      done: () => void books.push(`${n} done`),
      undone: () => void books.push(`${n} undone`),
    });
    await expect(transactions.run(0n, prepared(1))).rejects.toThrow("Expected out/5 to confirm");
    expect([said, at.committed.offset, books]).toEqual([["open"], -1n, ["1 undone"]]);
    known = true;
    expect(await transactions.run(0n, prepared(2))).toBeUndefined();
    expect([said, books]).toEqual([
      ["open", "open", "commit 10"],
      ["1 undone", "2 done"],
    ]);
  });

  it("is given back when its batch was done, and says where to go on", async () => {
    const { transactions, said } = broker();
    await transactions.run(0n, async () => ({ deliveries, after: 125n }));
    expect(await transactions.run(0n, () => Promise.reject(new Error("done twice")))).toBe(125n);
    expect(said).toEqual(["open", "commit 125"]);
  });

  it.each([
    ["forgotten, since the topic was deleted and made anew", -1n],
    ["at the first message, where kafkajs has put it then", -2n],
  ])("begins anew when the group's offset is %s", async (_, offset) => {
    const { transactions, said, at } = broker();
    await transactions.run(0n, async () => ({ deliveries, after: 125n }));
    at.committed = { offset, marks: [] };
    const places: bigint[] = [];
    const again = (after: bigint) => async (next: bigint) => {
      places.push(next);
      return { deliveries, after };
    };
    expect(await transactions.run(0n, again(40n))).toBeUndefined();
    expect(await transactions.run(40n, again(50n))).toBeUndefined();
    expect([places, said]).toEqual([
      [offset, 40n],
      ["open", "commit 125", "open", "commit 40", "commit 50"],
    ]);
  });

  it("is given back when the offset was lower only because a marker was still to be written", async () => {
    const at: { committed: Committed; pending?: Committed } = { committed: { offset: -1n, marks: [] } };
    const transaction = async () => ({
      sendBatch: whole,
      sendOffsets: async () => {},
      commit: async () => void (at.pending = { offset: 125n, marks: [] }),
      // the transactional id is given out once the markers are written
      abort: async () => void (at.committed = at.pending ?? at.committed),
    });
    const producer = () => ({ connect: async () => {}, disconnect: async () => {}, transaction });
    const client = { producer } as unknown as Kafka;
    const transactions = new PartitionTransactions(client, "g", "in", 0, async () => at.committed, true);
    await transactions.run(0n, async () => ({ deliveries, after: 125n }));
    expect(at.committed.offset).toBe(-1n);
    expect(await transactions.run(0n, () => Promise.reject(new Error("done twice")))).toBe(125n);
  });
});
