import { constants, crc32, deflateRawSync } from "node:zlib";

/** Size of a ZTF cutout, pixels on a side. */
export const stampSize = 63;

const cards = [
  "SIMPLE  =                    T",
  "BITPIX  =                  -32",
  "NAXIS   =                    2",
  `NAXIS1  = ${String(stampSize).padStart(20)}`,
  `NAXIS2  = ${String(stampSize).padStart(20)}`,
  "BUNIT   = 'DN      '",
  "END",
];
const header = Buffer.from(
  cards
    .map((card) => card.padEnd(80))
    .join("")
    .padEnd(2880),
  "latin1",
);

const dataBytes = stampSize * stampSize * 4;
const fileBytes = 2880 + Math.ceil(dataBytes / 2880) * 2880;
const file = Buffer.concat([header], fileBytes);
const floats = new Float32Array(file.buffer, file.byteOffset + header.length, stampSize * stampSize);
const bits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
const data = file.subarray(header.length, header.length + dataBytes);
/** Pixels are kept to 1/32 DN, a hundredth of the noise: with fewer bits of noise a stamp packs to the size of a real one. */
const perDn = 32;
const blank = 0x7fc00000; // one fixed NaN: the bits of a computed NaN may differ between machines
const littleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** The value that is kept of a pixel. */
export const steppedDn = (value: number): number => Math.floor(value * perDn + 0.5) / perDn;

/** A 63×63 float32 image as a FITS file, without compression; the next call overwrites it. */
export function fitsOf(pixels: Float64Array): Buffer {
  for (let i = 0; i < floats.length; i++) {
    const value = pixels[i]!;
    if (Number.isNaN(value)) bits[i] = blank;
    else floats[i] = steppedDn(value);
  }
  if (littleEndian) data.swap32();
  return file;
}

/**
 * gzip with the same bytes on every machine.
 *
 * zlib's search for repetitions differs between its builds (Node carries Chromium's), and so would the result. With Huffman codes
 * alone and one block (`memLevel` 9 holds 32,767 symbols) nothing is left to choose; noise has no repetitions to find anyway.
 * The header is written here: no time, no name, system unknown.
 */
export function gzipSame(bytes: Buffer): Buffer {
  const packed = deflateRawSync(bytes, packing);
  const file = Buffer.alloc(packed.length + 18);
  file.writeUInt32BE(0x1f8b0800, 0);
  file[9] = 255;
  packed.copy(file, 10);
  file.writeUInt32LE(crc32(bytes) >>> 0, packed.length + 10);
  file.writeUInt32LE(bytes.length, packed.length + 14);
  return file;
}

// a small window and an output buffer of the right size are set up a quarter quicker; the bytes are the same
const packing = { strategy: constants.Z_HUFFMAN_ONLY, memLevel: 9, windowBits: 12, chunkSize: 16_384 };
