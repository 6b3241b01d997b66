import { pause } from "../../pause";
import { kafkaClient } from "../client/connection";
import { connectionOf } from "../client/connection-settings";
import { PartitionReader } from "../client/partition-reader";
import { Sockets } from "../client/sockets";
import type { Kafka } from "../client/types";
import type { Positions } from "../read/positions";
import type { JobBooks } from "./books";
import { chunkOf, MessageLimit } from "./chunk";
import { ChunkCommitter, Stopped } from "./chunk-committer";
import type { Decider } from "./decide";
import { JobOffsets } from "./job-offsets";
import { GroupCheck, Membership } from "./membership";
import { PartitionWork, type Portion } from "./partition-work";
import { mayPass } from "./transaction";
import { TransactionPool } from "./transaction-pool";
import type { WorkerOptions } from "./worker-options";

const checkMs = 250;
/** Without a message for so long, the broker is asked whether there is anything left to read. */
const quietMs = 1000;
const restartsAllowed = 30;
/** After a stop everything has so long to end in order; then its connections are closed. */
const closingMs = 2500;

/** One member of a filter job's group: reads the partitions it is assigned, decides, and commits with the output. */
export class FilterWorker {
  private readonly sockets = new Sockets();
  private readonly client: Kafka;
  private readonly pool: TransactionPool;
  private readonly offsets: JobOffsets;
  private readonly group: GroupCheck;
  private readonly limit: MessageLimit;
  private readonly committer: ChunkCommitter;
  private readonly stopping = new AbortController();
  private readonly outputs: readonly string[];
  private assigned: readonly number[] = [];
  /** How far this worker has brought its partitions since it was assigned them. */
  private positions: Positions = new Map();
  /** When the last message came; not running while the group is still forming. */
  private lastNews = Number.POSITIVE_INFINITY;
  private fruitless = 0;
  /** The filters have come to where the topic ended when the job began; asked of Kafka, not taken from silence. */
  reachedEnd = false;

  constructor(
    private readonly options: WorkerOptions,
    decider: Decider,
    private readonly books: JobBooks,
  ) {
    const { group, topic, deadTopic, filters, resume } = options;
    this.client = kafkaClient(options, true, this.sockets);
    const names = filters.map(({ name }) => name);
    this.outputs = [...filters.map((filter) => filter.topic), deadTopic];
    this.pool = new TransactionPool(this.client, group, topic, names, resume);
    this.offsets = new JobOffsets(options, this.pool);
    this.group = new GroupCheck(options);
    this.limit = new MessageLimit(options.limit);
    this.committer = new ChunkCommitter(options, decider, books, this.pool, this.limit);
  }

