import { crc32 } from "node:zlib";
import { BootcampError, messageOf } from "../errors";
import { inflate, unbzip2, unsnappy, unxz, unzstd } from "./decompress";

/** How a container's blocks are compressed → bytes of the block. */
const codecs: Record<string, (block: Buffer) => Buffer> = {
  null: (block) => block,
  deflate: inflate,
  snappy: snappyBlock,
  zstandard: unzstd,
  bzip2: unbzip2,
  xz: unxz,
};

/** Avro puts the CRC-32 of the uncompressed bytes behind a snappy block, big-endian. */
function snappyBlock(block: Buffer): Buffer {
  if (block.length < 4) throw new Error("they are shorter than their checksum");
  const bytes = unsnappy(block.subarray(0, -4));
  if (crc32(bytes) !== block.readUInt32BE(block.length - 4)) throw new Error("their checksum differs");
  return bytes;
}

/**
 * Decompresses one block of a container.
 *
 * @param codec value of the container's `avro.codec`
 * @throws AVRO_CODEC for a codec that is not known; AVRO_CORRUPT when the block cannot be decompressed, or expands
 *   beyond what alerts ever do
 */
export function decompressBlock(codec: string, block: Buffer): Buffer {
  const decompress = Object.hasOwn(codecs, codec) ? codecs[codec] : undefined;
  if (!decompress) {
    throw new BootcampError("AVRO_CODEC", `Expected codec ${Object.keys(codecs).join(", ")}, got "${codec}"`);
  }
  try {
    return decompress(block);
  } catch (error) {
    throw new BootcampError("AVRO_CORRUPT", `Expected a ${codec} block, its bytes do not expand: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
