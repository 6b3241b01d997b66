import { setMaxListeners } from "node:events";
import type { BrokerConnection } from "./broker-connection";
import { Cluster } from "./cluster";
import type { Connection } from "./connection-settings";
import { Coordinators } from "./coordinators";
import type { Metadata } from "./metadata";
import {
  type Delivery,
  groupBy,
  type OutgoingBatch,
  produceCodes,
  produceRequest,
  produceSilenceMs,
  requestsOf,
} from "./produce-request";
import {
  addOffsets,
  addPartitions,
  commitOffset,
  endTransaction,
  type GroupOffset,
  initProducer,
  type Transactional,
  type TransactionPartition,
} from "./producer-requests";
import { isAnswer, mayPass, protocolError } from "./protocol-error";
import { Retries, type Retrying } from "./retries";

/** An open transaction of a worker that died blocks readers of committed messages until the next worker, or so long. */
const timeoutMs = 30_000;
/** Markers take some milliseconds, a broker that restarts up to a minute. */
const retrying: Retrying = { patienceMs: 60_000, firstPauseMs: 4, maxPauseMs: 1000 };
const duplicateSequence = 46;

/** The brokers of one producer, on connections of its own: requests of others would make its own wait. */
interface Brokers {
  readonly cluster: Cluster;
  readonly coordinators: Coordinators;
  readonly signal: AbortSignal | undefined;
}

/**
 * The owner of a transactional id: messages and an offset of a group are seen together, or never.
 *
 * What is refused by what passes – a leader or coordinator that moved, markers that are still being written – is asked again.
 * A batch without an answer is sent again with its sequence number, so that Kafka stores it once. Other requests have no such
 * number: one that is late could become part of the next transaction, so that a lost answer is an error. After an error
 * nothing but {@link abort} can be done with this producer: who opens the id anew gets a higher epoch, before which all that
 * is late is refused.
 *
 * Form: the transactions of KIP-98, which Kafka 1.0 to 4.x know.
 *
 * @example
 * const producer = await TransactionalProducer.open(connection, "job-ztf-0");
 * await producer.write([{ topic: "out", partition: 0, messages }], { group, topic: "in", partition: 0, offset, metadata });
 * await producer.commit();
 */
export class TransactionalProducer {
  /** The next one of each partition. */
  private readonly sequences = new Map<string, number>();
  private topics: Metadata["topics"] = new Map();

  private constructor(
    private readonly transactional: Transactional,
    private readonly brokers: Brokers,
    readonly close: () => void,
  ) {}

  /**
   * Turns away whoever had the id, and resolves when what was left open is aborted, and what was committed can be seen.
   *
   * @param signal ends all waiting at once
   */
  static async open(connection: Connection, id: string, signal?: AbortSignal): Promise<TransactionalProducer> {
    const cluster = new Cluster(connection, produceSilenceMs);
    const close = () => {
      cluster.close();
      signal?.removeEventListener("abort", close);
    };
    signal?.addEventListener("abort", close);
    const coordinators = new Coordinators(cluster, retrying, signal);
    try {
      const init = (broker: BrokerConnection) => initProducer(broker, { id, timeoutMs });
      const producer = await coordinators.askUntilAnswered("transaction", id, init);
      return new TransactionalProducer({ id, producer }, { cluster, coordinators, signal }, close);
    } catch (error) {
      close();
      throw error;
    }
  }

  /** Begins a transaction and does all of it but the commit. */
  async write(deliveries: readonly Delivery[], offset: GroupOffset): Promise<void> {
    const { transactional } = this;
    const { coordinators, signal } = this.brokers;
    // one after the other on one connection, without waiting in between
    await coordinators.ask("transaction", transactional.id, (broker) =>
      Promise.all([
        deliveries.length > 0 && addPartitions(broker, transactional, deliveries),
        addOffsets(broker, transactional, offset.group),
      ]),
    );
    const failed = new AbortController();
    const fail = (error: unknown) => {
      failed.abort();
      throw error;
    };
    const ended = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
    setMaxListeners(0, ended); // each leader that waits for Kafka listens to it
    const commit = (broker: BrokerConnection) => commitOffset(broker, transactional, offset);
    const parts = [
      this.sendAll(deliveries, ended).catch(fail),
      coordinators.ask("group", offset.group, commit).catch(fail),
    ];
    await Promise.allSettled(parts); // nothing may come to be stored once the transaction is aborted
    await Promise.all(parts);
  }

