import { say } from "../terminal";
import { type ConnectionOptions, kafkaClient, kafkaError, withAdmin } from "./client/connection";
import { sizeOf } from "./client/message-size";
import { topicId } from "./client/topic-id";
import type { Consumer, EachBatchPayload, Message } from "./client/types";
import { groupName } from "./group-name";
import { pause } from "./pace";
import type { Positions } from "./positions";
import { Queue } from "./queue";
import { readMessages } from "./read-messages";
import { Reading } from "./reading";
import { SameTopic } from "./same-topic";

export type { Message } from "./client/types";

/** One that was taken for the reader, from the topic as it was then. */
interface Taken extends Message {
  readonly era: number;
}

export interface ConsumeOptions extends ConnectionOptions {
  /** Consumer group whose offsets are read and committed. Without one nothing is committed. */
  group?: string | undefined;
  /** Where to begin in each partition; a named group begins where it stopped last. */
  starts: Positions;
  /** Where a named group without committed offsets begins: at the oldest message (default) or the next one. */
  fromBeginning?: boolean | undefined;
  /** Stop when every assigned partition has reached this offset; null reads on. */
  ends: Positions | null;
  /** Stop when nothing new came for so long. */
  idleSeconds?: number | undefined;
  signal?: AbortSignal | undefined;
  /** A member that is not heard of for so long, because it is busy or asleep, gives its partitions to others. Default 30. */
  sessionSeconds?: number | undefined;
  /** False when the reader left while it still worked on the last message: that one is then not committed. */
  settled?: (() => boolean) | undefined;
}

/** Fetch sizes for alerts of 70 to 300 kB: kafkajs's 1 MB per partition is a dozen of them. Measured: 5 times faster. */
const bytesPerPartition = 8_000_000;
const bytesPerFetch = 32_000_000;
/** Messages in hand before fetching stops: bounds the memory while a reader thinks. */
const queuedBytes = 64_000_000;
const heartbeatMs = 2000;
/** A reader that is killed has so much to read again, and Kafka a small message to keep. */
const commitMs = 5000;
/** How long the end of an iteration waits for a group that is forming anew, to commit. */
const rejoinMs = 5000;
const askMs = 500;

/**
 * Reads a topic's messages, partition by partition in order. For a named group, what the reader has finished with is
 * committed every five seconds and when the iteration ends – a message counts as finished when the next one is asked for.
 * Each message is delivered once to this reader; a group as a whole reads at least once: when a member is killed, or so
 * busy that its partitions go to another, what it had not committed is read again there.
 *
 * A topic that is deleted and made anew is read on from its beginning, unless there are ends to stop at: those are gone.
 *
 * @throws the errors of {@link kafkaError}
 */
export async function* consume(topic: string, options: ConsumeOptions): AsyncGenerator<Message> {
  const { group } = options;
  if (options.signal?.aborted) return; // its event has passed, and would be waited for in vain
  if (group === undefined) {
    yield* readMessages(topic, options);
    return;
  }
  const intake = new Intake(topic, groupName(group, "", options), options);
  const { queue, reading } = intake;
  const stop = () => queue.end();
  options.signal?.addEventListener("abort", stop, { once: true });
  let last: Taken | undefined;
  try {
    await intake.start();
    while (!reading.isDone) {
      const next = await queue.next(options.idleSeconds === undefined ? undefined : options.idleSeconds * 1000);
      if (!next) break;
      last = next;
      yield next;
      // control returns here when the reader asks for more: it is done with this one
      reading.finish(last.partition, last.offset, last.era);
      intake.commitNowAndThen();
    }
  } catch (error) {
    throw await kafkaError(error, options, { topic, group });
  } finally {
    options.signal?.removeEventListener("abort", stop);
    queue.end();
    if (last && options.settled?.()) reading.finish(last.partition, last.offset, last.era);
    await intake.stop();
  }
}

/** The consumer behind an iteration: fetches into the queue, keeps its membership, commits. */
class Intake {
  readonly queue = new Queue<Taken>(queuedBytes, ({ message }) => sizeOf(message));
  readonly reading: Reading;
  private readonly consumer: Consumer;
  /** Only for those who read on and on: it costs a connection of its own for a moment. */
  private readonly same: SameTopic | undefined;
  private committedAt = performance.now();
  private committing: Promise<void> | undefined;
  /** Kafka does not know this member any more, as a commit heard; kafkajs joins again when a batch fails with it. */
  private expelled: unknown;

  constructor(
    private readonly topic: string,
    private readonly groupId: string,
    private readonly options: ConsumeOptions,
  ) {
    this.reading = new Reading(options.starts, options.ends, true);
    if (options.ends === null && options.idleSeconds === undefined) {
      this.same = new SameTopic(
        () => topicId(topic, options),
        () => this.renew(),
      );
    }
    this.consumer = kafkaClient(options, true).consumer({
      groupId,
      sessionTimeout: (options.sessionSeconds ?? 30) * 1000,
      maxBytesPerPartition: bytesPerPartition,
      maxBytes: bytesPerFetch,
      maxWaitTimeInMs: 250,
      // a failed consumer restarts by itself only for errors that pass; the others end the iteration
      retry: { initialRetryTime: 200, retries: 12 },
    });
  }

