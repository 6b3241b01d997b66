import { EventEmitter } from "node:events";
import type { EachBatchPayload, Kafka, KafkaMessage } from "kafkajs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { JobBooks } from "./books";
import type { Decider } from "./decide";
import { FilterWorker } from "./worker";
import type { WorkerOptions } from "./worker-options";

const { broker } = vi.hoisted(() => ({ broker: { client: {} as Kafka } }));
vi.mock("../client/connection", async (original) => ({
  ...(await original<typeof import("../client/connection")>()),
  kafkaClient: () => broker.client,
}));

/** What becomes of the first commit: its answer is lost on the way back, or it never arrives. */
type Fault = "answer" | "request" | undefined;

/** A broker with one partition, and a consumer that hands out what is not resolved, as kafkajs does. */
function fakeKafka(count: number, fault: Fault): Kafka {
  const messages = Array.from({ length: count }, (_, n) => ({ offset: String(n), value: Buffer.from("x") }));
  let committed = { offset: "-1", metadata: "" };
  let commits = 0;
  const transaction = async () => {
    let pending = committed;
    return {
      sendBatch: async () => [],
      sendOffsets: async ({ topics }: { topics: { partitions: (typeof committed)[] }[] }) => {
        pending = topics[0]!.partitions[0]!;
      },
      abort: async () => {},
      commit: async () => {
        const lost = ++commits === 1 && fault !== undefined;
        if (!lost || fault === "answer") committed = pending;
        if (lost) throw Object.assign(new Error("Closed connection"), { name: "KafkaJSConnectionError" });
      },
    };
  };
  const nothing = async () => {};
  const admin = () => ({
    connect: nothing,
    disconnect: nothing,
    listGroups: async () => ({ groups: [] }),
    fetchTopicMetadata: async () => ({ topics: [{ name: "out", partitions: [{ replicas: [1] }] }] }),
    fetchOffsets: async () => [{ partitions: [{ partition: 0, ...committed }] }],
    fetchTopicOffsets: async () => [{ partition: 0, low: "0", high: String(count) }],
  });
  const consumer = () => {
    const events = new EventEmitter();
    let isRunning = true;
    let at = Math.max(0, Number(committed.offset));
    let loop = Promise.resolve();
    const fetchAll = async (eachBatch: (payload: EachBatchPayload) => Promise<void>) => {
      while (isRunning) {
        await new Promise((resolve) => setImmediate(resolve));
        const fetched = messages.slice(at) as unknown as KafkaMessage[];
        if (fetched.length === 0) continue;
        const batch = { topic: "in", partition: 0, messages: fetched, lastOffset: () => fetched.at(-1)!.offset };
        const resolveOffset = (offset: string) => {
          at = Number(offset) + 1;
        };
        const payload = { batch, heartbeat: nothing, resolveOffset, isRunning: () => isRunning, isStale: () => false };
        await eachBatch(payload as unknown as EachBatchPayload).catch((error) => {
          isRunning = false;
          events.emit("crash", { payload: { error, restart: false } });
        });
      }
    };
    return {
      events: { CRASH: "crash", GROUP_JOIN: "join", REBALANCING: "rebalancing", END_BATCH_PROCESS: "end" },
      on: (name: string, listener: () => void) => events.on(name, listener),
      connect: nothing,
      subscribe: nothing,
      pause: () => {},
      resume: () => {},
      seek: ({ offset }: { offset: string }) => {
        at = Number(offset);
      },
      run: async ({ eachBatch }: { eachBatch: (payload: EachBatchPayload) => Promise<void> }) => {
        events.emit("join", { payload: { memberAssignment: { in: [0] } } });
        loop = fetchAll(eachBatch);
      },
      disconnect: async () => {
        isRunning = false;
        await loop;
      },
    };
  };
  const producer = () => ({ connect: nothing, disconnect: nothing, transaction });
  return { admin, consumer, producer } as unknown as Kafka;
}

let stop: AbortController;
beforeEach(() => {
  stop = new AbortController();
});
afterEach(() => stop.abort()); // a worker that hangs

async function work(count: number, options: Partial<WorkerOptions>, fault?: Fault) {
  broker.client = fakeKafka(count, fault);
  const filters = [{ name: "out", topic: "out", accepts: () => true }];
  const books = new JobBooks(filters, 20, () => {});
  const decide = async ({ length }: KafkaMessage[]) => ({
    read: length,
    alerts: [],
    unanswered: new Set(),
    undecodable: [],
    outcomes: [{ selected: [], rejected: length, capped: 0, letters: [], places: [] }],
    ms: [0],
    looked: [length],
    leaving: [],
    release: () => {},
  });
  const extent = { first: new Map([[0, 0n]]), next: new Map([[0, BigInt(count)]]) };
  const about = { topic: "in", deadTopic: "in.dead", group: "g" };
  const rest = { resumes: false, idleSeconds: 10, onChunk: () => {}, warn: () => {}, signal: stop.signal };
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
  const { read, balanced, restarts } = books.report({ ...about, interrupted: false });
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
