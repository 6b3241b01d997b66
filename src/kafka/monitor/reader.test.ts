import { EventEmitter } from "node:events";
import { Kafka } from "kafkajs";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { KafkaMessage } from "../client/types";
import { MonitorReader } from "./reader";

afterEach(() => vi.restoreAllMocks());

const topic = "watched";
const held = (next: number, first = 0) =>
  new Map([[topic, { first: new Map([[0, BigInt(first)]]), next: new Map([[0, BigInt(next)]]) }]]);

/** A reader at the end of a topic of 125 messages, whose consumer hands out what it is told to. */
async function reading(onMessage: (message: KafkaMessage) => Promise<void> | void = () => {}) {
  const emitter = new EventEmitter();
  const seeks: string[] = [];
  let pending = false;
  let eachBatch: ((payload: object) => Promise<void>) | undefined;
  const join = () => emitter.emit("j", {});
  const consumer = {
    events: { CRASH: "c", GROUP_JOIN: "j", FETCH_START: "s" },
    on: (name: string, listener: (event: object) => void) => void emitter.on(name, listener),
    connect: async () => {},
    subscribe: async () => {},
    seek: ({ offset }: { offset: string }) => {
      seeks.push(offset);
      pending = true;
    },
    run: async (options: { eachBatch: typeof eachBatch }) => {
      eachBatch = options.eachBatch;
      join();
    },
    disconnect: async () => {},
  };
  vi.spyOn(Kafka.prototype, "consumer").mockReturnValue(consumer as never);
  const nothing = { connect: async () => {}, disconnect: async () => {}, deleteGroups: async () => [] };
  vi.spyOn(Kafka.prototype, "admin").mockReturnValue(nothing as never);
  const seen: string[] = [];
  const reader = new MonitorReader({ bootstrap: "127.0.0.1:1" }, async (_, message) => {
    seen.push(message.offset);
    await onMessage(message);
  });
  /** Fetches: the seeks that were asked for are done by then. */
  const give = (first: number, last: number, highWatermark = last + 1) => {
    pending = false;
    return eachBatch!({
      batch: {
        topic,
        partition: 0,
        highWatermark: String(highWatermark),
        messages: Array.from({ length: last - first + 1 }, (_, i) => ({ offset: String(first + i) })),
        lastOffset: () => String(last),
      },
      resolveOffset: () => {},
      heartbeat: async () => {},
      isRunning: () => true,
      isStale: () => pending,
    });
  };
  reader.follow(held(125));
  await vi.waitFor(() => expect(eachBatch).toBeDefined());
  expect(seeks.splice(0)).toEqual(["125"]);
  return { reader, give, seeks, seen, join };
}

describe("a monitor whose topic is made anew", () => {
  it("seeks to the beginning of the new one", async () => {
    const { reader, give, seeks, seen, join } = await reading();
    await give(125, 129);
    reader.follow(held(130));
    expect(seeks).toEqual([]);
    reader.follow(held(10));
    expect(seeks).toEqual(["0"]);
    await give(0, 9);
    expect(seen).toEqual(["125", "126", "127", "128", "129", ..."0123456789"]);
    reader.follow(held(12));
    join();
    expect(seeks).toEqual(["0", "10"]); // once, and on from there
    await reader.close();
  });

  it("does not count what is still in hand of the old one as read of the new one", async () => {
    let letGo = () => {};
    const gate = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const { reader, give, seeks, seen, join } = await reading(() => gate);
    const inHand = give(125, 129);
    reader.follow(held(10));
    letGo();
    await inHand;
    expect(seen).toEqual(["125"]);
    join();
    expect(seeks).toEqual(["0", "0"]);
    await reader.close();
  });

  it("seeks to its beginning when kafkajs has gone elsewhere by itself, and reads nothing twice", async () => {
    const { reader, give, seeks, seen } = await reading();
    await give(50, 52); // the newest, where it goes from an offset that is out of range
    expect([seeks, seen]).toEqual([["0"], []]);
    await give(0, 52);
    reader.follow(held(53));
    expect([seeks.length, seen.length]).toEqual([1, 53]);
    await reader.close();
  });

  it("goes on at the oldest when messages expire before they were read", async () => {
    const { reader, give, seeks, seen } = await reading();
    reader.follow(held(300, 200));
    await give(200, 299);
    expect([seeks, seen.length]).toEqual([[], 100]);
    await reader.close();
  });
});
