import { pause } from "../../pause";
import { connectionOf } from "../client/connection-settings";
import { GroupReader } from "../client/group-reader";
import type { Positions } from "../read/positions";
import type { JobBooks } from "./books";
import { chunkOf, MessageLimit, PartitionWork, type Portion } from "./chunk";
import { ChunkCommitter, Stopped } from "./chunk-committer";
import type { Decider } from "./decide";
import { GroupCheck, sessionSeconds } from "./group-check";
import { JobOffsets } from "./job-offsets";
import type { WorkerOptions } from "./plan";
import { mayPass } from "./transaction";
import { TransactionPool } from "./transaction-pool";

const checkMs = 250;
/** Without a message for so long, the broker is asked whether there is anything left to read. */
const quietMs = 1000;
const restartsAllowed = 30;
/** After a stop everything has so long to end in order; then its connections are closed. */
const closingMs = 2500;

/** One member of a filter job's group: reads the partitions it is assigned, decides, and commits with the output. */
export class FilterWorker {
  private readonly pool: TransactionPool;
  private readonly offsets: JobOffsets;
  private readonly group: GroupCheck;
  private readonly limit: MessageLimit;
  private readonly committer: ChunkCommitter;
  private readonly stopping: AbortSignal;
  private readonly outputs: readonly string[];
  private reader: GroupReader | undefined;
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
    const names = filters.map(({ name }) => name);
    this.stopping = options.signal ?? new AbortController().signal;
    this.outputs = [...filters.map((filter) => filter.topic), deadTopic];
    this.pool = new TransactionPool(connectionOf(options), group, topic, names, resume);
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
    const { stopping } = this;
    const over = new AbortController();
    const late = new Promise<void>((resolve) => {
      const stop = () => void pause(closingMs, over.signal).then(() => resolve());
      if (stopping.aborted) stop();
      else stopping.addEventListener("abort", stop, { once: true, signal: over.signal });
    });
    const work = this.sessions();
    try {
      await Promise.race([work, late]);
    } finally {
      over.abort();
      work.catch(() => {}); // of one that was not waited for
      this.reader?.close();
      this.pool.close();
    }
  }

  private async sessions(): Promise<void> {
    try {
      await this.group.refuseOthers();
      for (;;) {
        try {
          await this.session();
          await this.pool.settle();
          this.reachedEnd = await this.offsets.areAtEnd(true).catch(() => false);
          return;
        } catch (error) {
          if (this.stopping.aborted && mayPass(error)) return;
          await this.group.explain(error);
          if (!mayPass(error) || ++this.fruitless > restartsAllowed) throw error;
          this.books.restarts++;
          await this.pool.giveUp();
          if (!(await pause(Math.min(100 * this.fruitless, 2000), this.stopping))) return;
        }
      }
    } finally {
      await this.pool.disconnect();
    }
  }

  /** From joining the group to leaving it. */
  private async session(): Promise<void> {
    this.committer.outPartitions = await this.pool.look(this.outputs);
    const { topic, extent, warn } = this.options;
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, this.stopping]);
    let hasFailed = false; // what waits behind a chunk that failed would move the offset past it
    const work = new PartitionWork(async (partition, portion) => {
      const isOver = () => hasFailed || signal.aborted || !portion.isCurrent();
      try {
        await this.workThrough(partition, portion, isOver);
      } catch (error) {
        // what another member was given meanwhile fails here, and is its to do
        if (error instanceof Stopped || (isOver() && mayPass(error))) return;
        hasFailed = true;
        reader.fail(error);
      }
    });
    const reader = new GroupReader(
      topic,
      {
        ...this.options,
        assigner: this.group.assigner,
        sessionSeconds,
        partitions: extent.next.size,
        ends: null,
        idleSeconds: undefined,
        signal,
        say: warn,
        onRebalance: "give-up",
      },
      {
        starts: async (partitions, ended) => {
          await work.idle(); // with what was given up
          return this.startsOf(partitions, ended);
        },
        revoked: () => {
          this.lastNews = Number.POSITIVE_INFINITY;
        },
        settle: () => {
          over.abort();
          return work.idle();
        },
      },
    );
    this.reader = reader;
    this.untilDone(signal).then(
      () => over.abort(),
      (error) => reader.fail(error),
    );
    for await (const { partition, ...portion } of reader.batches()) {
      this.lastNews = performance.now();
      await work.add(partition, portion);
    }
  }

  /** Where the filters are in these partitions, which are this worker's now. */
  private async startsOf(partitions: readonly number[], ended: AbortSignal): Promise<Positions> {
    await this.pool.giveUp(); // others may have had them meanwhile: opened again, or not at all
    const starts = await this.offsets.starts();
    if (ended.aborted) return new Map();
    this.assigned = partitions;
    this.positions = new Map();
    this.lastNews = performance.now();
    return new Map([...starts].filter(([partition]) => partitions.includes(partition)));
  }

  private async workThrough(partition: number, { messages, next }: Portion, isOver: () => boolean): Promise<void> {
    if (messages.length === 0 && !isOver()) {
      this.positions.set(partition, await this.committer.passMarkers(partition, next));
      return;
    }
    for (let at = 0; at < messages.length; ) {
      if (isOver()) return;
      const chunk = chunkOf(messages, at, this.limit.room);
      if (chunk.length === 0) {
        // all that is wanted is under way; what is given back of it is taken from here on, and from nowhere behind it
        await pause(checkMs, this.stopping);
        continue;
      }
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
