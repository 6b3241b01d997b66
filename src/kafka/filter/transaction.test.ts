import type { Kafka } from "kafkajs";
import { describe, expect, it } from "vitest";
import { Progress } from "./progress";
import { PartitionTransactions } from "./transaction";

interface Request {
  topicMessages: { topic: string; messages: { partition: number }[] }[];
}
type Answer = { topicName: string; partition: number }[];

/** The only filter of the job has come so far. */
const at = (offset: bigint) => Progress.of(-1n, null).after({ filters: ["f"], done: ["f"], after: offset, first: 0n });

const whole = ({ topicMessages }: Request): Answer =>
  topicMessages.flatMap(({ topic, messages }) =>
    [...new Set(messages.map(({ partition }) => partition))].map((partition) => ({ topicName: topic, partition })),
  );

/** The group's offset at the broker, and a client that moves it; `said` is what it was asked to do. */
function broker(answer = whole) {
  const now = { committed: Progress.of(-1n, null) };
  const said: string[] = [];
  const transaction = async () => {
    let pending: Progress | undefined;
    return {
      sendBatch: async (request: Request) => answer(request),
      sendOffsets: async ({ topics }: { topics: { partitions: { offset: string; metadata: string }[] }[] }) => {
        const { offset, metadata } = topics[0]!.partitions[0]!;
        pending = Progress.of(BigInt(offset), metadata);
      },
      commit: async () => {
        said.push(`commit ${pending!.offset}`);
        now.committed = pending!;
      },
      abort: async () => void (pending && said.push("abort")),
    };
  };
  const connect = async () => void said.push("open");
  const client = { producer: () => ({ connect, disconnect: async () => {}, transaction }) } as unknown as Kafka;
  const transactions = new PartitionTransactions(client, "g", "in", 0, ["f"], async () => now.committed, true);
  return { now, said, transactions };
}

const deliveries = [{ topic: "out", messages: [{ key: null, value: Buffer.from("x"), headers: {}, partition: 5 }] }];

describe("a transaction", () => {
  it("is not committed when a partition has not confirmed what was sent there", async () => {
    let known = false;
    const { transactions, said, now } = broker((request) => (known ? whole(request) : []));
    const books: string[] = [];
    const prepared = (n: number) => async () => ({
      deliveries,
      progress: at(10n),
      done: () => void books.push(`${n} done`),
      undone: () => void books.push(`${n} undone`),
    });
    await expect(transactions.run(0n, prepared(1))).rejects.toThrow("Expected out/5 to confirm");
    expect([said, now.committed.offset, books]).toEqual([["open"], -1n, ["1 undone"]]);
    known = true;
    expect(await transactions.run(0n, prepared(2))).toBeUndefined();
    expect([said, books]).toEqual([
      ["open", "open", "commit 10"],
      ["1 undone", "2 done"],
    ]);
  });

  it("is given back when its batch was done, and says where to go on", async () => {
    const { transactions, said } = broker();
    await transactions.run(0n, async () => ({ deliveries, progress: at(125n) }));
    expect(await transactions.run(0n, () => Promise.reject(new Error("done twice")))).toBe(125n);
    expect(said).toEqual(["open", "commit 125"]);
  });

  it.each([
    ["forgotten, since the topic was deleted and recreated", -1n],
    ["at the first message, where kafkajs has put it then", -2n],
  ])("begins anew when the group's offset is %s", async (_, offset) => {
    const { transactions, said, now } = broker();
    await transactions.run(0n, async () => ({ deliveries, progress: at(125n) }));
    now.committed = Progress.of(offset, null);
    const places: bigint[] = [];
    const again = (after: bigint) => async (progress: Progress) => {
      places.push(progress.start(["f"]));
      return { deliveries, progress: at(after) };
    };
    expect(await transactions.run(0n, again(40n))).toBeUndefined();
    expect(await transactions.run(40n, again(50n))).toBeUndefined();
    expect([places, said]).toEqual([
      [offset, 40n],
      ["open", "commit 125", "open", "commit 40", "commit 50"],
    ]);
  });

  it("is given back when the offset was lower only because a marker was still to be written", async () => {
    const now: { committed: Progress; pending?: Progress } = { committed: Progress.of(-1n, null) };
    const transaction = async () => ({
      sendBatch: whole,
      sendOffsets: async () => {},
      commit: async () => void (now.pending = at(125n)),
      // the transactional id is given out once the markers are written
      abort: async () => void (now.committed = now.pending ?? now.committed),
    });
    const producer = () => ({ connect: async () => {}, disconnect: async () => {}, transaction });
    const client = { producer } as unknown as Kafka;
    const transactions = new PartitionTransactions(client, "g", "in", 0, ["f"], async () => now.committed, true);
    await transactions.run(0n, async () => ({ deliveries, progress: at(125n) }));
    expect(now.committed.offset).toBe(-1n);
    expect(await transactions.run(0n, () => Promise.reject(new Error("done twice")))).toBe(125n);
  });
});
