import type { BrokerConnection } from "./broker-connection";
import type { Compression } from "./codecs";
import { type OutgoingBatch, produceCodes, produceRequest } from "./produce-request";
import { protocolError } from "./protocol-error";
import { type OutgoingRecord, sizeOf } from "./record";
import type { BatchProducer } from "./record-batch-writer";
import { Retries, type Retrying } from "./retries";
import type { WireReader } from "./wire";

/** Called with the number of messages and the bytes of their values for each part that the broker has acknowledged. */
export type Acknowledged = (count: number, bytes: number) => void;

interface InFlight {
  readonly request: Buffer;
  readonly batch: OutgoingBatch;
  /** Of their values. */
  readonly bytes: number;
  answer: Promise<WireReader>;
}

/** Requests of a producer that Kafka can tell apart by their sequence: it remembers five batches of each (KIP-98). */
const maxInFlight = 4;
/** Bytes of a request. Kafka's default limit of a batch is 1 MB, and larger ones gain nothing on the wire. */
const mostBytes = 1_000_000;
/** A buffer that is used again has room for a batch and what the last message exceeds it by. */
const poolBytes = mostBytes + 400_000;
/** After this long without a word from the leader, an end that is asked for does not wait for answers any more. */
const abandonMs = 2000;

const codes = { none: 0, duplicateSequence: 46 } as const;

/**
 * Sends to one partition: batches in order, several on their way, each answer checked.
 *
 * A request that fails by what passes – a leader that moved, a connection that broke – is sent again with all that
 * followed it, in order and with the same sequence numbers, so that Kafka stores nothing twice and nothing out of order.
 */
export class PartitionSender {
  private connection: BrokerConnection | undefined;
  private readonly window: InFlight[] = [];
  private readonly pools: Buffer[] = [];
  private sequence = 0;
  private sent = 0;

  constructor(
    private readonly target: Pick<OutgoingBatch, "topic" | "partition"> & { compression?: Compression | undefined },
    private readonly producer: BatchProducer,
    private readonly connect: () => Promise<BrokerConnection>,
    private readonly retrying: Retrying,
  ) {}

  /**
   * Resolves when all are acknowledged, or the signal came: then what was on its way is waited for, for two seconds.
   *
   * @param prepare called when a message is put into a batch
   * @throws what Kafka says of a batch, or why the leader cannot be reached
   */
  async send<T>(
    messages: readonly T[],
    prepare: (message: T) => OutgoingRecord,
    acknowledged: Acknowledged,
    signal?: AbortSignal,
  ): Promise<void> {
    const retries = new Retries(this.retrying, signal);
    let records: OutgoingRecord[] = [];
    let size = 0;
    try {
      for (const message of messages) {
        if (signal?.aborted) break;
        const record = prepare(message);
        const more = sizeOf(record);
        if (records.length > 0 && size + more > mostBytes) {
          await this.start(records, acknowledged, retries);
          records = [];
          size = 0;
        }
        records.push(record);
        size += more;
      }
      if (records.length > 0 && !signal?.aborted) await this.start(records, acknowledged, retries);
      while (this.window.length > 0) await this.settleOldest(acknowledged, retries);
    } catch (error) {
      if (!signal?.aborted) throw error;
    } finally {
      // after a failure what was on its way may be stored or not, and nothing may be taken for its answer
      if (this.window.length > 0) this.close();
    }
  }

  close(): void {
    this.connection?.close();
    this.connection = undefined;
    this.window.length = 0;
  }

  private async start(records: OutgoingRecord[], acknowledged: Acknowledged, retries: Retries): Promise<void> {
    while (this.window.length >= maxInFlight) await this.settleOldest(acknowledged, retries);
    const { topic, partition, compression } = this.target;
    const batch = { topic, partition, records, firstSequence: this.sequence };
    const request = await produceRequest([batch], this.producer, { compression, pool: this.pool() });
    this.sequence = (this.sequence + records.length) % 2 ** 31;
    this.connection ??= await retries.until(this.connect);
    const bytes = records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
    this.window.push({ request, batch, bytes, answer: this.write(request) });
  }

  /** One buffer for each request that may be on its way: the oldest is free once the window has room for another. */
  private pool(): Buffer {
    const slot = this.sent++ % maxInFlight;
    return (this.pools[slot] ??= Buffer.allocUnsafeSlow(poolBytes));
  }

  private write(request: Buffer): Promise<WireReader> {
    const answer = this.connection!.exchange(request);
    answer.catch(() => {}); // looked at in its turn
    return answer;
  }

  private async settleOldest(acknowledged: Acknowledged, retries: Retries): Promise<void> {
    const oldest = this.window[0]!;
    let failure: unknown;
    try {
      const [code] = produceCodes(await retries.atMost(oldest.answer, abandonMs), [oldest.batch]) as [number];
      if (code === codes.none || code === codes.duplicateSequence) {
        this.window.shift();
        retries.progressed();
        acknowledged(oldest.batch.records.length, oldest.bytes);
        return;
      }
      failure = protocolError(code);
    } catch (error) {
      failure = error;
    }
    await this.sendAgain(failure, retries);
  }

  private async sendAgain(failure: unknown, retries: Retries): Promise<void> {
    this.connection?.close(); // every answer that is still waited for fails now
    this.connection = undefined;
    await retries.pause(failure);
    this.connection = await retries.until(this.connect);
    for (const one of this.window) one.answer = this.write(one.request);
  }
}
