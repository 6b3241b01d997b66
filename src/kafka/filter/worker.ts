import { kafkaClient } from "../client/connection";
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from "../client/types";
import type { Message } from "../consume";
import { pause } from "../pace";
import type { Positions } from "../positions";
import type { JobBooks } from "./books";
import { chunkBytes, chunkOf } from "./chunk";
import type { Decider } from "./decide";
import { deliveriesOf } from "./deliveries";
import { GroupPlaces } from "./group-places";
import { LeftBehind } from "./left";
import { mayPass } from "./may-pass";
import { TransactionPool } from "./transaction-pool";
import type { WorkerOptions } from "./worker-options";

/** The broker's own minimum: a worker that died is replaced after so long. */
const sessionMs = 6000;
const heartbeatMs = 1500;
const checkMs = 250;
/** Without a message for so long, the broker is asked whether there is anything left to read. */
const quietMs = 1000;
const restartsAllowed = 30;

/** One member of a filter job's group: reads its share of the partitions, decides, and commits with the output. */
export class FilterWorker {
  private readonly client: Kafka;
  private readonly pool: TransactionPool;
  private readonly stopping = new AbortController();
  private readonly left: LeftBehind;
  private positions: Positions = new Map();
  private assigned: readonly number[] = [];
  private readonly places: GroupPlaces;
  private readonly outputs: readonly string[];
  private outPartitions: ReadonlyMap<string, number> = new Map();
  /** Partitions in which a filter that is resumed was not left behind when they were looked at: not fetched until it is. */
  private readonly notYetOurs = new Set<number>();
  /** When the last message came; not running while the group is still forming. */
  private lastNews = Number.POSITIVE_INFINITY;
  private reserved = 0;
  private finished = 0;
  private fruitless = 0;

  constructor(
    private readonly options: WorkerOptions,
    private readonly decider: Decider,
    private readonly books: JobBooks,
  ) {
    this.client = kafkaClient(options, true);
    const { group, topic, deadTopic, filters, resumes } = options;
    this.outputs = [...filters.map((filter) => filter.topic), deadTopic];
    this.left = new LeftBehind(topic, group, filters);
    this.pool = new TransactionPool(this.client, group, topic, async (admin, partition) => {
      if (filters.length > 1 && !resumes) await this.left.refresh(admin, partition);
    });
    this.places = new GroupPlaces(options, this.pool);
  }

