import { setMaxListeners } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import { messageOf } from "../../errors";
import { say } from "../../terminal";
import type { Connection } from "./connection-settings";
import type { FetchedPartition } from "./fetch-request";
import { type FetchState, FetchWorker, Wake } from "./fetch-worker";
import { Outage } from "./outage";
import type { Message } from "./record";
import { AbortedFilter, batchesIn, messagesOf, type RecordBatch } from "./record-batch";
import { TopicCluster } from "./topic-cluster";

/** Partition → offset. */
export type Offsets = ReadonlyMap<number, bigint>;

export interface ReadOptions {
  /** Partitions to read, and where each begins; null when they come by `assign`. */
  starts: Offsets | null;
  /** How many there may be, with `assign`. */
  partitions?: number | undefined;
  /** Where each ends, not included; null reads on. */
  ends: Offsets | null;
  /** End when no message came for so long. Not while Kafka is lost. */
  idleSeconds?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Called when the topic is read again from its beginning, since it was recreated. */
  onRecreated?: (() => void) | undefined;
  /** At most so many connections; partitions beyond share them. Default 24. */
  connections?: number | undefined;
  /** Answers that wait and those under way, together about twice this. A single batch may be larger. Default 16 MB. */
  answerBytes?: number | undefined;
  /** Is told when Kafka is lost and back, and what was deleted unread. Default: stderr. */
  say?: ((line: string) => void) | undefined;
}

/** The committed messages of one record batch; none where it held markers, aborted records, or nothing any more. */
export interface Batch {
  readonly partition: number;
  readonly messages: readonly Message[];
  /** The offset after it: how far the partition is read. */
  readonly next: bigint;
  /** False once the partition was given away, or the topic recreated: what is left of it counts for nothing here. */
  isCurrent(): boolean;
}

const [leastBytes, mostBytes] = [500_000, 4_000_000];
/** A reader that has an end, or ends when it is idle, gives up after so long without Kafka; another tries for ever. */
const giveUpMs = 60_000;
/** Longest time of work between two turns of the event loop, for signals and timers. */
const turnMs = 20;

/** How far one partition is read. */
interface PartitionState extends FetchState {
  readonly end: bigint | undefined;
  /** Everything before was handed out. */
  position: bigint;
  answer: Answer | undefined;
}

interface Answer {
  readonly batches: readonly RecordBatch[];
  readonly aborted: AbortedFilter;
  /** The offset after them. */
  readonly next: bigint;
}

/**
 * Reads partitions of a topic without a consumer group: committed messages, in the order of each partition, on connections
 * of its own, the next answer under way while this one is worked on. Goes on when leaders move and brokers restart, after
 * what retention has deleted, and at the beginning of a topic that was recreated – unless it has ends, which are gone then.
 */
export class PartitionReader {
  private readonly cluster: TopicCluster;
  private readonly outage: Outage;
  private readonly partitions = new Map<number, PartitionState>();
  private readonly over = new AbortController();
  private readonly say: (line: string) => void;
  private failure: { error: unknown } | undefined;
  private readonly wake = new Wake();
  /** Partitions in the order in which their answers came. */
  private ready: PartitionState[] = [];
  /** False while it is not known which partitions are to be read. */
  private isAssigned: boolean;

  constructor(
    private readonly topic: string,
    connection: Connection,
    private readonly options: ReadOptions,
  ) {
    setMaxListeners(0, this.over.signal); // each partition that waits for Kafka listens to it
    this.say = options.say ?? say;
    this.cluster = new TopicCluster(topic, connection, () => this.startAgain([...this.partitions.keys()]));
    this.outage = new Outage(topic, this.say);
    this.isAssigned = options.starts !== null;
    for (const [partition, start] of options.starts ?? [])
      this.partitions.set(partition, this.stateAt(partition, start));
  }

  /**
   * The batches, until every partition is at its end, nothing came for too long, or `stop`.
   *
   * @throws what Kafka says when it does not pass, or for longer than a minute while there is an end to reach
   */
  async *batches(): AsyncGenerator<Batch, void, undefined> {
    const { signal, idleSeconds } = this.options;
    if (signal?.aborted) return; // its event has passed
    const stop = () => this.stop();
    signal?.addEventListener("abort", stop, { once: true });
    this.startWorkers();
    let heardAt = performance.now();
    let turnedAt = heardAt;
    try {
      for (;;) {
        if (this.failure) throw this.failure.error;
        if (this.over.signal.aborted || this.isDone) return;
        const state = this.ready.shift();
        if (!this.isAssigned) heardAt = performance.now();
        if (!state) {
          const idleMs = idleSeconds === undefined ? undefined : heardAt + idleSeconds * 1000 - performance.now();
          if (idleMs !== undefined && idleMs <= 0 && this.outage.ms === 0) return;
          await this.wake.next(idleMs === undefined ? undefined : Math.max(idleMs, turnMs));
          turnedAt = performance.now();
          continue;
        }
        for await (const batch of this.open(state)) {
          yield batch;
          if (batch.messages.length > 0) heardAt = performance.now();
          if (this.over.signal.aborted) return;
          if (performance.now() - turnedAt < turnMs) continue;
          await nextTurn(); // sockets, timers and signals are heard although answers wait
          turnedAt = performance.now();
        }
      }
    } finally {
      signal?.removeEventListener("abort", stop);
      this.stop();
    }
  }

  /** Ends the reading at once; connections are closed, not waited for. */
  stop(): void {
    this.over.abort();
    this.outage.stop();
    this.cluster.close();
    this.wake.now();
  }

