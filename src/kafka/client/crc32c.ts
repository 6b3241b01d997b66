type Checksum = (bytes: Uint8Array) => number;

let native: Checksum | undefined;

/**
 * CRC-32C (Castagnoli) of a buffer, unsigned: the checksum of Kafka's record batches.
 *
 * By `@node-rs/crc32`, which comes prebuilt and reads 10 GB/s; kafkajs computes it byte by byte in JavaScript, which was a
 * fifth of the time of publishing. Where the prebuilt part is missing, a table of 256 entries does it at 0.4 GB/s.
 *
 * @example
 * crc32c(Buffer.from("123456789")); // 0xe3069283
 */
export function crc32c(bytes: Uint8Array): number {
  native ??= load();
  return native(bytes);
}

function load(): Checksum {
  try {
    const { crc32c: checksum } = require("@node-rs/crc32") as typeof import("@node-rs/crc32");
    return (bytes) => checksum(bytes as Buffer) >>> 0;
  } catch {
    return plainCrc32c; // no prebuilt part for this machine
  }
}

const reversedPolynomial = 0x82f63b78;
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ reversedPolynomial : rest >>> 1;
  return rest >>> 0;
});

/** The same by a table, for machines without the prebuilt part, and as the oracle of tests. */
export function plainCrc32c(bytes: Uint8Array): number {
  let rest = 0xffff_ffff;
  for (let at = 0; at < bytes.length; at++) rest = table[(rest ^ bytes[at]!) & 255]! ^ (rest >>> 8);
  return (rest ^ 0xffff_ffff) >>> 0;
}