  /** Works until the end its options set. An error of Kafka that may pass starts it again at the committed offsets. */
  async run(): Promise<void> {
    const stop = () => this.stopping.abort();
    const { signal } = this.options;
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted) stop();
    try {
      await this.pool.connect(this.outputs);
      for (;;) {
        try {
          await this.session();
          return await this.pool.settle();
        } catch (error) {
          if (!mayPass(error) || ++this.fruitless > restartsAllowed) throw error;
          this.books.restarts++;
          await this.pool.giveUp();
          if (!(await pause(Math.min(100 * this.fruitless, 2000), this.stopping.signal))) return;
        }
      }
    } finally {
      signal?.removeEventListener("abort", stop);
      await this.pool.disconnect();
    }
  }

  private async session(): Promise<void> {
    this.outPartitions = await this.pool.look(this.outputs);
    await this.places.survey();
    const consumer = this.client.consumer({
      groupId: this.options.group,
      sessionTimeout: sessionMs,
      heartbeatInterval: heartbeatMs,
      rebalanceTimeout: 2 * sessionMs,
      maxBytesPerPartition: chunkBytes,
      maxBytes: 4 * chunkBytes,
      maxWaitTimeInMs: 250,
      retry: { initialRetryTime: 200, maxRetryTime: 2000, retries: 12 },
    });
    const crashed = new Promise<never>((_, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        if (!payload.restart) reject(payload.error);
      });
    });
    crashed.catch(() => {}); // it may come while nobody waits for it yet
    let over = false;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      this.assigned = payload.memberAssignment[this.options.topic] ?? [];
      this.positions = new Map();
      this.begin(consumer);
      this.lastNews = performance.now();
      void this.pool.giveUp(); // others may have had them meanwhile: open anew
    });
    consumer.on(consumer.events.REBALANCING, () => {
      this.lastNews = Number.POSITIVE_INFINITY;
    });
    // markers of transactions and aborted records at the end move the position without any message
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { partition, batchSize, lastOffset } }) => {
      if (batchSize === 0) void this.passMarkers(partition, BigInt(lastOffset) + 1n);
    });
    try {
      await consumer.connect();
      await consumer.subscribe({ topic: this.options.topic, fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: Math.max(1, this.options.extent.next.size),
        eachBatch: (payload) => this.work(payload, consumer),
      });
      await Promise.race([crashed, this.untilDone(consumer, () => over)]);
    } finally {
      over = true;
      await consumer.disconnect().catch(() => {}); // waits for the batches in hand
    }
  }

  /** As early as kafkajs says which partitions are ours: before it fetches from them. */
  private begin(consumer: Consumer): void {
    const { topic } = this.options;
    consumer.resume([{ topic, partitions: [...this.notYetOurs] }]);
    this.notYetOurs.clear();
    const { seeks, others } = this.places.join(this.assigned);
    for (const [partition, offset] of seeks) consumer.seek({ topic, partition, offset: String(offset) });
    for (const partition of others) this.putOff(partition, consumer);
  }

  private async work(payload: EachBatchPayload, consumer: Consumer): Promise<void> {
    const { heartbeat } = payload;
    this.lastNews = performance.now();
    await heartbeat(); // a worker that slept hears here that it is no longer a member
    const pulse = setInterval(() => void heartbeat().catch(() => {}), heartbeatMs); // what it hears, the next await says
    try {
      await this.workThrough(payload, consumer);
    } finally {
      clearInterval(pulse);
    }
  }

  private async workThrough(payload: EachBatchPayload, consumer: Consumer): Promise<void> {
    const { batch, heartbeat, resolveOffset, isRunning, isStale } = payload;
    const { partition, messages } = batch;
    const { topic } = this.options;
    if (!(await this.places.isOurs(partition))) {
      return this.putOff(partition, consumer);
    }
    for (let at = 0; at < messages.length; ) {
      if (!isRunning() || isStale() || this.stopping.signal.aborted) return;
      const chunk = this.reserve(messages, at);
      const last = chunk[chunk.length - 1];
      if (!last) return;
      at += chunk.length;
      if (!(await this.prepared(chunk))) return;
      const after = BigInt(at === messages.length ? batch.lastOffset() : last.offset) + 1n;
      const isFirst = chunk[0] === messages[0];
      const elsewhere = await this.transact(partition, chunk, isFirst, after, heartbeat);
      if (elsewhere !== undefined) {
        consumer.seek({ topic, partition, offset: String(elsewhere) });
        return;
      }
      this.fruitless = 0;
      this.positions.set(partition, after);
      this.lastNews = performance.now();
      this.options.onChunk();
      resolveOffset(last.offset);
      await heartbeat();
    }
  }

  /** Before the transaction is opened, since a registry may take its time. */
  private async prepared(chunk: readonly KafkaMessage[]): Promise<boolean> {
    const { prepare } = this.options;
    if (!prepare) return true;
    for (const message of chunk) {
      if (await prepare(message)) continue;
      this.reserved -= chunk.length;
      return false;
    }
    return true;
  }

  /** The next messages for one transaction; fewer or none when the limit is near. */
  private reserve(messages: readonly KafkaMessage[], at: number): KafkaMessage[] {
    const chunk = chunkOf(messages, at, this.options.limit - this.reserved);
    this.reserved += chunk.length;
    return chunk;
  }

  private async transact(
    partition: number,
    chunk: readonly KafkaMessage[],
    isFirst: boolean,
    after: bigint,
    heartbeat: () => Promise<void>,
  ): Promise<bigint | undefined> {
    let isDecided = false;
    try {
      const elsewhere = await this.pool.of(partition).run(BigInt(chunk[0]!.offset), async (next) => {
        if (isFirst) await this.places.noteJump(partition, next, BigInt(chunk[0]!.offset));
        const messages = chunk.map((message): Message => ({ partition, offset: BigInt(message.offset), message }));
        const absent = this.left.in(partition);
        const decided = await this.decider.decide(messages, absent, heartbeat);
        this.books.begin(partition, decided);
        isDecided = true;
        const undone = () => {
          this.books.undo(partition, decided);
          decided.release();
          this.reserved -= chunk.length;
        };
        for (const n of absent) this.books.leaveBehind(n, "it was before, or by another worker");
        for (const { filter, why } of decided.leaving) this.books.leaveBehind(filter, why);
        const done = () => {
          this.books.done(partition, decided);
          this.finished += chunk.length;
          for (const { filter } of decided.leaving) this.left.add(partition, filter);
        };
        const offset = messages[0]!.offset;
        const destinations = { ...this.options, outPartitions: this.outPartitions };
        const leaving = decided.leaving.map(({ filter }) => ({ group: this.left.groupOf(filter), offset }));
        return { deliveries: deliveriesOf(decided, partition, destinations), after, leaving, done, undone };
      });
      if (elsewhere !== undefined) this.reserved -= chunk.length;
      return elsewhere;
    } catch (error) {
      if (!isDecided) this.reserved -= chunk.length;
      throw error;
    }
  }

  private async passMarkers(partition: number, after: bigint): Promise<void> {
    try {
      if (!(await this.places.isOurs(partition))) return;
      const elsewhere = await this.pool.of(partition).run(after - 1n, async (next) => {
        await this.places.noteJump(partition, next, after - 1n);
        return { deliveries: [], after };
      });
      if (elsewhere === undefined) this.positions.set(partition, after);
    } catch {
      // the next batch of the partition will say what is wrong, if something is
    }
  }

  /** The job may leave the filter behind in further partitions while it is resumed. */
  private async takeUp(consumer: Consumer): Promise<void> {
    if (this.notYetOurs.size === 0) return;
    const { topic } = this.options;
    for (const [partition, offset] of await this.places.startsOf(this.notYetOurs)) {
      this.notYetOurs.delete(partition);
      consumer.seek({ topic, partition, offset: String(offset) });
      consumer.resume([{ topic, partitions: [partition] }]);
    }
  }

  private putOff(partition: number, consumer: Consumer): void {
    this.notYetOurs.add(partition);
    consumer.pause([{ topic: this.options.topic, partitions: [partition] }]);
  }

  private async untilDone(consumer: Consumer, isOver: () => boolean): Promise<void> {
    const { until, idleSeconds, limit } = this.options;
    while ((await pause(checkMs, this.stopping.signal)) && !isOver()) {
      await this.takeUp(consumer);
      // nothing more is read: what had no answer is found out here, and ends the job or makes room
      if (this.reserved >= limit) await this.pool.clear();
      if (this.finished >= limit) return;
      if (until === "idle" && performance.now() - this.lastNews > idleSeconds * 1000) return;
      if (until === "caught-up" && (await this.isCaughtUp())) return;
    }
  }

  /** True when the whole group has reached the ends, so that the partitions of a member that died are taken over. */
  private async isCaughtUp(): Promise<boolean> {
    const { next } = this.options.extent;
    const isQuiet = performance.now() - this.lastNews > quietMs;
    const isBefore = (p: number) => this.positions.has(p) && this.positions.get(p)! < (next.get(p) ?? 0n);
    if (!isQuiet && this.assigned.some(isBefore)) return false; // without asking the broker
    return this.places.areThrough(isQuiet);
  }
}
