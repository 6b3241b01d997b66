import { BootcampError, messageOf } from "../../errors";
import { expandBatch } from "./codecs";
import { crc32c } from "./crc32c";
import type { AbortedTransaction } from "./fetch-request";
import { type Message, RecordView } from "./record";

/** Where the parts of a batch of format 2 begin. Source: KIP-98, "Message Format". */
const field = {
  length: 8,
  magic: 16,
  checksum: 17,
  attributes: 21,
  lastOffset: 23,
  baseTime: 27,
  maxTime: 35,
  producer: 43,
  count: 57,
};
const headerBytes = 61;
/** Offset and length come before what the length counts. */
const prefixBytes = 12;
const flags = { codec: 7, logAppendTime: 8, inTransaction: 16, isControl: 32 };

/** A batch of an answer whose records were not looked at yet. */
export interface RecordBatch {
  /** Header and records, a view into the answer. */
  readonly bytes: Buffer;
  readonly baseOffset: bigint;
  /** The offset after its last one, also when compaction has left no record of it. */
  readonly nextOffset: bigint;
}

/**
 * The batches of an answer, from their headers alone. One that the limit of the request cut short is left out.
 *
 * @throws BATCH_CORRUPT when the bytes are no batches
 */
export function batchesIn(records: Buffer): RecordBatch[] {
  const batches: RecordBatch[] = [];
  for (let at = 0; at + headerBytes <= records.length; ) {
    const end = at + prefixBytes + records.readInt32BE(at + field.length);
    if (end > records.length) break;
    const bytes = records.subarray(at, end);
    const baseOffset = bytes.readBigInt64BE(0);
    const magic = records[at + field.magic];
    const lastOffset = bytes.length < headerBytes ? -1 : bytes.readInt32BE(field.lastOffset);
    if (magic !== 2 || lastOffset < 0) {
      const got = magic === 2 ? "one that is damaged" : `one of format ${magic}`;
      throw new BootcampError("BATCH_CORRUPT", `Expected a batch in the format of Kafka 0.11 (2), got ${got}`, {
        where: `offset ${baseOffset}`,
      });
    }
    batches.push({ bytes, baseOffset, nextOffset: baseOffset + BigInt(lastOffset) + 1n });
    at = end;
  }
  return batches;
}

/**
 * Tells which transactions of one answer were aborted. The broker lists them in the order of their ends; a producer's
 * records count as aborted from the first offset of the entry to its abort marker. The way is that of Kafka's own consumer.
 */
export class AbortedFilter {
  private readonly waiting: AbortedTransaction[];
  private readonly aborted = new Set<bigint>();

  constructor(transactions: readonly AbortedTransaction[]) {
    this.waiting = [...transactions].sort((a, b) => Number(a.firstOffset - b.firstOffset));
  }

  /** True when the records of this batch do not count. To be asked for every batch, in order. */
  hides({ bytes, nextOffset }: RecordBatch): boolean {
    while (this.waiting[0] && this.waiting[0].firstOffset < nextOffset)
      this.aborted.add(this.waiting.shift()!.producerId);
    const attributes = bytes.readInt16BE(field.attributes);
    const producerId = bytes.readBigInt64BE(field.producer);
    if ((attributes & flags.isControl) === 0)
      return (attributes & flags.inTransaction) !== 0 && this.aborted.has(producerId);
    if (isAbortMarker(bytes)) this.aborted.delete(producerId);
    return true;
  }
}

/** Key of a control record: version and type, both 16 bits; type 0 ends an aborted transaction, 1 a committed one. */
function isAbortMarker(bytes: Buffer): boolean {
  if (bytes.readInt32BE(field.count) === 0 || bytes.length < headerBytes + 8) return false;
  const { key } = RecordView.at(bytes, headerBytes, 0n, 0).record;
  return key !== null && key.length >= 4 && key.readInt16BE(2) === 0;
}

/**
 * The messages of a batch. What cannot be read is one message with an error, at the offset where the batch begins or
 * from where it is damaged; the rest of the topic is not concerned.
 *
 * @returns at once for a batch that is not compressed
 */
export function messagesOf(partition: number, batch: RecordBatch): Message[] | Promise<Message[]> {
  const { bytes, baseOffset } = batch;
  const codec = bytes.readInt16BE(field.attributes) & flags.codec;
  if (bytes.readInt32BE(field.count) === 0) return [];
  if (crc32c(bytes.subarray(field.attributes)) !== bytes.readUInt32BE(field.checksum)) {
    return [unreadable(partition, baseOffset, batch, new Error("its checksum does not fit"))];
  }
  if (codec === 0) return recordsIn(partition, batch, bytes, headerBytes);
  return expandBatch(codec, bytes.subarray(headerBytes)).then(
    (expanded) => recordsIn(partition, batch, expanded, 0),
    (error) => [unreadable(partition, baseOffset, batch, error)],
  );
}

function recordsIn(partition: number, batch: RecordBatch, records: Buffer, from: number): Message[] {
  const { bytes, baseOffset, nextOffset } = batch;
  const isAppendTime = (bytes.readInt16BE(field.attributes) & flags.logAppendTime) !== 0;
  const baseMs = Number(bytes.readBigInt64BE(field.baseTime));
  const appendMs = isAppendTime ? Number(bytes.readBigInt64BE(field.maxTime)) : undefined;
  const messages: Message[] = [];
  let after = baseOffset;
  try {
    for (let at = from, left = bytes.readInt32BE(field.count); left > 0; left--) {
      const { record, next } = RecordView.at(records, at, baseOffset, baseMs, appendMs);
      const offset = baseOffset + BigInt(record.offsetInBatch);
      if (offset < after || offset >= nextOffset) throw new RangeError("its offsets are not in order");
      messages.push({ partition, offset, message: record });
      after = offset + 1n;
      at = next;
    }
  } catch (error) {
    messages.push(unreadable(partition, after, batch, error));
  }
  return messages;
}

function unreadable(partition: number, offset: bigint, { nextOffset }: RecordBatch, error: unknown): Message {
  const last = nextOffset - 1n;
  const range = last > offset ? `offsets ${offset} to ${last}` : `offset ${offset}`;
  const text = error instanceof BootcampError ? error.message : `Expected a batch of messages: ${messageOf(error)}`;
  const message = { key: null, value: null, headers: {}, timestamp: "0", offset: String(offset) };
  return {
    partition,
    offset,
    message,
    error: new BootcampError("BATCH_CORRUPT", `${text} (${range})`, { cause: error }),
  };
}
