import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { expansionLimit, gunzip, unsnappy, unzstd } from "../../avro/decompress";
import { BootcampError, messageOf, usageError } from "../../errors";

/** How Kafka compresses a batch of messages; the number is Kafka's. */
export const compressionNumbers = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const;

/** Compression of the messages of a request. gzip makes real ZTF alerts a third smaller: their schema, not their stamps. */
export type Compression = keyof typeof compressionNumbers;

/** @throws USAGE for a name that is none of Kafka's codecs */
export function compressionNumber(name: Compression | undefined): number {
  const number = compressionNumbers[name ?? "none"];
  if (number === undefined) throw usageError(`a compression of ${Object.keys(compressionNumbers).join(", ")}`, name);
  return number;
}

interface Codec {
  compress(records: Buffer): Promise<Buffer>;
  decompress(batch: Buffer): Promise<Buffer>;
}

const gzipped = promisify(gzip);

/** The libraries behind these are loaded when the first batch of their kind comes or goes. */
const codecs: Record<Exclude<Compression, "none">, Codec> = {
  gzip: { compress: (records) => gzipped(records), decompress: async (batch) => gunzip(batch) },
  snappy: { compress: async (records) => snappy(records), decompress: async (batch) => snappyBatch(batch) },
  lz4: { compress: (records) => lz4().compressFrame(records), decompress: async (batch) => lz4Batch(batch) },
  zstd: { compress: zstd, decompress: zstdBatch },
};

/** The records of a batch, compressed. */
export const compressRecords = (name: Exclude<Compression, "none">, records: Buffer): Promise<Buffer> =>
  codecs[name].compress(records);

/**
 * The records of a compressed batch.
 *
 * @param number Kafka's number of the codec
 * @throws BATCH_CORRUPT when they do not expand, or to more than a batch of alerts can
 */
export async function expandBatch(number: number, batch: Buffer): Promise<Buffer> {
  const [name] = Object.entries(compressionNumbers).find(([, known]) => known === number) ?? [`codec ${number}`];
  try {
    const codec = codecs[name as keyof typeof codecs];
    if (!codec) throw new Error("no such compression is known");
    return await codec.decompress(batch);
  } catch (error) {
    throw new BootcampError("BATCH_CORRUPT", `Expected a ${name} batch, its bytes do not expand: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function snappy(bytes: Buffer): Buffer {
  const { compress } = require("snappyjs") as { compress(bytes: Buffer): Buffer };
  return compress(bytes); // raw, as librdkafka writes it; Java's client reads both framings
}

/** First bytes of the framing of xerial's snappy-java, which Kafka's own client writes. */
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const xerialHeader = 16; // magic, version, lowest compatible version

function snappyBatch(batch: Buffer): Buffer {
  if (!batch.subarray(0, 8).equals(xerialMagic)) return unsnappy(batch);
  const limit = expansionLimit(batch.length);
  const chunks: Buffer[] = [];
  let total = 0;
  for (let at = xerialHeader; at < batch.length; ) {
    const length = batch.readInt32BE(at);
    at += 4;
    if (length < 0 || at + length > batch.length) throw new Error("a chunk ends after the batch");
    const chunk = unsnappy(batch.subarray(at, at + length));
    at += length;
    total += chunk.length;
    if (total > limit) throw new RangeError(`they expand to more than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, total);
}

const lz4 = () => require("lz4-napi") as typeof import("lz4-napi");

/** The decoder cannot be told to stop, so the blocks are counted first: none expands beyond the frame's block size. */
function lz4Batch(batch: Buffer): Buffer {
  const limit = expansionLimit(batch.length);
  if (lz4Bound(batch) > limit) throw new RangeError(`they expand to more than ${limit} bytes`);
  return lz4().decompressFrameSync(batch);
}

/**
 * At most so many bytes come out of an LZ4 frame; less than a block more than do.
 * Source: the LZ4 frame format 1.6, frame descriptor and data blocks.
 */
function lz4Bound(frame: Buffer): number {
  const frameMagic = 0x184d2204;
  if (frame.readUInt32LE(0) !== frameMagic) throw new Error("they do not begin as an LZ4 frame");
  const flags = frame[4]!;
  const [hasBlockChecksum, hasContentSize, hasDictionary] = [flags & 0x10, flags & 0x08, flags & 0x01];
  const blockBytes = 2 ** (8 + 2 * ((frame[5]! >> 4) & 7)); // 4: 64 KiB … 7: 4 MiB
  let total = 0;
  for (let at = 7 + (hasContentSize ? 8 : 0) + (hasDictionary ? 4 : 0); at + 4 <= frame.length; ) {
    const size = frame.readUInt32LE(at);
    if (size === 0) break;
    total += size >= 2 ** 31 ? size - 2 ** 31 : blockBytes;
    at += 4 + (size % 2 ** 31) + (hasBlockChecksum ? 4 : 0);
  }
  return total;
}

let zstdReady: Promise<typeof import("@bokuweb/zstd-wasm")> | undefined;
const zstdWasm = () =>
  (zstdReady ??= (async () => {
    const library = require("@bokuweb/zstd-wasm") as typeof import("@bokuweb/zstd-wasm");
    await library.init();
    return library;
  })());

async function zstd(bytes: Buffer): Promise<Buffer> {
  return Buffer.from((await zstdWasm()).compress(bytes));
}

/** Beyond this the decoder in WebAssembly, five times as fast, is not used: it never gives memory back. */
const maxWasmBytes = 32 * 1024 * 1024;

async function zstdBatch(batch: Buffer): Promise<Buffer> {
  const size = zstdContentSize(batch);
  if (size === undefined || size === 0 || size > maxWasmBytes) return unzstd(batch);
  try {
    const bytes = (await zstdWasm()).decompress(batch);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch {
    return unzstd(batch); // several frames, of which only the first was counted; or damage, which this one names
  }
}

/** Size after decompression from the frame's header; undefined when it gives none, as Java's client does. RFC 8878 §3.1.1.1. */
function zstdContentSize(frame: Buffer): number | undefined {
  if (frame.length < 18 || frame.readUInt32LE(0) !== 0xfd2fb528) return undefined;
  const descriptor = frame[4]!;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const at = 5 + (isSingleSegment ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]!;
  switch (descriptor >> 6) {
    case 0:
      return isSingleSegment ? frame[at] : undefined;
    case 1:
      return frame.readUInt16LE(at) + 256;
    case 2:
      return frame.readUInt32LE(at);
    default:
      return Number(frame.readBigUInt64LE(at));
  }
}