  /** @throws also when the answer is lost: then it may have been committed */
  async commit(): Promise<void> {
    const { id } = this.transactional;
    await this.brokers.coordinators.ask("transaction", id, (broker) =>
      endTransaction(broker, this.transactional, true),
    );
  }

  /** One try: the next owner of the id aborts what is left open, and Kafka does so when nobody comes. */
  async abort(): Promise<void> {
    const { id } = this.transactional;
    const end = (broker: BrokerConnection) => endTransaction(broker, this.transactional, false);
    await this.brokers.coordinators.askOnce("transaction", id, end).catch(() => {});
  }

  /** To the leaders side by side, to each one request after the other. */
  private async sendAll(deliveries: readonly Delivery[], signal: AbortSignal): Promise<void> {
    if (deliveries.length === 0) return;
    if (deliveries.some((delivery) => this.leaderOf(delivery) < 0)) await this.findLeaders(deliveries, signal);
    const lanes = requestsOf(deliveries, (delivery) => this.leaderOf(delivery)).values();
    const sent = [...lanes].map(async (requests) => {
      for (const request of requests) await this.send(request, signal);
    });
    await Promise.allSettled(sent);
    await Promise.all(sent);
  }

  /** Resolves when each part is stored; one that is not goes to whoever leads its partition by then. */
  private async send(deliveries: readonly Delivery[], signal: AbortSignal): Promise<void> {
    const retries = new Retries(retrying, signal);
    let left = deliveries.map((delivery) => this.batchOf(delivery));
    for (;;) {
      const failures: unknown[] = [];
      const byLeader = groupBy(left, (batch) => this.leaderOf(batch));
      const parts = [...byLeader].map(([node, batches]) => this.produce(node, batches, failures));
      left = (await Promise.all(parts)).flat();
      if (left.length === 0) return;
      await retries.pause(failures.find((failure) => !mayPass(failure)) ?? failures[0]);
      await this.findLeaders(left, signal);
    }
  }

  /** @returns the batches that are not known to be stored; `failures` says why */
  private async produce(node: number, batches: OutgoingBatch[], failures: unknown[]): Promise<OutgoingBatch[]> {
    const { id, producer } = this.transactional;
    let broker: BrokerConnection | undefined;
    try {
      const request = await produceRequest(batches, producer, { transactionalId: id });
      broker = await this.brokers.cluster.node(node);
      const codes = produceCodes(await broker.exchange(request), batches);
      const refused = batches.filter((_, n) => codes[n] !== 0 && codes[n] !== duplicateSequence);
      for (const batch of refused) failures.push(protocolError(codes[batches.indexOf(batch)]!));
      return refused;
    } catch (error) {
      if (!isAnswer(error)) broker?.close();
      failures.push(error);
      return batches;
    }
  }

  /** Number of the broker; -1 while there is none, or none is known. */
  private leaderOf({ topic, partition }: TransactionPartition): number {
    return this.topics.get(topic)?.partitions.get(partition)?.leader ?? -1;
  }

  private async findLeaders(places: readonly TransactionPartition[], signal: AbortSignal): Promise<void> {
    const names = new Set(places.map(({ topic }) => topic));
    const { topics } = await new Retries(retrying, signal).until(() => this.brokers.cluster.metadata([...names]));
    this.topics = new Map([...this.topics, ...topics]);
  }

  private batchOf({ topic, partition, messages }: Delivery): OutgoingBatch {
    const place = `${topic}/${partition}`;
    const firstSequence = this.sequences.get(place) ?? 0;
    this.sequences.set(place, (firstSequence + messages.length) % 2 ** 31);
    const timestampMs = Date.now();
    return { topic, partition, firstSequence, records: messages.map((message) => ({ ...message, timestampMs })) };
  }
}
