import { randomBytes } from "node:crypto";
import { pause } from "../../pause";
import { newProducer } from "../client/producer";
import type { Kafka, Producer, Transaction } from "../client/types";
import { checkAnswer, type Delivery, requestsOf, Unanswered } from "./output";
import type { Progress } from "./progress";

/** What a transaction is to do once it is known that nobody did it before. */
export interface Prepared {
  readonly deliveries: readonly Delivery[];
  /** How far the filters have come with it. */
  readonly progress: Progress;
  /** Exactly one of the two is called once it is known whether this was committed: at the next opening, if need be. */
  readonly done?: () => void;
  readonly undone?: () => void;
}

/** An open transaction of a worker that died blocks readers of committed messages until the next worker, or so long. */
const transactionTimeoutMs = 30_000;
const busyWaitMs = 10;
const busyTries = 500;
/** Marks of former openings that are handed on: who comes back after more of them counts its commit as not done. */
const marksKept = 6;

/**
 * Exactly once for one partition of an input topic: messages out and offset forward, both or neither.
 *
 * kafkajs cannot tell the broker which member of the group commits, so the broker cannot turn away a worker that lost
 * its partition. Instead every partition has a transactional id of its own. Whoever opens it turns away its former owner
 * (InitProducerId raises the epoch) and only then reads how far the filters have come; a batch that begins before that
 * was done by another worker and is given back. An async lock keeps two batches of this process apart.
 *
 * A commit whose answer was lost may have counted. So each transaction leaves a mark of its own in the metadata of the
 * offset, with the last marks of the owners before; who opens again finds its mark there, or knows that nothing was done.
 */
export class PartitionTransactions {
  private open: { producer: Producer; progress: Progress; marks: readonly string[] } | undefined;
  /** A transaction of which it is not known whether it was committed. */
  private doubt: { prepared: Prepared; mark: string } | undefined;
  private readonly owner = randomBytes(9).toString("base64url");
  private count = 0;
  private lock: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly client: Kafka,
    private readonly group: string,
    private readonly topic: string,
    private readonly partition: number,
    /** Names of the job's filters. */
    private readonly filters: readonly string[],
    /** Asks the broker how far they have come. */
    private readonly committed: () => Promise<Progress>,
    /** One broker leads all that is written to: a hundred topics then go out in one request, six times as fast. */
    private readonly oneLeader = false,
  ) {}

  /**
   * Runs one transaction.
   *
   * @param first offset of the first message of the batch
   * @param prepare called under the lock, with how far the filters have come, when the batch is this worker's to do
   * @returns undefined when it is committed; else the offset to seek to: the batch was done by another worker
   * @throws whatever failed; the next call opens anew, and finds out whether the batch was committed after all
   */
  run(first: bigint, prepare: (progress: Progress) => Promise<Prepared>): Promise<bigint | undefined> {
    return this.exclusive(async () => {
      let open = (this.open ??= await this.start());
      const next = open.progress.start(this.filters);
      // lower at the broker: the topic was recreated, and the group's offsets went with the old one
      if (first < next && (await this.committed()).start(this.filters) < next) {
        await this.drop(); // or a marker is still being written, which opening anew waits for
        open = this.open = await this.start();
      }
      // transactional and compacted topics have gaps, so a batch may begin after the offset that comes next
      if (first < open.progress.start(this.filters)) return open.progress.start(this.filters);
      const prepared = await prepare(open.progress);
      const mark = `${this.owner}-${++this.count}`;
      try {
        const transaction = await this.send(open.producer, prepared, [mark, ...open.marks]);
        this.doubt = { prepared, mark };
        await transaction.commit();
      } catch (error) {
        if (!this.doubt) prepared.undone?.();
        await this.drop();
        throw error;
      }
      this.doubt = undefined;
      prepared.done?.();
      open.progress = prepared.progress;
      return undefined;
    });
  }

  /**
   * Waits until readers of committed messages see the last transaction: Kafka acknowledges a commit before it has written
   * the markers, and gives out a transactional id only when they are.
   */
  settle(): Promise<void> {
    return this.exclusive(async () => {
      if (!this.open) return;
      await this.drop();
      this.open = await this.start();
    });
  }

  /** Finds out what became of a commit whose answer was lost, if there is one. */
  clear(): Promise<void> {
    return this.exclusive(async () => {
      if (this.doubt) this.open = await this.start();
    });
  }

  /** Gives the transactional id up; the next call of run opens it again. */
  close(): Promise<void> {
    return this.exclusive(() => this.drop());
  }

  private async start(): Promise<{ producer: Producer; progress: Progress; marks: readonly string[] }> {
    const producer = newProducer(this.client, {
      transactionalId: `${this.group}-${this.topic}-${this.partition}`,
      transactionTimeout: transactionTimeoutMs,
    });
    try {
      await producer.connect();
      // connect() initialises a producer without the transactional id: only the first transaction turns the former
      // owner away, and the offset must not be read before that
      await (await producer.transaction()).abort();
      const progress = await this.committed();
      const { doubt } = this;
      this.doubt = undefined;
      if (doubt) (progress.marks.includes(doubt.mark) ? doubt.prepared.done : doubt.prepared.undone)?.();
      return { producer, progress, marks: progress.marks.slice(0, marksKept) };
    } catch (error) {
      await producer.disconnect().catch(() => {});
      throw error;
    }
  }

  /** Everything but the commit. */
  private async send(producer: Producer, { deliveries, progress }: Prepared, marks: readonly string[]) {
    const transaction = await producer.transaction();
    try {
      for (const request of requestsOf(deliveries, this.oneLeader)) {
        checkAnswer(request, await transaction.sendBatch({ topicMessages: request, acks: -1 }));
      }
      await this.sendOffset(transaction, progress.offset, progress.metadata(marks));
      return transaction;
    } catch (error) {
      await transaction.abort().catch(() => {}); // opening anew aborts it on the broker as well
      throw error;
    }
  }

  private async sendOffset(transaction: Transaction, offset: bigint, metadata: string): Promise<void> {
    const partitions = [{ partition: this.partition, offset: String(offset), metadata }];
    for (let tries = 1; ; tries++) {
      try {
        return await transaction.sendOffsets({
          consumerGroupId: this.group,
          topics: [{ topic: this.topic, partitions }],
        });
      } catch (error) {
        // the markers of the transaction before are still being written; kafkajs waits for that only when it sends
        if ((error as { type?: string }).type !== "CONCURRENT_TRANSACTIONS" || tries === busyTries) throw error;
        await pause(busyWaitMs);
      }
    }
  }

  private async drop(): Promise<void> {
    const { open } = this;
    this.open = undefined;
    await open?.producer.disconnect().catch(() => {}); // what matters was awaited
  }

  private exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.lock.then(work);
    this.lock = result.catch(() => {});
    return result;
  }
}

/** Errors of Kafka may pass; anything else is a mistake of the program and must be seen. */
export function mayPass(error: unknown): boolean {
  if (error instanceof Unanswered) return true;
  const { name = "", type = "", cause } = error as { name?: string; type?: string; cause?: unknown };
  if (/^(TypeError|RangeError|ReferenceError|SyntaxError|BootcampError)$/.test(name)) return false;
  if (/AUTHORIZATION|AUTHENTICATION/.test(type + name)) return false; // does not pass by itself
  if (cause !== undefined && cause !== error) return mayPass(cause);
  return name.startsWith("KafkaJS");
}
