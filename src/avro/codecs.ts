import { inflateRawSync } from "node:zlib";
import { BootcampError, messageOf } from "../errors";

/** Largest block after decompression, bytes. A visit of 10,000 full Rubin packets in one block is 3 GB and is refused. */
export const maxBlockBytes = 512 * 1024 * 1024;

/** How a container's blocks are compressed → bytes of the block. */
const codecs: Record<string, (block: Buffer) => Buffer> = {
  null: (block) => block,
  deflate: (block) => inflateRawSync(block, { maxOutputLength: maxBlockBytes }),
};

/**
 * Decompresses one block of a container.
 *
 * @param codec value of the container's `avro.codec`
 * @throws AVRO_CODEC for a codec that is not known; AVRO_CORRUPT when the block cannot be decompressed
 */
export function decompressBlock(codec: string, block: Buffer): Buffer {
  const decompress = Object.hasOwn(codecs, codec) ? codecs[codec] : undefined;
  if (!decompress) {
    throw new BootcampError("AVRO_CODEC", `Expected codec ${Object.keys(codecs).join(", ")}, got "${codec}"`);
  }
  try {
    return decompress(block);
  } catch (error) {
    throw new BootcampError(
      "AVRO_CORRUPT",
      `Expected a ${codec} block, got bytes that do not expand: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
}
