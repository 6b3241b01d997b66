import { beforeEach, describe, expect, it, vi } from "vitest";
import type { GroupListener } from "./group-member";
import { GroupReader, type GroupWork } from "./group-reader";
import type { Offsets } from "./partition-reader";

/** What the group says, and what the partition reader is told. */
const { fake } = vi.hoisted(() => ({ fake: { listener: {} as GroupListener, told: [] as unknown[], left: 0 } }));
vi.mock("./group-member", () => ({
  GroupMember: class {
    constructor(_topic: string, _options: object, listener: GroupListener) {
      fake.listener = listener;
    }
    join = async () => {};
    leave = async () => void fake.left++;
    close = () => {};
  },
}));
vi.mock("./partition-reader", () => ({
  PartitionReader: class {
    private end = () => {};
    private readonly ended = new Promise<void>((resolve) => {
      this.end = resolve;
    });
    retain = (partitions: number[]) => void fake.told.push(["retain", ...partitions]);
    assign = (starts: Offsets) => void fake.told.push(["assign", ...starts.keys()]);
    stop = () => this.end();
    async *batches() {
      await this.ended;
      yield* [];
    }
  },
}));

beforeEach(() => Object.assign(fake, { told: [], left: 0 }));

/** Reads until it fails; each question where partitions begin is answered by hand. */
function reading(onRebalance: "keep" | "give-up", settled = () => {}) {
  const answers: { resolve: (starts: Offsets) => void; reject: (error: Error) => void }[] = [];
  const work: GroupWork = {
    starts: () => new Promise((resolve, reject) => answers.push({ resolve, reject })),
    revoked: () => {},
    settle: async () => settled(),
  };
  const options = { bootstrap: "127.0.0.1:1", group: "g", sessionSeconds: 6, partitions: 4, ends: null, onRebalance };
  const reader = new GroupReader("in", options, work);
  const end = reader.batches().next();
  return { reader, answers, end };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));
const from = (...partitions: number[]) => new Map(partitions.map((partition) => [partition, 0n]));

describe("a member whose group rebalances", () => {
  it.each([
    ["keep" as const, []],
    ["give-up" as const, [["retain"]]],
  ])("has its partitions read on or not, as its reader wants it (%s)", async (onRebalance, told) => {
    const { answers } = reading(onRebalance);
    fake.listener.assigned([0, 1]);
    answers[0]!.resolve(from(0, 1));
    await turn();
    expect(fake.told).toEqual([
      ["retain", 0, 1],
      ["assign", 0, 1],
    ]);
    fake.listener.revoked();
    expect(fake.told.slice(2)).toEqual(told);
  });

  it("begins nothing that was asked for before", async () => {
    const { answers } = reading("give-up");
    fake.listener.assigned([0, 1]);
    fake.listener.revoked();
    answers[0]!.resolve(from(0, 1));
    await turn();
    fake.listener.assigned([2]);
    fake.listener.assigned([3]);
    answers[1]!.reject(new Error("the partition is another member's"));
    answers[2]!.resolve(from(3));
    await turn();
    expect(fake.told.filter((one) => (one as string[])[0] === "assign")).toEqual([["assign", 3]]);
  });
});

describe("a reader of a group", () => {
  it("ends with what it could not find out, or with the end of its membership, and leaves after it has settled", async () => {
    const settled = vi.fn(() => expect(fake.left).toBe(0));
    const first = reading("keep", settled);
    fake.listener.assigned([0]);
    first.answers[0]!.reject(new Error("not allowed"));
    await expect(first.end).rejects.toThrow("not allowed");
    expect([settled.mock.calls.length, fake.left]).toEqual([1, 1]);
    const second = reading("keep");
    fake.listener.lost(new Error("fenced"));
    second.reader.fail(new Error("later"));
    await expect(second.end).rejects.toThrow("fenced");
  });
});