  async start(): Promise<void> {
    const { consumer, topic, queue, reading, same } = this;
    void same?.settled();
    same?.watch(consumer);
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) queue.fail(payload.error);
    });
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => this.joined(payload.memberAssignment[topic] ?? []));
    // nothing but markers of transactions and aborted records: they move the position without any message
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { batchSize, partition, lastOffset } }) => {
      if (batchSize === 0) this.passWhenRead(partition, lastOffset, reading.generation);
    });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: this.options.fromBeginning ?? true });
    await consumer.run({
      autoCommit: false,
      partitionsConsumedConcurrently: this.options.starts.size || 1,
      eachBatchAutoResolve: false,
      eachBatch: (payload) => this.take(payload),
    });
  }

  private joined(partitions: readonly number[]): void {
    const { consumer, topic, queue, reading } = this;
    this.expelled = undefined;
    for (const [partition, offset] of reading.join(partitions)) {
      consumer.seek({ topic, partition, offset: String(offset) });
    }
    queue.keep(({ partition }) => reading.has(partition));
    if (reading.isDone) queue.end();
    else if (this.options.ends) void this.askHowFar();
  }

  /** The topic was made anew, or a broker failed that alone had its end: goes on at its beginning. */
  private renew(): void {
    const { consumer, topic, queue, reading } = this;
    say(`${topic}: was made anew since it was read, or lost its end; going on at its beginning`);
    for (const [partition, offset] of reading.renew()) consumer.seek({ topic, partition, offset: String(offset) });
    if (reading.isDone) queue.end();
  }

  /**
   * What another member has read to its end, before this one came or while it was away, gives no message that would say
   * so. Asked again and again: the other one may commit only now.
   */
  private async askHowFar(): Promise<void> {
    const { topic, groupId, queue, reading } = this;
    const { generation } = reading;
    for (;;) {
      await pause(askMs); // as a rule messages have come by then
      if (queue.ended || generation !== reading.generation || reading.untouched.length === 0) return;
      const ask = withAdmin(this.options, (admin) => admin.fetchOffsets({ groupId, topics: [topic] }));
      const [answer] = await ask.catch(() => []); // busy: asked again
      for (const { partition, offset } of answer?.partitions ?? []) {
        if (reading.untouched.includes(partition)) reading.pass(partition, BigInt(offset));
      }
      if (reading.isDone) queue.end();
    }
  }

  private async take({ batch, resolveOffset, heartbeat, isRunning, isStale }: EachBatchPayload): Promise<void> {
    const { queue, reading, same } = this;
    const { partition } = batch;
    const { generation, era } = reading;
    const isOver = () => !isRunning() || isStale() || queue.ended || generation !== reading.generation;
    // kafkajs goes back, or on from the newest, when the topic does not reach to where it was
    if (reading.isBefore(partition, BigInt(batch.firstOffset() ?? 0))) same?.doubt();
    await same?.settled();
    if (isOver()) return;
    if (reading.isBefore(partition, BigInt(batch.highWatermark))) return this.renew();
    for (const message of batch.messages) {
      if (this.expelled) throw this.expelled;
      if (isOver()) return;
      // while the queue is full the member stays in its group by heartbeats
      while (!(await queue.room(heartbeatMs))) {
        if (isOver()) return;
        await heartbeat();
      }
      if (isOver()) return; // it may have waited
      const offset = BigInt(message.offset);
      if (reading.take(partition, offset)) queue.push({ partition, offset, message, era });
      resolveOffset(message.offset);
    }
    this.passWhenRead(partition, batch.lastOffset(), generation); // it may end with markers or aborted records
    await heartbeat();
  }

  private passWhenRead(partition: number, lastOffset: string, generation: number): void {
    const { queue, reading } = this;
    queue.whenEmpty(() => {
      if (generation === reading.generation) reading.pass(partition, BigInt(lastOffset) + 1n);
      if (reading.isDone) queue.end();
    });
  }

  /** Commits in the background, when it is time to. */
  commitNowAndThen(): void {
    if (this.committing || performance.now() - this.committedAt < commitMs) return;
    this.committing = this.commit()
      .catch((error) => {
        if (/UNKNOWN_MEMBER_ID|ILLEGAL_GENERATION/.test(typeOf(error))) this.expelled = causeOf(error);
      }) // the next one will do it, or the last one say it
      .finally(() => {
        this.committing = undefined;
        this.committedAt = performance.now();
      });
  }

  private async commit(): Promise<void> {
    const { topic } = this;
    const offsets = [...this.reading.toCommit].map(([partition, offset]) => ({
      topic,
      partition,
      offset: `${offset}`,
    }));
    if (offsets.length > 0) await this.consumer.commitOffsets(offsets);
  }

  async stop(): Promise<void> {
    await this.committing;
    await this.same?.quiet();
    await this.commitAtLast(this.groupId);
    await this.consumer.disconnect().catch(() => {}); // nothing is under way
  }

  /** The reader has its messages; that the group could not be told is no reason to throw, but has to be said. */
  private async commitAtLast(group: string): Promise<void> {
    for (let tries = 1; ; tries++) {
      const { generation } = this.reading;
      try {
        return await this.commit();
      } catch (error) {
        if (/UNKNOWN_MEMBER_ID|ILLEGAL_GENERATION/.test(typeOf(error))) this.expelled = causeOf(error);
        const isForming = /REBALANCE|UNKNOWN_MEMBER_ID|ILLEGAL_GENERATION/.test(typeOf(error));
        if (tries < 3 && isForming && (await this.rejoined(generation))) continue;
        const { message } = error as Error;
        say(`${this.topic}: group "${group}" may read its last alerts again: ${message}`);
        return;
      }
    }
  }

  private async rejoined(generation: number): Promise<boolean> {
    for (const end = performance.now() + rejoinMs; performance.now() < end; ) {
      if (this.reading.generation > generation) return true;
      await pause(50);
    }
    return false;
  }
}

/** kafkajs wraps an error that it does not try again. */
const causeOf = (error: unknown): unknown => (error as { cause?: unknown }).cause ?? error;
const typeOf = (error: unknown): string =>
  String((error as { type?: string }).type ?? (causeOf(error) as { type?: string }).type ?? "");
