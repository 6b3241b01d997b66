import { describe, expect, it } from "vitest";
import type { BrokerConnection } from "./broker-connection";
import { PartitionSender } from "./partition-sender";
import { protocolError } from "./protocol-error";
import type { OutgoingRecord } from "./record";
import { WireReader, WireWriter } from "./wire";

const target = { topic: "out", partition: 2 };
const producer = { id: 7n, epoch: 0 };
const impatient = { patienceMs: 2000, firstPauseMs: 1, maxPauseMs: 2 };
const codes = { none: 0, notLeader: 6, timedOut: 7, outOfOrder: 45, duplicate: 46 };

/** A repeatable source of numbers between 0 and 1 (the generator of Numerical Recipes). */
const randomFrom = (seed: number) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};

interface Produced {
  firstSequence: number;
  values: string[];
}

/** What is in a request, by kafkajs's reader of record batches. */
async function produced(request: Buffer): Promise<Produced> {
  const Decoder = require("kafkajs/src/protocol/decoder");
  const recordBatch = require("kafkajs/src/protocol/recordBatch/v0/decoder");
  const reader = new WireReader(request, 12);
  reader.string(false); // client
  reader.string(false); // transactional id
  reader.view(2 + 4 + 4); // acks, time-out, topics
  expect(reader.string(false)).toBe(target.topic);
  reader.int32();
  expect(reader.int32()).toBe(target.partition);
  const { firstSequence, records } = await recordBatch(new Decoder(reader.view(reader.int32())));
  return { firstSequence: Number(firstSequence), values: records.map(({ value }: { value: Buffer }) => String(value)) };
}

const answerOf = (code: number, partition = target.partition) =>
  new WireReader(
    new WireWriter()
      .array(false, [0], () => {})
      .string(target.topic, false)
      .int32(1)
      .int32(partition)
      .int16(code)
      .raw(Buffer.alloc(24))
      .int32(0)
      .end(),
  );

/**
 * A leader as Kafka's rules have it: it takes only the next batch of a producer, knows the last five again, and says so of any
 * other. `fate` decides what happens to a request: stored and answered, an error before storing, or a connection that breaks
 * before or after storing.
 */
class Leader {
  readonly stored: string[] = [];
  private readonly batches: number[] = [];
  private next = 0;
  connections = 0;

  constructor(private readonly fate: () => "stored" | "refused" | "lost" | "stored, then lost") {}

  readonly connect = async (): Promise<BrokerConnection> => {
    this.connections++;
    let isBroken = false;
    let order: Promise<unknown> = Promise.resolve();
    const exchange = (request: Buffer) => {
      const copy = Buffer.from(request); // as the socket would take it
      const answer = order.then(async () => {
        const lost = () => Object.assign(new Error("closed"), { name: "KafkaJSConnectionError" });
        if (isBroken) throw lost();
        const fate = this.fate();
        if (fate === "refused") return answerOf(codes.notLeader);
        if (fate !== "lost") {
          const code = this.store(await produced(copy));
          if (fate === "stored") return answerOf(code);
        }
        isBroken = true;
        throw lost();
      });
      order = answer.catch(() => {});
      return answer;
    };
    const close = () => {
      isBroken = true;
    };
    return { exchange, close } as never;
  };

  private store({ firstSequence, values }: Produced): number {
    if (this.batches.slice(-5).includes(firstSequence)) return codes.duplicate;
    if (firstSequence !== this.next) return codes.outOfOrder;
    this.stored.push(...values);
    this.batches.push(firstSequence);
    this.next += values.length;
    return codes.none;
  }
}

const messages = (count: number) => Array.from({ length: count }, (_, n) => `${n}`.padEnd(250_000 + (n % 7) * 60_000));
const record = (value: string): OutgoingRecord => ({ key: null, value: Buffer.from(value), timestampMs: 0 });

describe("a sender to one partition", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "stores each message once and in order, whatever breaks (seed %i)",
    async (seed) => {
      const random = randomFrom(seed);
      const fates = ["stored", "stored", "stored", "stored", "refused", "lost", "stored, then lost"] as const;
      const leader = new Leader(() => fates[Math.floor(random() * fates.length)]!);
      const sender = new PartitionSender(target, producer, leader.connect, impatient);
      const sent = messages(60);
      let known = 0;
      for (const part of [sent.slice(0, 7), sent.slice(7, 8), sent.slice(8)]) {
        await sender.send(part, record, (count) => {
          known += count;
        });
      }
      expect(leader.stored).toEqual(sent);
      expect(known).toBe(60);
      expect(leader.connections).toBeGreaterThan(1);
    },
  );

  it("counts what was acknowledged and gives up after the patience without progress, with the last failure", async () => {
    let left = 2;
    const leader = new Leader(() => (left-- > 0 ? "stored" : "refused"));
    const sender = new PartitionSender(target, producer, leader.connect, { ...impatient, patienceMs: 30 });
    let known = 0;
    const sending = sender.send(messages(20), record, (count) => {
      known += count;
    });
    await expect(sending).rejects.toMatchObject({ type: "NOT_LEADER_FOR_PARTITION" });
    expect(known).toBe(leader.stored.length);
  });

  it("does not try again what does not pass", async () => {
    const refuse = { exchange: async () => answerOf(10), close: () => {} };
    let connections = 0;
    const connect = async () => {
      connections++;
      return refuse as never;
    };
    const sending = new PartitionSender(target, producer, connect, impatient).send(messages(1), record, () => {});
    await expect(sending).rejects.toMatchObject({ code: protocolError(10).code });
    expect(connections).toBe(1);
  });

  it("takes no answer for another partition", async () => {
    const other = { exchange: async () => answerOf(0, 3), close: () => {} };
    let known = 0;
    const sending = new PartitionSender(target, producer, async () => other as never, impatient).send(
      messages(1),
      record,
      (count) => {
        known += count;
      },
    );
    await expect(sending).rejects.toMatchObject({ code: "KAFKA_REFUSED", message: /out\[2\]/ });
    expect(known).toBe(0);
  });

  it("ends within moments of a signal although the leader is silent, and counts what it has confirmed", async () => {
    const silent = { exchange: () => new Promise(() => {}), close: () => {} };
    const stop = new AbortController();
    const sender = new PartitionSender(target, producer, async () => silent as never, impatient);
    const sending = sender.send(messages(9), record, () => expect.unreachable(), stop.signal);
    stop.abort();
    await sending;
  });

  it("bounds a batch by all that its messages take", async () => {
    const sizes: number[] = [];
    const leader = new Leader(() => "stored");
    const connect = async () => {
      const connection = await leader.connect();
      const exchange = (request: Buffer) => {
        sizes.push(request.length);
        return connection.exchange(request);
      };
      return { exchange, close: () => {} } as never;
    };
    const headers = { cutout: Buffer.alloc(400_000) };
    const bare = () => ({ key: null, value: Buffer.from("x"), headers, timestampMs: 0 });
    await new PartitionSender(target, producer, connect, impatient).send(messages(5), bare, () => {});
    expect(sizes.length).toBe(3);
    expect(Math.max(...sizes)).toBeLessThan(1_000_000);
  });
});
