import { type ConnectionOptions, kafkaClient, kafkaError } from "../client/connection";
import type { Consumer, EachBatchPayload, KafkaMessage } from "../client/types";
import { forgetGroup } from "../forget-group";
import { groupName } from "../group-name";
import type { Extent } from "../positions";

/**
 * @param sinceMs since when the reader waits at the topic: what was sent before was not delivered late, it was found
 */
export type OnMessage = (topic: string, message: KafkaMessage, sinceMs: number) => Promise<void> | void;

type Extents = ReadonlyMap<string, Extent>;

/** Where a partition is read on. One that was made anew has another, so that what is read of the old one is not entered. */
interface Place {
  at: bigint;
}

/**
 * Reads topics for the monitor: every message once, from where the topic ended when the reader first heard of it, with
 * none kept and nothing committed. A topic that appears later is read from its beginning.
 *
 * kafkajs reads as a member of a group only. Each start has a group name of its own, because a member that died would
 * keep its successor waiting; the name is removed afterwards.
 */
export class MonitorReader {
  #consumer: Consumer | undefined;
  #group = "";
  #followed = "";
  #isStarting = false;
  #isAlive = false;
  #work: Promise<void> = Promise.resolve();
  #isFirst = true;
  /** Where each partition is read on, and where it ended when the broker was asked last; by "topic/partition". */
  readonly #places = new Map<string, Place>();
  readonly #ends = new Map<string, bigint>();
  #problem: string | undefined;

  constructor(
    private readonly options: ConnectionOptions,
    private readonly onMessage: OnMessage,
  ) {}

  /** Why nothing is read now. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Has these topics read from now on, in the background; begins anew when they are others, or reading broke off. */
  follow(extents: Extents): void {
    this.#place(extents);
    const wanted = [...extents].map(([topic, { next }]) => `${topic}:${next.size}`).join(" ");
    if (this.#isStarting || (this.#isAlive && wanted === this.#followed)) return;
    this.#followed = wanted;
    this.#isStarting = true;
    this.#work = this.#restart([...extents.keys()]).finally(() => {
      this.#isStarting = false;
    });
  }

  /** Stops reading, and removes the group. */
  async close(): Promise<void> {
    await this.#work;
    await this.#stop();
  }

  /** Settles where partitions that are new, or were made anew, are read from; those of topics that are gone are forgotten. */
  #place(extents: Extents): void {
    const kept = new Set<string>();
    for (const [topic, { first, next }] of extents) {
      for (const [partition, end] of next) {
        const key = `${topic}/${partition}`;
        kept.add(key);
        const start = first.get(partition) ?? 0n;
        const place = this.#places.get(key);
        // reading may be ahead of the answer; but an end that went back is that of a topic that was made again. One that
        // is as long again by the next answer, without having been seen to be away, is read on where the old one was.
        const isNew = end < (this.#ends.get(key) ?? 0n);
        if (!place) this.#places.set(key, { at: this.#isFirst ? end : start });
        else if (isNew) this.#renew(key, start);
        else if (place.at < start) place.at = start;
        this.#ends.set(key, end);
      }
    }
    for (const places of [this.#places, this.#ends]) {
      for (const key of places.keys()) if (!kept.has(key)) places.delete(key);
    }
    this.#isFirst = false;
  }

  #renew(key: string, at: bigint): void {
    this.#places.set(key, { at });
    this.#seek(key, at);
  }

  #seek(key: string, offset: bigint): void {
    if (!this.#isAlive) return; // done when it has joined
    const at = key.lastIndexOf("/");
    this.#consumer?.seek({ topic: key.slice(0, at), partition: Number(key.slice(at + 1)), offset: String(offset) });
  }

  async #restart(topics: string[]): Promise<void> {
    await this.#stop();
    if (topics.length === 0) return;
    const madeUp = `alert-bootcamp-${process.pid}-${Math.random().toString(36).slice(2, 10)}`;
    this.#group = groupName(undefined, madeUp, this.options);
    const consumer = kafkaClient(this.options, false).consumer({
      groupId: this.#group,
      maxBytesPerPartition: 2_000_000,
      maxBytes: 16_000_000,
      maxWaitTimeInMs: 250,
      // begun anew with the next snapshot, at the place that was reached
      retry: { initialRetryTime: 100, retries: 2, restartOnFailure: async () => false },
    });
    this.#consumer = consumer;
    try {
      consumer.on(consumer.events.CRASH, ({ payload }) => this.#broke(payload.error));
      let sinceMs = Number.POSITIVE_INFINITY;
      consumer.on(consumer.events.FETCH_START, () => {
        sinceMs = Math.min(sinceMs, Date.now());
      });
      consumer.on(consumer.events.GROUP_JOIN, () => {
        sinceMs = Number.POSITIVE_INFINITY;
        this.#problem = undefined;
        for (const [key, { at }] of this.#places) this.#seek(key, at);
      });
      await consumer.connect();
      await consumer.subscribe({ topics, fromBeginning: false });
      this.#isAlive = true;
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: (payload) => this.#read(payload, sinceMs),
      });
    } catch (error) {
      await this.#broke(error);
    }
  }

  async #read(payload: EachBatchPayload, sinceMs: number): Promise<void> {
    const { batch, resolveOffset, heartbeat, isRunning, isStale } = payload;
    const key = `${batch.topic}/${batch.partition}`;
    const place = this.#places.get(key);
    if (!place || isStale()) return;
    // kafkajs went back to what there is, or on to the newest, since the topic does not reach to where it was
    if (BigInt(batch.highWatermark) < place.at) {
      this.#ends.set(key, 0n);
      return this.#renew(key, 0n);
    }
    for (const message of batch.messages) {
      if (!isRunning() || isStale()) return;
      await this.onMessage(batch.topic, message, sinceMs);
      place.at = BigInt(message.offset) + 1n;
      resolveOffset(message.offset);
    }
    place.at = BigInt(batch.lastOffset()) + 1n; // a batch may end with the markers of transactions
    await heartbeat();
  }

  async #broke(error: unknown): Promise<void> {
    this.#isAlive = false;
    this.#problem = (await kafkaError(error, this.options, { group: this.#group })).message;
  }

  async #stop(): Promise<void> {
    this.#isAlive = false;
    const group = this.#group;
    this.#group = "";
    await this.#consumer?.disconnect().catch(() => {});
    this.#consumer = undefined;
    if (group !== "") await forgetGroup(group, this.options);
  }
}
