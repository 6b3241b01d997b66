import { gunzipSync, inflateRawSync } from "node:zlib";

/** Largest piece after decompression, bytes. A visit of 10,000 full Rubin packets in one piece is 3 GB and is refused. */
export const maxExpandedBytes = 512 * 1024 * 1024;
/** Alerts expand 2- to 10-fold, a bomb of zeros a thousandfold. */
const maxRatio = 200;
const alwaysAllowed = 64 * 1024 * 1024;

/** What a piece may expand to: 64 MiB at least, 200-fold, and never more than {@link maxExpandedBytes}. */
export function expansionLimit(compressedBytes: number): number {
  return Math.min(maxExpandedBytes, Math.max(alwaysAllowed, maxRatio * compressedBytes));
}

const tooLarge = (limit: number) => new RangeError(`they expand to more than ${limit} bytes`);

export const gunzip = (data: Buffer): Buffer => gunzipSync(data, { maxOutputLength: expansionLimit(data.length) });

export const inflate = (data: Buffer): Buffer => inflateRawSync(data, { maxOutputLength: expansionLimit(data.length) });

/** Raw Snappy, without any framing. */
export function unsnappy(data: Buffer): Buffer {
  const { uncompress } = require("snappyjs") as { uncompress(data: Buffer, maxLength: number): Buffer };
  return uncompress(data, expansionLimit(data.length));
}

/** Zstandard frames. */
export function unzstd(data: Buffer): Buffer {
  const { Decompress } = require("fzstd") as typeof import("fzstd");
  if (data.length < 5) throw new Error("they are too short for a frame"); // the decoder takes them for nothing at all
  const sink = new Sink(expansionLimit(data.length));
  let isWhole = false;
  const stream = new Decompress((piece, final) => {
    sink.add(piece);
    isWhole = final === true;
  });
  stream.push(data, true);
  if (!isWhole) throw new Error("they end too early");
  return sink.end();
}

interface ByteStream {
  writeByte(byte: number): void;
}

/** Bzip2. */
export function unbzip2(data: Buffer): Buffer {
  const bunzip = require("seek-bzip") as { decode(data: Buffer, output: ByteStream): void };
  const sink = new Sink(expansionLimit(data.length));
  const page = Buffer.alloc(65536);
  let used = 0;
  bunzip.decode(data, {
    writeByte(byte) {
      page[used++] = byte;
      if (used === page.length) used = sink.add(page);
    },
  });
  sink.add(page.subarray(0, used));
  return sink.end();
}

/** XZ: the size is read from the data first, since the decoder cannot be told to stop. */
export function unxz(data: Buffer): Buffer {
  const limit = expansionLimit(data.length);
  if (xzSize(data) > limit) throw tooLarge(limit);
  const { xz } = require("@napi-rs/lzma") as typeof import("@napi-rs/lzma");
  return xz.decompressSync(data);
}

/**
 * Size after decompression, from the headers of the LZMA2 chunks, which a decoder follows to the byte: the sizes in
 * header and index of the file may be left out or forged.
 * Source: the .xz file format 1.2.1, §3, and the LZMA2 chunk headers of the reference decoder.
 */
function xzSize(data: Buffer): number {
  const streamHeader = 12;
  let total = 0;
  let at = streamHeader;
  const checkBytes = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64][data[7]! & 15]!;
  // a block begins with the size of its header; 0 there begins the index
  while (at < data.length && data[at] !== 0) {
    at += (data[at]! + 1) * 4;
    for (let control = data[at]!; control !== 0; control = data[at]!) {
      if (at + 6 > data.length) throw new Error("they end too early");
      if (control >= 0x80) {
        total += (((control & 0x1f) << 16) | data.readUInt16BE(at + 1)) + 1;
        at += (control >= 0xc0 ? 6 : 5) + data.readUInt16BE(at + 3) + 1;
      } else {
        const size = data.readUInt16BE(at + 1) + 1; // stored as it is
        total += size;
        at += 3 + size;
      }
    }
    at += 1;
    at += (4 - (at % 4)) % 4; // blocks are padded to four bytes; the stream header is twelve
    at += checkBytes;
  }
  return total;
}

/** Collects pieces up to a limit. */
class Sink {
  private readonly pieces: Buffer[] = [];
  private length = 0;

  constructor(private readonly limit: number) {}

  /** Takes a copy of the piece: decoders use their buffers again. */
  add(piece: Uint8Array): 0 {
    this.length += piece.length;
    if (this.length > this.limit) throw tooLarge(this.limit);
    if (piece.length > 0) this.pieces.push(Buffer.from(piece));
    return 0;
  }

  end(): Buffer {
    return Buffer.concat(this.pieces, this.length);
  }
}