  /** Reads only these of its partitions on; nothing ends until `assign` says which others there are. */
  retain(partitions: readonly number[]): void {
    this.isAssigned = false;
    for (const partition of this.partitions.keys())
      if (!partitions.includes(partition)) this.partitions.delete(partition);
    this.outage.keep(partitions);
    this.ready = this.ready.filter((state) => this.isCurrent(state));
  }

  /** Reads these partitions from these offsets, beside those that it has. */
  assign(starts: Offsets): void {
    for (const [partition, start] of starts) this.partitions.set(partition, this.stateAt(partition, start));
    this.ready = this.ready.filter((state) => this.isCurrent(state));
    this.isAssigned = true;
    this.wake.now();
  }

  /** How far a partition was handed out; undefined for one that is not read. */
  position(partition: number): bigint | undefined {
    return this.partitions.get(partition)?.position;
  }

  /** Why something cannot be read now. */
  get problem(): string | undefined {
    return this.outage.ms === 0 ? undefined : messageOf(this.outage.error);
  }

  private get isDone(): boolean {
    if (this.options.ends === null) return false; // also for a member of a group that has no partition: it may get some
    return (
      this.isAssigned &&
      [...this.partitions.values()].every(({ end, position }) => end !== undefined && position >= end)
    );
  }

  private stateAt(partition: number, offset: bigint): PartitionState {
    const end = this.options.ends === null ? undefined : (this.options.ends.get(partition) ?? 0n);
    return { partition, end, fetchOffset: offset, position: offset, answer: undefined, isFetching: false };
  }

  private startWorkers(): void {
    const { ends, idleSeconds } = this.options;
    const { connections = 24, answerBytes = 16_000_000 } = this.options;
    const most = this.options.starts?.size ?? this.options.partitions ?? connections;
    const bytesEach = Math.floor(answerBytes / Math.max(1, most));
    const workers = Math.min(most, connections);
    const settings = {
      cluster: this.cluster,
      outage: this.outage,
      wake: this.wake,
      over: this.over.signal,
      maxBytes: Math.min(mostBytes, Math.max(leastBytes, bytesEach)),
      giveUpMs: ends === null && idleSeconds === undefined ? Number.POSITIVE_INFINITY : giveUpMs,
      wanted: (n: number) => [...this.partitions.values()].filter((state, i) => i % workers === n && isWanted(state)),
      isCurrent: (state: PartitionState) => this.isCurrent(state),
      enter: (state: PartitionState, answer: FetchedPartition) => this.enter(state, answer),
      skipTo: (state: PartitionState, offset: bigint) => this.skipTo(state, offset),
      restart: (state: PartitionState) => this.startAgain([state.partition]),
    };
    for (let n = 0; n < workers; n++) {
      new FetchWorker<PartitionState>(settings, n).run().catch((error) => {
        this.failure ??= { error };
        this.wake.now();
      });
    }
  }

  private async *open(state: PartitionState): AsyncGenerator<Batch, void, undefined> {
    const { answer, partition, end } = state;
    if (!answer) return;
    const isCurrent = () => this.isCurrent(state);
    state.answer = undefined;
    this.wake.now(); // the next one may be asked for
    for (const batch of answer.batches) {
      const found = answer.aborted.hides(batch) ? [] : messagesOf(partition, batch);
      const messages = Array.isArray(found) ? found : await found;
      if (!isCurrent()) return;
      const from = state.position;
      const isCut = batch.baseOffset < from || (end !== undefined && batch.nextOffset > end);
      state.position = batch.nextOffset;
      const within = ({ offset }: Message) => offset >= from && (end === undefined || offset < end);
      yield { partition, messages: isCut ? messages.filter(within) : messages, next: batch.nextOffset, isCurrent };
    }
    if (state.position >= answer.next) return;
    state.position = answer.next; // what was deleted
    yield { partition, messages: [], next: answer.next, isCurrent };
  }

  private enter(state: PartitionState, { records, aborted }: FetchedPartition): boolean {
    const batches = batchesIn(records).filter(({ nextOffset }) => nextOffset > state.fetchOffset);
    const last = batches[batches.length - 1];
    if (!last) return false;
    this.put(state, { batches, aborted: new AbortedFilter(aborted), next: last.nextOffset });
    return true;
  }

  private skipTo(state: PartitionState, offset: bigint): void {
    this.say(
      `${this.topic}[${state.partition}]: offsets ${state.fetchOffset} to ${offset - 1n} were deleted before they were read`,
    );
    this.put(state, { batches: [], aborted: new AbortedFilter([]), next: offset });
  }

  private put(state: PartitionState, answer: Answer): void {
    state.answer = answer;
    state.fetchOffset = answer.next;
    this.ready.push(state);
    this.wake.now();
  }

  /** The topic was recreated, or a broker failed that alone had its end. What was to be read up to an end is gone. */
  private startAgain(partitions: readonly number[]): void {
    this.say(`${this.topic}: was recreated since it was read, or lost its end; going on at its beginning`);
    for (const partition of partitions) {
      const fresh = this.stateAt(partition, 0n);
      if (fresh.end !== undefined) fresh.position = fresh.fetchOffset = fresh.end;
      this.partitions.set(partition, fresh);
    }
    this.ready = this.ready.filter((state) => this.isCurrent(state));
    this.options.onRecreated?.();
    this.wake.now();
  }

  private isCurrent(state: PartitionState): boolean {
    return this.partitions.get(state.partition) === state;
  }
}

const isWanted = ({ answer, isFetching, fetchOffset, end }: PartitionState): boolean =>
  !answer && !isFetching && (end === undefined || fetchOffset < end);
