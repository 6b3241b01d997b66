import { randomBytes } from "node:crypto";
import type { Delivery } from "../client/produce-request";
import { causesOf } from "../client/protocol-error";
import type { TransactionalProducer } from "../client/transactional-producer";
import type { Progress } from "./progress";

/** What is used of {@link TransactionalProducer}. */
export type Producer = Pick<TransactionalProducer, "write" | "commit" | "abort" | "close">;

/** Where the transactions of a partition take place. */
export interface TransactionPlace {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** Names of the job's filters. */
  readonly filters: readonly string[];
  /** Asks the broker how far they have come. */
  committed(): Promise<Progress>;
  /** Takes a transactional id from whoever has it. */
  open(transactionalId: string): Promise<Producer>;
}

interface Open {
  readonly producer: Producer;
  progress: Progress;
  readonly marks: readonly string[];
}

/** What a transaction is to do once it is known that nobody did it before. */
export interface Prepared {
  readonly deliveries: readonly Delivery[];
  /** How far the filters have come with it. */
  readonly progress: Progress;
  /** Exactly one of the two is called once it is known whether this was committed: at the next opening, if need be. */
  readonly done?: () => void;
  readonly undone?: () => void;
}

/** Marks of former openings that are handed on: who comes back after more of them counts its commit as not done. */
const marksKept = 6;

/**
 * Exactly once for one partition of an input topic: messages out and offset forward, both or neither.
 *
 * Every partition has a transactional id of its own. Whoever opens it turns away its former owner (InitProducerId raises
 * the epoch), also one that only slept, and only then reads how far the filters have come; a batch that begins before that
 * was done by another worker and is given back. An async lock keeps two batches of this process apart.
 *
 * A commit whose answer was lost may have counted. So each transaction leaves a mark of its own in the metadata of the
 * offset, with the last marks of the owners before; who opens again finds its mark there, or knows that nothing was done.
 */
export class PartitionTransactions {
  private open: Open | undefined;
  /** A transaction of which it is not known whether it was committed. */
  private doubt: { prepared: Prepared; mark: string } | undefined;
  private readonly owner = randomBytes(9).toString("base64url");
  private count = 0;
  private lock: Promise<unknown> = Promise.resolve();

  constructor(private readonly place: TransactionPlace) {}

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
      const { filters, committed } = this.place;
      let open = (this.open ??= await this.start());
      const next = open.progress.start(filters);
      // lower at the broker: the topic was recreated, and the group's offsets went with the old one
      if (first < next && (await committed()).start(filters) < next) {
        this.drop(); // or a marker is still being written, which opening anew waits for
        open = this.open = await this.start();
      }
      // transactional and compacted topics have gaps, so a batch may begin after the offset that comes next
      if (first < open.progress.start(filters)) return open.progress.start(filters);
      const prepared = await prepare(open.progress);
      const mark = `${this.owner}-${++this.count}`;
      try {
        await this.write(open.producer, prepared, [mark, ...open.marks]);
        this.doubt = { prepared, mark };
        await open.producer.commit();
      } catch (error) {
        if (!this.doubt) prepared.undone?.();
        this.drop();
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
      this.drop();
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
    return this.exclusive(async () => this.drop());
  }

  private async start(): Promise<Open> {
    const { group, topic, partition, committed, open } = this.place;
    const producer = await open(`${group}-${topic}-${partition}`);
    try {
      const progress = await committed();
      const { doubt } = this;
      this.doubt = undefined;
      if (doubt) (progress.marks.includes(doubt.mark) ? doubt.prepared.done : doubt.prepared.undone)?.();
      return { producer, progress, marks: progress.marks.slice(0, marksKept) };
    } catch (error) {
      producer.close();
      throw error;
    }
  }

  /** Everything but the commit. */
  private async write(producer: Producer, { deliveries, progress }: Prepared, marks: readonly string[]): Promise<void> {
    const { group, topic, partition } = this.place;
    const metadata = progress.metadata(marks);
    try {
      await producer.write(deliveries, { group, topic, partition, offset: progress.offset, metadata });
    } catch (error) {
      await producer.abort();
      throw error;
    }
  }

  private drop(): void {
    this.open?.producer.close();
    this.open = undefined;
  }

  private exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.lock.then(work);
    this.lock = result.catch(() => {});
    return result;
  }
}

/** Errors of Kafka may pass; anything else is a mistake of the program and must be seen. */
export function mayPass(error: unknown): boolean {
  const names = causesOf(error).map(({ name = "", type = "" }) => `${name} ${type}`);
  if (names.some((name) => /^(TypeError|RangeError|ReferenceError|SyntaxError|BootcampError)\b/.test(name)))
    return false;
  if (names.some((name) => /AUTHORIZATION|AUTHENTICATION/i.test(name))) return false; // does not pass by itself
  return names.some((name) => name.startsWith("KafkaJS"));
}
