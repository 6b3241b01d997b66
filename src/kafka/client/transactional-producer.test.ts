import { describe, expect, it, vi } from "vitest";
import { FakeKafka, type Fate } from "../../../test/helpers/fake-transactions";
import type { BrokerConnection } from "./broker-connection";
import type { Connection } from "./connection-settings";
import type { Delivery } from "./produce-request";
import { TransactionalProducer } from "./transactional-producer";

const { current } = vi.hoisted(() => ({ current: {} as { kafka: FakeKafka } }));
vi.mock("./group-requests", () => ({ findCoordinator: async () => ({ host: "h", port: 2 }) }));
vi.mock("./cluster", () => ({
  /** Keeps its connections until they break. */
  Cluster: class {
    private readonly open = new Map<number, BrokerConnection>();
    any = () => this.node(1);
    at = ({ port }: { port: number }) => this.node(port);
    metadata = async () => current.kafka.metadata();
    async node(node: number): Promise<BrokerConnection> {
      const known = this.open.get(node);
      const broker = known?.isOpen ? known : current.kafka.connect(node);
      this.open.set(node, broker);
      return broker;
    }
    close() {
      for (const broker of this.open.values()) broker.close();
    }
  },
}));

function fakeKafka(fate?: () => Fate): FakeKafka {
  current.kafka = new FakeKafka(fate);
  return current.kafka;
}
const open = (signal?: AbortSignal) => TransactionalProducer.open({} as Connection, "id", signal);

/** A repeatable source of numbers between 0 and 1 (the generator of Numerical Recipes). */
const randomFrom = (seed: number) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};

let made = 0;
/** For two topics of two partitions; the messages of the first are more than a request holds. */
const some = (): Delivery[] =>
  ["a/0", "a/1", "b/0", "b/1"].map((place, n) => ({
    topic: place[0]!,
    partition: Number(place[2]),
    messages: Array.from({ length: n === 0 ? 5 : 2 }, () => ({
      key: null,
      value: Buffer.from(`${made++}`.padEnd(n === 0 ? 1_200_000 : 10)),
    })),
  }));
const offset = (at: bigint) => ({ group: "g", topic: "in", partition: 3, offset: at, metadata: `at ${at}` });
const valuesOf = (deliveries: readonly Delivery[], place: string) =>
  deliveries
    .filter(({ topic, partition }) => `${topic}/${partition}` === place)
    .flatMap(({ messages }) => messages.map(({ value }) => String(value).trim()));

describe("a transactional producer", () => {
  it.each([1, 2, 3, 4, 5, 6])(
    "has each message seen once and in order, with the offset, whatever breaks (seed %i)",
    { timeout: 60_000 },
    async (seed) => {
      const random = randomFrom(seed);
      const fates = ["refused", "lost", "done, then lost"] as const;
      const kafka = fakeKafka(() => (random() < 0.9 ? "answered" : fates[Math.floor(random() * 3)]!));
      let producer = await open();
      const sent: Delivery[] = [];
      for (let n = 1n; n <= 6n; ) {
        const deliveries = some();
        let isKnown = false;
        try {
          await producer.write(deliveries, offset(n));
          expect(kafka.offset).not.toContain(`at ${n}`);
          await producer.commit();
          isKnown = true;
        } catch {
          producer.close();
          producer = await open();
        }
        // as a worker finds it out: by the offset, once the id is its own
        const isThere = kafka.offset.includes(`"rest":"${n} at ${n}"`);
        expect(isThere || !isKnown).toBe(true);
        if (isThere) sent.push(...deliveries);
        if (isThere) n++;
      }
      for (const place of ["a/0", "a/1", "b/0", "b/1"]) expect(kafka.seen.get(place)).toEqual(valuesOf(sent, place));
      producer.close();
    },
  );

  it("commits an offset without messages, and nothing that is aborted", async () => {
    const kafka = fakeKafka();
    const producer = await open();
    await producer.write(some(), offset(1n));
    await producer.abort();
    await producer.write([], offset(2n));
    await producer.commit();
    expect([kafka.seen.size, kafka.offset]).toEqual([0, expect.stringContaining("2 at 2")]);
  });

  it("tries nothing again that another owner of the id has taken away", async () => {
    const kafka = fakeKafka();
    const producer = await open();
    await open();
    const before = kafka.requests;
    await expect(producer.write(some(), offset(1n))).rejects.toMatchObject({ type: "INVALID_PRODUCER_EPOCH" });
    expect(kafka.requests - before).toBeLessThanOrEqual(2);
  });

  it("asks a coordinator nothing again whose answer is lost, since the request may be late", async () => {
    const fates: Fate[] = [];
    const kafka = fakeKafka(() => fates.shift() ?? "answered");
    const producer = await open();
    fates.push("answered", "answered", "done, then lost");
    await producer.write([], offset(1n));
    const before = kafka.requests;
    await expect(producer.commit()).rejects.toMatchObject({ name: "KafkaJSAnswerLost" });
    expect([kafka.requests - before, kafka.offset]).toEqual([1, expect.stringContaining("1 at 1")]);
  });

  it("says at once that a topic is there no more", async () => {
    const kafka = fakeKafka();
    const producer = await open();
    kafka.absent = "b";
    const failed = producer.write(some(), offset(1n));
    await expect(failed).rejects.toMatchObject({ type: "UNKNOWN_TOPIC_OR_PARTITION", retriable: false });
  });

  it("takes no answer that leaves out a partition", async () => {
    const kafka = fakeKafka();
    const producer = await open();
    kafka.forgotten = "a/1";
    const failed = producer.write(some().slice(1), offset(1n));
    await expect(failed).rejects.toMatchObject({ code: "KAFKA_REFUSED", message: expect.stringContaining("a[1]") });
  });

  it("ends at a signal whatever it waits for", async () => {
    const stop = new AbortController();
    let isBusy = false;
    const kafka = fakeKafka(() => (isBusy ? "refused" : "answered"));
    const producer = await open(stop.signal);
    isBusy = true;
    const writing = producer.write(some(), offset(1n));
    const before = kafka.requests;
    await vi.waitUntil(() => kafka.requests > before + 4);
    stop.abort();
    await expect(writing).rejects.toMatchObject({ type: "CONCURRENT_TRANSACTIONS" });
  });
});
