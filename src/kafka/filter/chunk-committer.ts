import { pause } from "../../pause";
import { partitionChooser } from "../client/choose-partition";
import { type Delivery, groupBy } from "../client/produce-request";
import type { Message } from "../client/record";
import type { OutMessage } from "../dead-letters/dead-letter";
import type { Extent } from "../read/positions";
import type { JobBooks } from "./books";
import type { MessageLimit } from "./chunk";
import type { Decided, Decider } from "./decide";
import type { PlannedFilter, WorkerOptions } from "./plan";
import type { Progress } from "./progress";
import type { TransactionPool } from "./transaction-pool";

/** A turn of the event loop in the middle of deciding: kafkajs sends its heartbeat, and hears the answer to the last one. */
const breathMs = 10;

/** A chunk that takes longer than a second is given up when the job is stopped: nothing of it was sent. */
export class Stopped extends Error {}

/** Has chunks of messages decided, and commits what comes of them. */
export class ChunkCommitter {
  /** Partitions of each output topic. */
  outPartitions: ReadonlyMap<string, number> = new Map();
  private readonly names: readonly string[];

  constructor(
    private readonly options: WorkerOptions,
    private readonly decider: Decider,
    private readonly books: JobBooks,
    private readonly pool: TransactionPool,
    private readonly limit: MessageLimit,
  ) {
    this.names = options.filters.map(({ name }) => name);
  }

  /**
   * Decides the messages and commits them with the output, unless another worker did.
   *
   * @param after the offset after them
   * @returns where to go on; undefined when the job was stopped before anything was decided
   */
  async commit(partition: number, chunk: readonly Message[], after: bigint): Promise<bigint | undefined> {
    const taken = this.limit.take(chunk.length);
    let isPrepared = false;
    try {
      if (!(await this.schemasFor(chunk))) return undefined;
      let goOn = after;
      const elsewhere = await this.pool.of(partition).run(chunk[0]!.offset, async (progress) => {
        const prepared = await this.prepare(partition, chunk, after, progress);
        const { decided, messages } = prepared;
        goOn = prepared.after;
        taken.keep(messages.length);
        this.books.begin(partition, decided);
        isPrepared = true;
        const undone = () => {
          this.books.undo(partition, decided);
          decided.release();
          taken.giveBack();
        };
        const done = () => {
          this.books.done(partition, decided);
          taken.done();
        };
        return { ...prepared, done, undone };
      });
      return elsewhere ?? goOn;
    } finally {
      if (!isPrepared) taken.giveBack(); // whoever is prepared hears what becomes of it
    }
  }

  /** Lets those filters decide that have not done so before; a chunk ends where further ones come in. */
  private async prepare(partition: number, chunk: readonly Message[], end: bigint, progress: Progress) {
    const first = chunk[0]!.offset;
    const boundary = progress.boundary(this.names, first) ?? end;
    const after = boundary < end ? boundary : end;
    const messages = boundary < end ? chunk.filter(({ offset }) => offset < boundary) : chunk;
    const numbers = [...this.names.keys()];
    const turn = new Set(numbers.filter((n) => progress.nextOf(this.names[n]!) <= first));
    const absent = new Set(numbers.filter((n) => progress.isLeft(this.names[n]!)));
    const decided = await this.decider.decide(messages, { turn, absent }, () => this.breathe());
    for (const n of absent) this.books.leaveBehind(n, "it was before, or by another worker");
    for (const { filter, why } of decided.leaving) this.books.leaveBehind(filter, why);
    const nameOf = (n: number) => this.names[n]!;
    const done = [...turn].filter((n) => decided.outcomes[n]).map(nameOf);
    const leaving = decided.leaving.map(({ filter }) => nameOf(filter));
    const destinations = { ...this.options, outPartitions: this.outPartitions };
    const deliveries = deliveriesOf(decided, partition, destinations);
    return {
      decided,
      messages,
      after,
      deliveries,
      progress: progress.after({ filters: this.names, done, after, leaving, first }),
    };
  }

  private async breathe(): Promise<void> {
    await pause(breathMs);
    if (this.options.signal?.aborted) throw new Stopped("the job was stopped while it decided");
  }

  /** Before the transaction is opened, since a registry may take its time. */
  private async schemasFor(chunk: readonly Message[]): Promise<boolean> {
    const { prepare } = this.options;
    if (!prepare) return true;
    for (const { message } of chunk) if (!(await prepare(message))) return false;
    return true;
  }

  /**
   * Markers of transactions and aborted records move the offset without any message.
   * @returns where to go on
   */
  async passMarkers(partition: number, after: bigint): Promise<bigint> {
    const elsewhere = await this.pool.of(partition).run(after - 1n, async (progress) => {
      const done = this.names.filter((name) => !progress.isLeft(name) && progress.nextOf(name) < after);
      return { deliveries: [], progress: progress.after({ filters: this.names, done, after, first: after - 1n }) };
    });
    return elsewhere ?? after;
  }
}

interface Destinations {
  readonly filters: readonly PlannedFilter[];
  readonly deadTopic: string;
  readonly extent: Extent;
  /** Partitions of each output topic. */
  readonly outPartitions: ReadonlyMap<string, number>;
}

/** What is sent of a chunk: to the topic of each filter what it selected, to the dead-letter topic what could not be decided. */
export function deliveriesOf(decided: Decided, partition: number, to: Destinations): Delivery[] {
  const deliver = (topic: string, messages: readonly OutMessage[]): Delivery[] => {
    if (messages.length === 0) return [];
    const partitions = to.outPartitions.get(topic)!;
    // as many partitions as the input: an alert keeps its own, and with it the order among its neighbours. The input may
    // have been given more since the job began
    if (partitions === to.extent.next.size && partition < partitions) return [{ topic, partition, messages }];
    const byPartition = groupBy(messages, partitionChooser(partitions));
    return [...byPartition].map(([chosen, some]) => ({ topic, partition: chosen, messages: some }));
  };
  const { undecodable, outcomes } = decided;
  const dead = [...undecodable, ...outcomes.flatMap((outcome) => outcome?.letters ?? [])];
  return [
    ...outcomes.flatMap((outcome, n) => deliver(to.filters[n]!.topic, outcome?.selected ?? [])),
    ...deliver(to.deadTopic, dead),
  ];
}
