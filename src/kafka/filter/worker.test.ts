import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { GroupListener } from "../client/group-member";
import type { Committed } from "../client/group-requests";
import type { Message } from "../client/record";
import { JobBooks } from "./books";
import type { Decider } from "./decide";
import type { WorkerOptions } from "./plan";
import type { Producer } from "./transaction";
import { FilterWorker } from "./worker";

const { broker } = vi.hoisted(() => ({
  broker: {
    counts: [] as readonly number[],
    committed: [] as Committed[],
    open: async (_id: string): Promise<Producer> => ({}) as Producer,
    /** Partition, first offset and the offset after the last of each batch, in the order in which they are read. */
    batches: [] as [number, number, number][],
    /** Called when the worker asks for the batch after this one. */
    asked: async (_batch: number): Promise<void> => {},
  },
}));
vi.mock("../client/connection", async (original) => ({
  ...(await original<typeof import("../client/connection")>()),
  withAdmin: async () => undefined,
}));
vi.mock("../client/admin", () => ({
  Admin: class {
    metadata = async (names: string[]) => ({
      topics: new Map(names.map((name) => [name, { error: 0, partitions: new Map([[0, {}]]) }])),
    });
    fetchOffsets = async () => new Map([["in", new Map(broker.committed.entries())]]);
    listOffsets = async () => new Map(broker.counts.map((_, partition) => [partition, 0n]));
    close = () => {};
  },
}));
vi.mock("../client/group-member", () => ({
  GroupMember: class {
    constructor(
      _topic: string,
      _options: object,
      private readonly listener: GroupListener,
    ) {}
    join = async () => this.listener.assigned([...broker.counts.keys()]);
    leave = async () => {};
    close = () => {};
  },
}));
vi.mock("../client/transactional-producer", () => ({
  TransactionalProducer: { open: (_: object, id: string) => broker.open(id) },
}));
vi.mock("../client/partition-reader", () => ({
  /** Gives the batches; then waits to be stopped. */
  PartitionReader: class {
    private readonly over = new AbortController();
    private starts = new Map<number, bigint>();
    private isAssigned = () => {};
    private readonly assigned = new Promise<void>((resolve) => {
      this.isAssigned = resolve;
    });
    constructor(_topic: string, _connection: object, options: { signal: AbortSignal }) {
      options.signal.addEventListener("abort", () => this.stop());
    }
    stop() {
      this.over.abort();
    }
    retain() {}
    assign(starts: Map<number, bigint>) {
      this.starts = starts;
      this.isAssigned();
    }
    async *batches() {
      const { signal } = this.over;
      const stopped = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      await Promise.race([this.assigned, stopped]);
      for (const [n, [partition, from, to]] of broker.batches.entries()) {
        if (signal.aborted) return;
        const first = Math.max(from, Number(this.starts.get(partition)));
        const messages = Array.from({ length: Math.max(0, to - first) }, (_, i) => ({
          ...{ partition, offset: BigInt(first + i) },
          message: { value: null },
        })) as unknown as Message[];
        if (messages.length > 0) yield { partition, messages, next: BigInt(to), isCurrent: () => true };
        await broker.asked(n);
      }
      if (!signal.aborted) await stopped;
    }
  },
}));

const nothingYet: Committed = { offset: -1n, metadata: "" };

/** What becomes of the first commit: its answer is lost on the way back, it never arrives, or nothing answers any more. */
type Fault = "answer" | "request" | "silence" | undefined;

/** A broker whose partitions hold so many messages each. */
function fakeKafka(counts: readonly number[], fault: Fault, committed = counts.map((): Committed => nothingYet)) {
  let commits = 0;
  const open = async (id: string): Promise<Producer> => {
    const partition = Number(id.at(-1));
    let pending = committed[partition]!;
    return {
      write: async (_, { offset, metadata }) => {
        pending = { offset, metadata };
      },
      abort: async () => {},
      close: () => {},
      commit: async () => {
        const lost = ++commits === 1 && fault !== undefined;
        if (lost && fault === "silence") await new Promise(() => {});
        if (!lost || fault === "answer") committed[partition] = pending;
        if (lost) throw Object.assign(new Error("Closed connection"), { name: "KafkaJSConnectionError" });
      },
    };
  };
  return { counts, committed, open };
}

let stop: AbortController;
beforeEach(() => {
  stop = new AbortController();
});
afterEach(() => stop.abort()); // a worker that hangs

