import { type Compression, compressionNumber, compressRecords } from "./codecs";
import { crc32c } from "./crc32c";
import type { HeaderValue, OutgoingRecord, RecordHeaders } from "./record";
import { varintLength, writeVarint } from "./wire";

/** Who writes: Kafka stores no batch of one producer twice (KIP-98). */
export interface BatchProducer {
  readonly id: bigint;
  readonly epoch: number;
}

export interface BatchSettings {
  readonly producer: BatchProducer;
  readonly firstSequence: number;
  readonly compression?: Compression | undefined;
  /** The records are seen by readers of committed messages once their transaction is committed. */
  readonly isTransactional?: boolean | undefined;
}

/** Bytes before the records. */
const headerBytes = 61;
/** What the checksum does not cover: base offset, length, leader epoch, magic, the checksum. */
const uncheckedBytes = 21;
const transactionalAttribute = 0x10;

/** Bytes of a record batch, which it has at most when it is compressed. */
export function batchBytes(records: readonly OutgoingRecord[]): number {
  const first = records[0]?.timestampMs ?? 0;
  let bytes = headerBytes;
  for (const [index, record] of records.entries()) {
    const size = recordBytes(record, index, first);
    bytes += varintLength(size) + size;
  }
  return bytes;
}

/**
 * Writes one record batch (magic 2) of a produce request, each byte of the records copied once.
 *
 * Source: Kafka's protocol guide, "Record Batch"; KIP-98.
 *
 * @param buffer has room for {@link batchBytes} from `start` on
 * @returns where the batch ends
 */
export async function writeRecordBatch(
  buffer: Buffer,
  start: number,
  records: readonly OutgoingRecord[],
  { producer, firstSequence, compression, isTransactional = false }: BatchSettings,
): Promise<number> {
  const first = records[0]?.timestampMs ?? 0;
  let end = start + headerBytes;
  for (const [index, record] of records.entries()) end = writeRecord(buffer, end, record, index, first);
  let codec = compressionNumber(compression);
  if (compression !== undefined && compression !== "none") {
    const plain = buffer.subarray(start + headerBytes, end);
    const compressed = await compressRecords(compression, plain);
    if (compressed.length < plain.length) end = start + headerBytes + compressed.copy(plain);
    else codec = 0; // what does not become smaller is sent as it is
  }
  const batch = buffer.subarray(start, end);
  writeHeader(batch, records, producer, firstSequence, codec | (isTransactional ? transactionalAttribute : 0));
  return end;
}

function writeHeader(
  batch: Buffer,
  records: readonly OutgoingRecord[],
  producer: BatchProducer,
  firstSequence: number,
  attributes: number,
): void {
  const first = records[0]?.timestampMs ?? 0;
  const last = records.reduce((latest, { timestampMs }) => Math.max(latest, timestampMs), first);
  const bytesAfterLength = batch.length - 12;
  let at = batch.writeBigInt64BE(0n, 0); // base offset: the broker's
  at = batch.writeInt32BE(bytesAfterLength, at);
  at = batch.writeInt32BE(-1, at); // leader epoch: the broker's
  at = batch.writeInt8(2, at); // magic
  at = batch.writeUInt32BE(0, at); // checksum, below
  at = batch.writeInt16BE(attributes, at);
  at = batch.writeInt32BE(records.length - 1, at); // last offset delta
  at = batch.writeBigInt64BE(BigInt(first), at);
  at = batch.writeBigInt64BE(BigInt(last), at);
  at = batch.writeBigInt64BE(producer.id, at);
  at = batch.writeInt16BE(producer.epoch, at);
  at = batch.writeInt32BE(firstSequence, at);
  batch.writeInt32BE(records.length, at);
  batch.writeUInt32BE(crc32c(batch.subarray(uncheckedBytes)), uncheckedBytes - 4);
}

const bytesOf = (text: Buffer | string | null | undefined): number =>
  text === null || text === undefined ? 0 : typeof text === "string" ? Buffer.byteLength(text) : text.length;

/** Bytes of a field that has its length before it; null and undefined have the length −1 and no bytes. */
const fieldBytes = (field: HeaderValue): number => {
  const length = bytesOf(field);
  return field === null || field === undefined ? 1 : varintLength(length) + length;
};

function* headersOf(headers: RecordHeaders | undefined): Generator<readonly [string, HeaderValue]> {
  if (!headers) return;
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (Array.isArray(value)) for (const one of value) yield [name, one];
    else yield [name, value as HeaderValue];
  }
}

function recordBytes({ key, value, headers, timestampMs }: OutgoingRecord, index: number, first: number): number {
  let bytes = 1 + varintLength(timestampMs - first) + varintLength(index) + fieldBytes(key) + fieldBytes(value);
  let count = 0;
  for (const [name, content] of headersOf(headers)) {
    bytes += fieldBytes(name) + fieldBytes(content);
    count++;
  }
  return bytes + varintLength(count);
}

function writeRecord(buffer: Buffer, start: number, record: OutgoingRecord, index: number, first: number): number {
  const { key, value, headers, timestampMs } = record;
  let at = writeVarint(buffer, start, recordBytes(record, index, first));
  buffer[at++] = 0; // attributes: none are defined
  at = writeVarint(buffer, at, timestampMs - first);
  at = writeVarint(buffer, at, index);
  at = writeField(buffer, at, key);
  at = writeField(buffer, at, value);
  const all = [...headersOf(headers)];
  at = writeVarint(buffer, at, all.length);
  for (const [name, content] of all) at = writeField(buffer, writeField(buffer, at, name), content);
  return at;
}

function writeField(buffer: Buffer, start: number, field: HeaderValue): number {
  if (field === null || field === undefined) return writeVarint(buffer, start, -1);
  const at = writeVarint(buffer, start, bytesOf(field));
  return at + (typeof field === "string" ? buffer.write(field, at) : field.copy(buffer, at));
}
