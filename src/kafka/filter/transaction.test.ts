import { KafkaJSConnectionError, KafkaJSNonRetriableError, KafkaJSProtocolError } from "kafkajs";
import { describe, expect, it } from "vitest";
import { usageError } from "../../errors";
import type { GroupOffset } from "../client/producer-requests";
import { Progress } from "./progress";
import { mayPass, PartitionTransactions, type Producer } from "./transaction";

/** The only filter of the job has come so far. */
const at = (offset: bigint) => Progress.of(-1n, null).after({ filters: ["f"], done: ["f"], after: offset, first: 0n });

/** The group's offset at the broker, and producers that move it; `said` is what they were asked to do. */
function broker({ fails = (): boolean => false, committed = Progress.of(-1n, null) } = {}) {
  const now: { committed: Progress; pending?: Progress | undefined } = { committed };
  const said: string[] = [];
  const open = async (id: string): Promise<Producer> => {
    said.push("open");
    expect(id).toBe("g-in-0");
    return {
      write: async (_, { offset, metadata }: GroupOffset) => {
        if (fails()) throw new Error("not stored");
        now.pending = Progress.of(offset, metadata);
      },
      commit: async () => {
        said.push(`commit ${now.pending!.offset}`);
        now.committed = now.pending!;
      },
      abort: async () => void said.push("abort"),
      close: () => {},
    };
  };
  const place = { group: "g", topic: "in", partition: 0, filters: ["f"], committed: async () => now.committed };
  return { now, said, open, place, transactions: new PartitionTransactions({ ...place, open }) };
}

const deliveries = [{ topic: "out", partition: 5, messages: [{ key: null, value: Buffer.from("x"), headers: {} }] }];

describe("a transaction", () => {
  it("is aborted when not all of it was stored, and done again by a producer that is opened anew", async () => {
    let isBroken = true;
    const { transactions, said, now } = broker({ fails: () => isBroken });
    const books: string[] = [];
    const prepared = (n: number) => async () => ({
      deliveries,
      progress: at(10n),
      done: () => void books.push(`${n} done`),
      undone: () => void books.push(`${n} undone`),
    });
    await expect(transactions.run(0n, prepared(1))).rejects.toThrow("not stored");
    expect([said, now.committed.offset, books]).toEqual([["open", "abort"], -1n, ["1 undone"]]);
    isBroken = false;
    expect(await transactions.run(0n, prepared(2))).toBeUndefined();
    expect([said, books]).toEqual([
      ["open", "abort", "open", "commit 10"],
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
    const { now, place, open: opened } = broker();
    const open = async (id: string): Promise<Producer> => {
      now.committed = now.pending ?? now.committed; // the transactional id is given out once the markers are written
      return { ...(await opened(id)), commit: async () => {} };
    };
    const transactions = new PartitionTransactions({ ...place, open });
    await transactions.run(0n, async () => ({ deliveries, progress: at(125n) }));
    expect(now.committed.offset).toBe(-1n);
    expect(await transactions.run(0n, () => Promise.reject(new Error("done twice")))).toBe(125n);
  });
});

const protocol = (type: string) => new KafkaJSProtocolError({ name: "", type, code: 1, message: type } as never);
const wrapped = (cause: Error) => Object.assign(new KafkaJSNonRetriableError(cause), { cause });

const socketError = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
const answerLost = () =>
  Object.assign(new Error("lost", { cause: wrapped(socketError) }), { name: "KafkaJSAnswerLost", retriable: false });

describe("an error of a filter job", () => {
  it.each([
    ["a connection that broke", new KafkaJSConnectionError("closed"), true],
    ["an answer that was lost with its connection", answerLost(), true],
    ["a rebalance", protocol("REBALANCE_IN_PROGRESS"), true],
    ["a fenced producer, wrapped", wrapped(protocol("INVALID_PRODUCER_EPOCH")), true],
    ["a topic that is there no more", protocol("UNKNOWN_TOPIC_OR_PARTITION"), true],
    ["a right that is missing", protocol("GROUP_AUTHORIZATION_FAILED"), false],
    ["the same, wrapped", wrapped(protocol("TOPIC_AUTHORIZATION_FAILED")), false],
    ["a mistake of the program, wrapped", wrapped(new TypeError("x is not a function")), false],
    ["a mistake of the user", usageError("this", "that"), false],
    ["another library's error", new Error("disk full"), false],
  ])("%s", (_, error, passes) => {
    expect(mayPass(error)).toBe(passes);
  });
});
