import { setMaxListeners } from "node:events";
import { Admin } from "../client/admin";
import type { Connection } from "../client/connection-settings";
import type { Committed } from "../client/group-requests";
import { throwIfRefused } from "../client/protocol-error";
import { patientRetrying, Retries } from "../client/retries";
import { TransactionalProducer } from "../client/transactional-producer";
import type { Positions } from "../read/positions";
import { Progress } from "./progress";
import { PartitionTransactions } from "./transaction";

/** The transactions of one worker: one owner of a transactional id per partition of its input. */
export class TransactionPool {
  private readonly admin: Admin;
  private readonly partitions = new Map<number, PartitionTransactions>();
  private readonly over = new AbortController();

  constructor(
    private readonly connection: Connection,
    private readonly group: string,
    private readonly topic: string,
    /** Names of the job's filters. */
    private readonly filters: readonly string[],
    /** One of them, left behind before, goes on. */
    private readonly resume?: string,
  ) {
    this.admin = new Admin(connection);
    setMaxListeners(0, this.over.signal); // each partition that waits for Kafka listens to it
  }

  /**
   * Asks how many partitions each of the outputs has: a topic may have been recreated.
   * @throws UNKNOWN_TOPIC_OR_PARTITION, TOPIC_AUTHORIZATION_FAILED
   */
  async look(outputs: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { topics } = await this.ask((admin) => admin.metadata(outputs));
    for (const { error } of topics.values()) throwIfRefused(error);
    return new Map([...topics].map(([name, { partitions }]) => [name, partitions.size]));
  }

  of(partition: number): PartitionTransactions {
    let found = this.partitions.get(partition);
    if (!found) {
      const { connection, group, topic, filters, over } = this;
      const committed = async () => (await this.progress()).get(partition) ?? Progress.of(-1n, null);
      const open = (id: string) => TransactionalProducer.open(connection, id, over.signal);
      found = new PartitionTransactions({ group, topic, partition, filters, committed, open });
      this.partitions.set(partition, found);
    }
    return found;
  }

  /** How far the filters have come in each partition. */
  async progress(): Promise<ReadonlyMap<number, Progress>> {
    const found = (await this.ask((admin) => admin.fetchOffsets(this.group))).get(this.topic);
    return new Map([...(found ?? [])].map(([partition, committed]) => [partition, this.progressOf(committed)]));
  }

  private progressOf({ offset, metadata }: Committed): Progress {
    const progress = Progress.of(offset, metadata);
    return this.resume === undefined ? progress : progress.resumed(this.resume);
  }

  /** The first offset that each partition still holds. */
  begins(): Promise<Positions> {
    return this.ask((admin) => admin.listOffsets(this.topic, "earliest"));
  }

  /** Waits until readers see everything that was committed. */
  async settle(): Promise<void> {
    await Promise.all([...this.partitions.values()].map((transactions) => transactions.settle()));
  }

  /** Finds out what became of the commits whose answers were lost. */
  async clear(): Promise<void> {
    await Promise.all([...this.partitions.values()].map((transactions) => transactions.clear()));
  }

  /** Gives every transactional id up: the partitions may have gone to others. */
  async giveUp(): Promise<void> {
    await Promise.all([...this.partitions.values()].map((transactions) => transactions.close()));
  }

  async disconnect(): Promise<void> {
    // without an answer what is in doubt stays pending, and the next run begins where Kafka says
    await Promise.all([...this.partitions.values()].map((transactions) => transactions.clear().catch(() => {})));
    await this.giveUp();
    this.close();
  }

  /** Ends at once whatever waits for Kafka. */
  close(): void {
    this.over.abort();
    this.admin.close();
  }

  /** As patient as the producers: a job outlasts the restart of a broker. */
  private ask<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    return new Retries(patientRetrying, this.over.signal).until(() => work(this.admin));
  }
}