async function work(count: number, options: Partial<WorkerOptions>, fault?: Fault) {
  const batches = Array.from({ length: count / 500 }, (_, n): [number, number, number] => [0, 500 * n, 500 * (n + 1)]);
  Object.assign(broker, { ...fakeKafka([count], fault), batches, asked: async () => {} });
  return run([count], options);
}

async function run(counts: readonly number[], options: Partial<WorkerOptions>) {
  const filters = [{ name: "out", topic: "out", accepts: () => true }];
  const books = new JobBooks(filters, () => {});
  const decide = async ({ length }: Message[]) => ({
    read: length,
    alerts: [],
    slow: new Map(),
    unanswered: new Set(),
    pending: new Set(),
    undecodable: [],
    outcomes: [{ selected: [], rejected: length, capped: 0, letters: [] }],
    ms: [0],
    looked: [length],
    leaving: [],
    release: () => {},
  });
  const extent = { first: new Map<number, bigint>(), next: new Map(counts.map((count, n) => [n, BigInt(count)])) };
  const about = { topic: "in", deadTopic: "in.dead", group: "g" };
  const rest = { bootstrap: "127.0.0.1:1", idleSeconds: 10, onChunk: () => {}, warn: () => {}, signal: stop.signal };
  const all: WorkerOptions = {
    ...about,
    ...rest,
    filters,
    extent,
    until: "caught-up",
    limit: Number.POSITIVE_INFINITY,
    ...options,
  };
  await new FilterWorker(all, { decide } as unknown as Decider, books).run();
  const { read, balanced, restarts } = books.report({ ...about, interrupted: false, reachedEnd: true });
  return { read, balanced, restarts };
}

describe("a worker with a limit", () => {
  it.each([
    ["that nothing disturbs", undefined, 0],
    ["whose commit counted although its answer was lost", "answer" as const, 1],
    ["whose commit was lost", "request" as const, 1],
  ])("%s ends when it is reached", { timeout: 10_000 }, async (_, fault, restarts) => {
    expect(await work(2000, { limit: 1000 }, fault)).toEqual({ read: 1000, balanced: true, restarts });
  });

  it("ends when the commit that reached it was the last of the topic", { timeout: 10_000 }, async () => {
    const done = await work(1000, { limit: 1000, until: "forever" }, "answer");
    expect(done).toEqual({ read: 1000, balanced: true, restarts: 1 });
  });
});

describe("a worker that has all that is wanted under way", () => {
  it("goes on where it waits when some of it is given back, and not behind that", { timeout: 10_000 }, async () => {
    const committed: Committed[] = [{ offset: 0n, metadata: "" }, nothingYet];
    const kafka = fakeKafka([500, 1000], undefined, committed);
    let waits = () => {};
    const isWaiting = new Promise<void>((resolve) => {
      waits = resolve;
    });
    const open = async (id: string) => {
      if (id.endsWith("0")) {
        await isWaiting;
        committed[0] = { offset: 500n, metadata: "" }; // another worker was quicker with the first partition
      }
      return kafka.open(id);
    };
    const asked = async (batch: number) => {
      if (batch !== 1) return;
      waits();
      for (let turns = 0; turns < 3; turns++) await new Promise((resolve) => setTimeout(resolve)); // it is given back
    };
    const batches = [
      [0, 0, 500],
      [1, 0, 500],
      [1, 500, 1000],
    ];
    Object.assign(broker, { ...kafka, open, asked, batches });
    const done = await run([500, 1000], { limit: 500, until: "forever" });
    expect(done).toEqual({ read: 500, balanced: true, restarts: 0 });
    expect(committed.map(({ offset }) => offset)).toEqual([500n, 500n]);
  });
});

describe("a worker whose commit was lost", () => {
  it("decides it again, and nothing that came behind it before", { timeout: 10_000 }, async () => {
    expect(await work(2000, {}, "request")).toEqual({ read: 2000, balanced: true, restarts: 1 });
  });
});

describe("a worker that is stopped", () => {
  it("has ended within three seconds when nothing answers, with what it had in hand as pending", {
    timeout: 10_000,
  }, async () => {
    const done = work(2000, { until: "forever" }, "silence");
    setTimeout(() => stop.abort(), 200);
    expect(await done).toMatchObject({ balanced: false, restarts: 0 });
  });
});