  /**
   * Works until the end its options set. An error of Kafka that may pass starts it again at the committed offsets. After a
   * stop it has ended within three seconds, whether Kafka is there or not.
   */
  async run(): Promise<void> {
    const { signal } = this.options;
    let overdue = () => {};
    const late = new Promise<void>((resolve) => {
      overdue = resolve;
    });
    let timer: NodeJS.Timeout | undefined;
    const stop = () => {
      this.stopping.abort();
      timer = setTimeout(overdue, closingMs);
    };
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted) stop();
    const work = this.sessions();
    try {
      await Promise.race([work, late]);
    } finally {
      signal?.removeEventListener("abort", stop);
      clearTimeout(timer);
      work.catch(() => {}); // of one that was not waited for
      this.sockets.close();
    }
  }

  private async sessions(): Promise<void> {
    try {
      await this.group.refuseOthers();
      await this.pool.connect(this.outputs);
      for (;;) {
        try {
          await this.session();
          await this.pool.settle();
          this.reachedEnd = await this.offsets.areAtEnd(true).catch(() => false);
          return;
        } catch (error) {
          if (this.stopping.signal.aborted && mayPass(error)) return;
          await this.group.explain(error);
          if (!mayPass(error) || ++this.fruitless > restartsAllowed) throw error;
          this.books.restarts++;
          await this.pool.giveUp();
          if (!(await pause(Math.min(100 * this.fruitless, 2000), this.stopping.signal))) return;
        }
      }
    } finally {
      await this.pool.disconnect();
    }
  }

  /** From joining the group to leaving it. */
  private async session(): Promise<void> {
    this.committer.outPartitions = await this.pool.look(this.outputs);
    const { group, topic } = this.options;
    let fail: (error: unknown) => void = () => {};
    const failed = new Promise<never>((_, reject) => {
      fail = reject;
    });
    failed.catch(() => {}); // it may come while nobody waits for it yet
    const over = new AbortController();
    const stop = () => over.abort();
    this.stopping.signal.addEventListener("abort", stop, { once: true });
    if (this.stopping.signal.aborted) stop(); // its event has passed
    let generation = new AbortController();
    let reading: Promise<void> = Promise.resolve();
    const revoked = () => {
      this.lastNews = Number.POSITIVE_INFINITY;
      generation.abort();
    };
    const assigned = (partitions: readonly number[]) => {
      revoked();
      generation = new AbortController();
      const ended = AbortSignal.any([generation.signal, over.signal]);
      const before = reading;
      reading = before
        .then(() => this.read(partitions, ended))
        .catch((error) => {
          // what another member was given meanwhile fails here, and is its to do
          if (!(error instanceof Stopped) && !(ended.aborted && mayPass(error))) fail(error);
        });
    };
    const membership = new Membership(this.client, group, topic, this.group.assigner, {
      assigned,
      revoked,
      lost: fail,
    });
    try {
      await Promise.race([failed, membership.join()]);
      await Promise.race([failed, this.untilDone(over.signal)]);
    } finally {
      this.stopping.signal.removeEventListener("abort", stop);
      over.abort();
      await reading;
      await membership.leave();
    }
  }

  /** Reads the partitions from where their filters are, until they are somebody else's. */
  private async read(partitions: readonly number[], ended: AbortSignal): Promise<void> {
    if (ended.aborted) return;
    await this.pool.giveUp(); // others may have had them meanwhile: open anew
    const { topic, warn } = this.options;
    const all = await this.offsets.starts();
    const starts = new Map([...all].filter(([partition]) => partitions.includes(partition)));
    this.assigned = partitions;
    this.positions = new Map();
    this.lastNews = performance.now();
    if (ended.aborted || starts.size === 0) return;
    const reader = new PartitionReader(topic, connectionOf(this.options), {
      starts,
      ends: null,
      signal: ended,
      say: warn,
    });
    let failure: { error: unknown } | undefined;
    const work = new PartitionWork(async (partition, portion) => {
      if (failure) return;
      try {
        await this.workThrough(partition, portion, ended);
      } catch (error) {
        failure = { error };
        reader.stop();
      }
    });
    try {
      for await (const { partition, messages, next } of reader.batches()) {
        this.lastNews = performance.now();
        await work.add(partition, { messages, next });
      }
    } finally {
      await work.idle();
    }
    if (failure) throw failure.error;
  }

  private async workThrough(partition: number, { messages, next }: Portion, ended: AbortSignal): Promise<void> {
    if (messages.length === 0) {
      this.positions.set(partition, await this.committer.passMarkers(partition, next));
      return;
    }
    for (let at = 0; at < messages.length; ) {
      if (ended.aborted) return;
      const chunk = chunkOf(messages, at, this.limit.room);
      if (chunk.length === 0) return; // nothing more is wanted, unless what is under way fails
      const isRest = at + chunk.length === messages.length;
      const goOn = await this.committer.commit(partition, chunk, isRest ? next : chunk.at(-1)!.offset + 1n);
      if (goOn === undefined) return;
      while (at < messages.length && messages[at]!.offset < goOn) at++;
      this.fruitless = 0;
      this.positions.set(partition, goOn);
      this.lastNews = performance.now();
      this.options.onChunk();
    }
  }

  /** @param over the session has ended: one that failed must not be looked after beside the next */
  private async untilDone(over: AbortSignal): Promise<void> {
    const { until, idleSeconds } = this.options;
    while (await pause(checkMs, over)) {
      // nothing more is read: what had no answer is found out here, and ends the job or makes room
      if (this.limit.room <= 0) await this.pool.clear();
      if (this.limit.isReached) return;
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
    return this.offsets.areAtEnd(isQuiet);
  }
}
