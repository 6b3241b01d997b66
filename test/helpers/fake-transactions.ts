import { expect } from "vitest";
import type { BrokerConnection } from "../../src/kafka/client/broker-connection";
import { WireReader, WireWriter } from "../../src/kafka/client/wire";

/** What becomes of a request. */
export type Fate = "answered" | "refused" | "lost" | "done, then lost";
const codes = { absent: 3, moved: 6, notCoordinator: 16, order: 45, duplicate: 46, epoch: 47, state: 48, busy: 51 };
const lost = () => Object.assign(new Error("closed"), { name: "KafkaJSConnectionError" });

/**
 * Two brokers by the rules of KIP-98. Each request meets a fate; a produce request that is refused finds the leader elsewhere
 * the next time.
 */
export class FakeKafka {
  /** What readers of committed messages see, by topic and partition. */
  readonly seen = new Map<string, string[]>();
  offset = "";
  requests = 0;
  absent = "";
  /** Left out of answers. */
  forgotten = "";
  private leader = 1;
  private epoch = -1;
  private open = new Map<string, string[]>();
  private openOffset: string | undefined;
  private wasCommit: boolean | undefined;
  private batches = new Map<string, { first: number; next: number }>();

  constructor(private readonly fate: () => Fate = () => "answered") {}

  /** As the cluster says it; known to a producer that has asked. */
  metadata() {
    const partitions = new Map([0, 1].map((partition) => [partition, { leader: this.leader }]));
    return { topics: new Map(["a", "b"].map((topic) => [topic, { partitions }])) };
  }

  connect(node: number): BrokerConnection {
    let isBroken = false;
    let order: Promise<unknown> = Promise.resolve();
    const meet = (refuse: () => Promise<Buffer>, work: () => Promise<Buffer>): Promise<WireReader> => {
      const answer = order.then(async () => {
        this.requests++;
        const fate = isBroken ? "lost" : this.fate();
        if (fate === "refused") return new WireReader(await refuse());
        const done = fate === "lost" ? undefined : await work();
        if (done && fate === "answered") return new WireReader(done);
        isBroken = true;
        throw lost();
      });
      order = answer.catch(() => {});
      return answer;
    };
    const request = (key: number, _: number, __: boolean, body: Buffer) => {
      const ask = async (code?: number) => this.coordinate(key, new WireReader(body), code);
      return meet(
        () => ask(key === 28 ? codes.notCoordinator : codes.busy),
        () => ask(),
      );
    };
    const exchange = (bytes: Buffer) => {
      const copy = Buffer.from(bytes); // as the socket would take it
      const refuse = () => {
        this.leader = 3 - node;
        return this.produce(copy, codes.moved);
      };
      return meet(refuse, () => this.produce(copy, node === this.leader ? 0 : codes.moved));
    };
    const close = () => {
      isBroken = true;
    };
    const version = (_: number, versions: number[]) => versions[0];
    return {
      version,
      request,
      exchange,
      close,
      get isOpen() {
        return !isBroken;
      },
    } as never;
  }

  private coordinate(key: number, question: WireReader, refused = 0): Buffer {
    expect(question.string(false)).toBe("id");
    const answer = new WireWriter().int32(0);
    if (key === 22) {
      question.int32();
      if (refused === 0) this.init();
      return answer.int16(refused).int64(7n).int16(this.epoch).end();
    }
    const group = key === 28 ? question.string(false) : "";
    question.int64();
    const isOwner = question.int16() === this.epoch;
    const code = refused || (isOwner ? 0 : codes.epoch);
    if (key === 25) return answer.int16(this.begin(code)).end();
    if (key === 26) return answer.int16(this.end(code, question.int8() === 1)).end();
    const topics = question.array(false, () => ({
      topic: question.string(false)!,
      parts: question.array(false, () => ({ partition: question.int32(), rest: key === 28 && this.read(question) })),
    }));
    if (key === 28 && code === 0) this.openOffset = `${group} ${JSON.stringify(topics)}`;
    return answer
      .array(false, topics, ({ topic, parts }) => {
        const here = topic === this.absent ? codes.absent : this.begin(code);
        answer.string(topic, false).array(false, parts, ({ partition }) => {
          answer.int32(partition).int16(here);
          if (here === 0 && key === 24 && !this.open.has(`${topic}/${partition}`)) {
            this.open.set(`${topic}/${partition}`, []);
          }
        });
      })
      .end();
  }

  private read(question: WireReader): string {
    const offset = question.int64();
    question.int32();
    return `${offset} ${question.string(false)}`;
  }

  private init(): void {
    this.epoch++;
    this.open.clear();
    this.openOffset = this.wasCommit = undefined;
    this.batches.clear();
  }

  private begin(code: number): number {
    if (code === 0) this.wasCommit = undefined;
    return code;
  }

  private end(code: number, isCommit: boolean): number {
    if (code !== 0) return code;
    if (this.wasCommit !== undefined) return this.wasCommit === isCommit ? 0 : codes.state; // asked once more
    this.wasCommit = isCommit;
    if (isCommit) {
      for (const [place, values] of this.open) this.seen.set(place, [...(this.seen.get(place) ?? []), ...values]);
      this.offset = this.openOffset ?? this.offset;
    }
    this.open.clear();
    return 0;
  }

  private async produce(request: Buffer, refused: number): Promise<Buffer> {
    const Decoder = require("kafkajs/src/protocol/decoder");
    const recordBatch = require("kafkajs/src/protocol/recordBatch/v0/decoder");
    const question = new WireReader(request, 12);
    question.string(false); // client
    expect([question.string(false), question.int16()]).toEqual(["id", -1]);
    question.int32();
    const topics = question.array(false, () => ({
      topic: question.string(false)!,
      parts: question.array(false, () => [question.int32(), question.view(question.int32())] as const),
    }));
    expect(question.at).toBe(request.length);
    const answer = new WireWriter().int32(topics.length);
    for (const { topic, parts } of topics) {
      const answered = parts.filter(([partition]) => `${topic}/${partition}` !== this.forgotten);
      answer.string(topic, false).int32(answered.length);
      for (const [partition, bytes] of answered) {
        const batch = await recordBatch(new Decoder(bytes));
        expect(batch.inTransaction).toBe(true);
        const values = batch.records.map(({ value }: { value: Buffer }) => value.toString().trim());
        const code = refused || this.store(`${topic}/${partition}`, batch.producerEpoch, batch.firstSequence, values);
        answer.int32(partition).int16(code).raw(Buffer.alloc(24));
      }
    }
    return answer.int32(0).end();
  }

  private store(place: string, epoch: number, first: number, values: string[]): number {
    if (epoch !== this.epoch) return codes.epoch;
    const last = this.batches.get(place);
    if (last?.first === first) return codes.duplicate;
    if (first !== (last?.next ?? 0)) return codes.order;
    const there = this.open.get(place);
    if (!there) return codes.state;
    there.push(...values);
    this.batches.set(place, { first, next: first + values.length });
    return 0;
  }
}
