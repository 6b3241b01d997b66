import { type ConnectionOptions, kafkaError } from "../client/connection";
import { connectionOf } from "../client/connection-settings";
import { PartitionReader } from "../client/partition-reader";
import type { KafkaMessage } from "../client/record";
import type { Extent, Positions } from "../read/positions";

/**
 * @param sinceMs since when the reader waits at the topic: what was sent before was not delivered late, it was found
 */
export type OnMessage = (topic: string, message: KafkaMessage, sinceMs: number) => Promise<void> | void;

type Extents = ReadonlyMap<string, Extent>;

/**
 * Reads topics for the monitor: every message once, from where the topic ended when the reader first heard of it, with
 * none kept. A topic that appears later is read from its beginning.
 */
export class MonitorReader {
  readonly #topics = new Map<string, TopicReader>();
  #isFirst = true;

  constructor(
    private readonly options: ConnectionOptions,
    private readonly onMessage: OnMessage,
  ) {}

  /** Why something is not read now. */
  get problem(): string | undefined {
    for (const topic of this.#topics.values()) if (topic.problem !== undefined) return topic.problem;
    return undefined;
  }

  /** Has these topics read from now on, in the background; begins again where reading broke off. */
  follow(extents: Extents): void {
    for (const [topic, reader] of this.#topics) {
      if (extents.has(topic)) continue;
      reader.stop();
      this.#topics.delete(topic);
    }
    for (const [topic, extent] of extents) {
      let reader = this.#topics.get(topic);
      if (!reader) {
        reader = new TopicReader(topic, this.options, this.onMessage);
        this.#topics.set(topic, reader);
      }
      reader.follow(extent, this.#isFirst ? extent.next : extent.first);
    }
    this.#isFirst = false;
  }

  async close(): Promise<void> {
    const readers = [...this.#topics.values()];
    for (const reader of readers) reader.stop();
    await Promise.all(readers.map((reader) => reader.work));
  }
}

/** Reads one topic on and on. */
class TopicReader {
  /** Resolves when it has stopped. */
  work: Promise<void> = Promise.resolve();
  #reader: PartitionReader | undefined;
  #positions: Positions = new Map();
  #failure: string | undefined;

  constructor(
    private readonly topic: string,
    private readonly options: ConnectionOptions,
    private readonly onMessage: OnMessage,
  ) {}

  get problem(): string | undefined {
    return this.#failure ?? this.#reader?.problem;
  }

  /** @param starts where partitions begin that were not read before */
  follow(extent: Extent, starts: Positions): void {
    const isGrown = [...extent.next.keys()].some((partition) => !this.#positions.has(partition));
    if (this.#reader && !isGrown) return;
    this.#reader?.stop();
    const isFirst = this.#positions.size === 0;
    for (const partition of extent.next.keys()) {
      const start = (isFirst ? starts : extent.first).get(partition) ?? 0n;
      if (!this.#positions.has(partition)) this.#positions.set(partition, start);
    }
    this.work = Promise.all([this.work, this.#read()]).then(() => {});
  }

  stop(): void {
    this.#reader?.stop();
  }

  async #read(): Promise<void> {
    // one connection and small answers: there may be many topics
    const reader = new PartitionReader(this.topic, connectionOf(this.options), {
      starts: new Map(this.#positions),
      ends: null,
      connections: 1,
      answerBytes: 2_000_000,
      say: () => {}, // a snapshot says it
    });
    this.#reader = reader;
    this.#failure = undefined;
    const sinceMs = Date.now();
    try {
      for await (const { partition, messages, next } of reader.batches()) {
        for (const message of messages) await this.onMessage(this.topic, message.message, sinceMs);
        if (this.#reader === reader) this.#positions.set(partition, next);
      }
    } catch (error) {
      this.#failure = (await kafkaError(error, this.options, { topic: this.topic })).message;
    } finally {
      if (this.#reader === reader) this.#reader = undefined; // the next snapshot begins it again
    }
  }
}
