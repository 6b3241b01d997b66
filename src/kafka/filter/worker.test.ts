import { EventEmitter } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Kafka, Message } from "../client/types";
import { JobBooks } from "./books";
import type { Decider } from "./decide";
import type { WorkerOptions } from "./plan";
import type { Producer } from "./transaction";
import { FilterWorker } from "./worker";

const { broker } = vi.hoisted(() => ({
  broker: { client: {} as Kafka, messages: 0, open: async (): Promise<Producer> => ({}) as Producer },
}));
vi.mock("../client/connection", async (original) => ({
  ...(await original<typeof import("../client/connection")>()),
  kafkaClient: () => broker.client,
  withAdmin: async () => undefined,
}));
vi.mock("../client/transactional-producer", () => ({ TransactionalProducer: { open: () => broker.open() } }));
vi.mock("../client/partition-reader", () => ({
  /** One partition, in batches of 500; then waits to be stopped. */
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
      for (let at = Number(this.starts.get(0)); at < broker.messages && !signal.aborted; ) {
        const end = Math.min(at + 500, broker.messages);
        const messages: Message[] = [];
        for (; at < end; at++) messages.push({ partition: 0, offset: BigInt(at), message: { value: null } } as never);
        yield { partition: 0, messages, next: BigInt(at), isCurrent: () => true };
      }
      if (!signal.aborted) await stopped;
    }
  },
}));

/** What becomes of the first commit: its answer is lost on the way back, it never arrives, or nothing answers any more. */
type Fault = "answer" | "request" | "silence" | undefined;

/** A broker with one partition. */
function fakeKafka(count: number, fault: Fault): { client: Kafka; open: () => Promise<Producer> } {
  let committed = { offset: "-1", metadata: "" };
  let commits = 0;
  const open = async (): Promise<Producer> => {
    let pending = committed;
    return {
      write: async (_, { offset, metadata }) => {
        pending = { offset: String(offset), metadata };
      },
      abort: async () => {},
      close: () => {},
      commit: async () => {
        const lost = ++commits === 1 && fault !== undefined;
        if (lost && fault === "silence") await new Promise(() => {});
        if (!lost || fault === "answer") committed = pending;
        if (lost) throw Object.assign(new Error("Closed connection"), { name: "KafkaJSConnectionError" });
      },
    };
  };
  const nothing = async () => {};
  const admin = () => ({
    connect: nothing,
    disconnect: nothing,
    fetchTopicMetadata: async () => ({ topics: [{ name: "out", partitions: [{}] }] }),
    fetchOffsets: async () => [{ partitions: [{ partition: 0, ...committed }] }],
    fetchTopicOffsets: async () => [{ partition: 0, low: "0", high: String(count) }],
  });
  const consumer = () => {
    const events = new EventEmitter();
    return {
      events: { CRASH: "crash", GROUP_JOIN: "join", REBALANCING: "rebalancing" },
      on: (name: string, listener: () => void) => events.on(name, listener),
      connect: nothing,
      subscribe: nothing,
      pause: () => {},
      run: async () => void events.emit("join", { payload: { memberAssignment: { in: [0] } } }),
      disconnect: nothing,
    };
  };
  return { client: { admin, consumer } as unknown as Kafka, open };
}

let stop: AbortController;
beforeEach(() => {
  stop = new AbortController();
});
afterEach(() => stop.abort()); // a worker that hangs

async function work(count: number, options: Partial<WorkerOptions>, fault?: Fault) {
  Object.assign(broker, fakeKafka(count, fault));
  broker.messages = count;
  const filters = [{ name: "out", topic: "out", accepts: () => true }];
  const books = new JobBooks(filters, 20, () => {});
  const decide = async ({ length }: Message[]) => ({
    read: length,
    alerts: [],
    unanswered: new Set(),
    pending: new Set(),
    undecodable: [],
    outcomes: [{ selected: [], rejected: length, capped: 0, letters: [] }],
    ms: [0],
    looked: [length],
    leaving: [],
    release: () => {},
  });
  const extent = { first: new Map([[0, 0n]]), next: new Map([[0, BigInt(count)]]) };
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
