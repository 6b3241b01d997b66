import { EventEmitter } from "node:events";
import { Kafka } from "kafkajs";
import { afterEach, expect, it, vi } from "vitest";
import { consume } from "./consume";

afterEach(() => vi.restoreAllMocks());

const topic = "in";
const partition = 0;

/** A consumer that hands out batches of one message when told to. */
function fakeConsumer() {
  const emitter = new EventEmitter();
  let eachBatch: (payload: object) => Promise<void>;
  const seeks: string[] = [];
  const commits: string[] = [];
  let resolved = -1;
  const consumer = {
    events: { CRASH: "c", GROUP_JOIN: "j", END_BATCH_PROCESS: "e", FETCH: "f", FETCH_START: "s" },
    on: (name: string, listener: (event: object) => void) => void emitter.on(name, listener),
    connect: async () => {},
    subscribe: async () => {},
    seek: ({ offset }: { offset: string }) => void seeks.push(offset),
    commitOffsets: async (offsets: { offset: string }[]) => void commits.push(...offsets.map(({ offset }) => offset)),
    run: async (options: { eachBatch: typeof eachBatch }) => {
      eachBatch = options.eachBatch;
      emitter.emit("j", { payload: { memberAssignment: { [topic]: [partition] } } });
    },
    disconnect: async () => {},
  };
  vi.spyOn(Kafka.prototype, "consumer").mockReturnValue(consumer as never);
  const nothing = { connect: async () => {}, disconnect: async () => {}, deleteGroups: async () => [] };
  vi.spyOn(Kafka.prototype, "admin").mockReturnValue(nothing as never);
  const give = (offsets: number[], highWatermark: number, message: object) =>
    eachBatch({
      batch: {
        partition,
        highWatermark: String(highWatermark),
        messages: offsets.map((offset) => ({
          key: null,
          value: null,
          headers: {},
          ...message,
          offset: String(offset),
        })),
        firstOffset: () => String(offsets[0]),
        lastOffset: () => String(offsets[offsets.length - 1]),
      },
      resolveOffset: (offset: string) => {
        resolved = Number(offset);
      },
      heartbeat: async () => {},
      isRunning: () => true,
      isStale: () => false,
    });
  return { give, seeks, commits, resolved: () => resolved };
}

const bootstrap = "127.0.0.1:1"; // nobody there: what a topic is called inside cannot be asked
const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

it("stops taking when what is waiting fills the memory, also messages without a value", async () => {
  const fake = fakeConsumer();
  const source = consume(topic, {
    bootstrap,
    group: "g",
    starts: new Map([[partition, 0n]]),
    ends: new Map([[partition, 200n]]),
  });
  const first = source.next();
  await vi.waitFor(() => fake.give([0], 200, {}));
  await first;
  void fake.give(range(1, 199), 200, { key: Buffer.alloc(1_000_000) });
  // 64 MB of keys are in hand, and nobody asks for them
  await vi.waitFor(() => expect(fake.resolved()).toBeGreaterThan(50));
  await new Promise((resolve) => setImmediate(resolve));
  expect(fake.resolved()).toBeLessThan(70);
  await source.return(undefined);
});

it("goes on at the beginning of a topic that does not reach to where it was, and says so once", async () => {
  const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const fake = fakeConsumer();
  const source = consume(topic, { bootstrap, group: "g", starts: new Map([[partition, 0n]]), ends: null });
  const first = source.next();
  await vi.waitFor(() => fake.give(range(0, 124), 125, {}));
  const seen = [(await first).value!.offset];
  while (seen.length < 125) seen.push((await source.next()).value!.offset);
  await fake.give(range(0, 9), 10, {}); // what kafkajs gives once it has gone back
  expect(fake.seeks).toEqual(["0"]);
  const more = source.next(); // the last of the old topic is finished
  await fake.give(range(0, 9), 10, {});
  const anew = [(await more).value!.offset];
  while (anew.length < 10) anew.push((await source.next()).value!.offset);
  expect(anew).toEqual(range(0, 9).map(BigInt));
  await source.return(undefined);
  expect(fake.commits).toEqual(["9"]); // of the new topic; the last one was not asked on from
  expect(said.mock.calls.length).toBe(1);
  expect(said.mock.calls[0]![0]).toMatch(/^in: was made anew/);
});
