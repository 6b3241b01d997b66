import { constants, gunzipSync } from "node:zlib";
import { BootcampError } from "../errors";
import { expectArgument } from "../expect";
import { BLOCK_BYTES, countCard, type FitsValue, readHeader } from "./fits-header";

export type FitsPixels = Float32Array | Float64Array;

/** One header-and-data unit. `pixels` is null where it holds no two-dimensional image. */
export interface FitsImage {
  readonly header: Readonly<Record<string, FitsValue>>;
  /** EXTNAME, "" for the primary unit. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly pixels: FitsPixels | null;
}

/** Inflated size beyond which data are taken for a bomb: 100 times the largest cutout either survey sends (166 kB). */
export const MAX_FITS_BYTES = 16 * 1024 * 1024;
/** What gzip is unpacked into piece by piece: a ZTF cutout (20,160 bytes) fits one, which saves a tenth of the time. */
const INFLATED_PIECE = 32 * 1024;
const MAX_UNITS = 16;
/** As many as there are 4-byte numbers in so many bytes: of bytes, a gzip of 15 kB could hold 16 million to be made doubles. */
const MAX_PIXELS = MAX_FITS_BYTES / 4;

/**
 * Inflates gzip data; anything else is returned as it is.
 *
 * @param maxBytes inflated size at which to stop, default 16 MiB
 * @throws GZIP when the data are damaged, cut short, or inflate beyond `maxBytes`
 */
export function inflateFits(bytes: Buffer, maxBytes = MAX_FITS_BYTES): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, {
      maxOutputLength: maxBytes,
      finishFlush: constants.Z_FINISH,
      chunkSize: INFLATED_PIECE,
    });
  } catch (cause) {
    const tooLarge = (cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    const got = tooLarge ? `more than ${maxBytes} bytes` : (cause as Error).message;
    throw new BootcampError("GZIP", `Expected a gzip stamp of at most ${maxBytes} bytes when inflated, got ${got}`, {
      cause,
    });
  }
}

/**
 * Reads every image of a FITS file, plain or gzipped.
 *
 * All six BITPIX, BSCALE, BZERO and BLANK; tables are skipped. Integers of 64 bits become doubles. No pixel array is
 * made before its bytes are known to be there, so memory stays within a few times the input.
 *
 * @throws FITS for anything that is not FITS, is cut short, or is compressed by tiles; GZIP see {@link inflateFits}
 * @example
 * const [image, variance] = readFits(readFileSync("stamp.fits.gz"));
 */
export function readFits(bytes: Buffer, maxBytes = MAX_FITS_BYTES): FitsImage[] {
  expectArgument("bytes", bytes, "the bytes of a FITS file");
  const data = inflateFits(bytes, maxBytes);
  if (data.length > maxBytes) {
    throw new BootcampError("FITS", `Expected at most ${maxBytes} bytes of FITS, got ${data.length}`);
  }
  if (!/^SIMPLE *=/.test(data.toString("latin1", 0, 30))) {
    const start = JSON.stringify(data.toString("latin1", 0, 16));
    throw new BootcampError(
      "FITS",
      `Expected FITS, beginning with "SIMPLE  =", got ${data.length} bytes beginning with ${start}`,
    );
  }
  const units: FitsImage[] = [];
  let at = 0;
  while (units.length < MAX_UNITS && (at === 0 || data.toString("latin1", at, at + 8) === "XTENSION")) {
    const { values: header, end } = readHeader(data, at);
    const size = dataBytes(header);
    if (end + size > data.length) {
      const place = `unit ${units.length} (BITPIX ${header.BITPIX}, ${axes(header).join(" × ")})`;
      throw new BootcampError(
        "FITS",
        `Expected ${size} bytes of data in ${place}, got ${Math.max(0, data.length - end)}`,
      );
    }
    units.push(readUnit(header, data.subarray(end, end + size)));
    at = end + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return units;
}

function axes(header: Record<string, FitsValue>): number[] {
  const count = countCard(header, "NAXIS");
  if (count > 999) throw new BootcampError("FITS", `Expected NAXIS of at most 999, got ${count}`);
  return Array.from({ length: count }, (_, axis) => countCard(header, `NAXIS${axis + 1}`));
}

function dataBytes(header: Record<string, FitsValue>): number {
  const bitpix = header.BITPIX;
  if (typeof bitpix !== "number" || ![8, 16, 32, 64, -32, -64].includes(bitpix)) {
    throw new BootcampError("FITS", `Expected BITPIX of 8, 16, 32, 64, -32 or -64, got ${String(bitpix)}`);
  }
  const lengths = axes(header);
  if (lengths.length === 0) return 0;
  const items = lengths.reduce((product, length) => product * length, 1);
  return (Math.abs(bitpix) / 8) * countCard(header, "GCOUNT", 1) * (countCard(header, "PCOUNT", 0) + items);
}

function readUnit(header: Record<string, FitsValue>, data: Buffer): FitsImage {
  const [width = 0, height = 0, ...deeper] = axes(header);
  const name = String(header.EXTNAME ?? "");
  if (header.ZIMAGE === true) {
    throw new BootcampError("FITS", `Expected plain pixels, got tile-compressed ones in ${name || "a table"}`, {
      remedy: "unpack the file with funpack first",
    });
  }
  const isImage = header.XTENSION === undefined || String(header.XTENSION).trim() === "IMAGE";
  const isFlat = deeper.every((length) => length === 1);
  if (!isImage || !isFlat || width * height === 0) return { header, name, width, height, pixels: null };
  if (width * height > MAX_PIXELS) {
    throw new BootcampError("FITS", `Expected a stamp of at most ${MAX_PIXELS} pixels, got ${width} × ${height}`);
  }
  return { header, name, width, height, pixels: readPixels(header, data, width * height) };
}

function readPixels(header: Record<string, FitsValue>, data: Buffer, count: number): FitsPixels {
  const bitpix = header.BITPIX as number;
  const bytes = (count * Math.abs(bitpix)) / 8;
  if (bytes > data.length) {
    // GCOUNT of 0 makes the data of a unit smaller than its image
    throw new BootcampError("FITS", `Expected ${bytes} bytes for ${count} pixels, got ${data.length}`);
  }
  const raw = rawPixels(bitpix, data, count);
  const scale = header.BSCALE ?? 1;
  const zero = header.BZERO ?? 0;
  if (typeof scale !== "number" || typeof zero !== "number") {
    throw new BootcampError("FITS", `Expected numbers for BSCALE and BZERO, got ${String(scale)} and ${String(zero)}`);
  }
  // BLANK applies to stored integers only (FITS standard, section 5.3).
  const blank = bitpix > 0 ? header.BLANK : undefined;
  if (scale === 1 && zero === 0 && blank === undefined) return raw;
  const pixels = new Float64Array(count);
  for (let i = 0; i < count; i++) pixels[i] = raw[i] === blank ? Number.NaN : zero + scale * raw[i]!;
  return pixels;
}

/** Big-endian values as stored. Floats are byte-swapped in one go: 20 times faster than reading them one by one. */
function rawPixels(bitpix: number, data: Buffer, count: number): FitsPixels {
  if (bitpix < 0) {
    const bytes = new ArrayBuffer((count * -bitpix) / 8);
    const copy = Buffer.from(bytes);
    data.copy(copy, 0, 0, copy.length);
    if (bitpix === -32) copy.swap32();
    else copy.swap64();
    return bitpix === -32 ? new Float32Array(bytes) : new Float64Array(bytes);
  }
  // 8 and 16 bits fit a float exactly, 32 and 64 need a double.
  const pixels = bitpix <= 16 ? new Float32Array(count) : new Float64Array(count);
  const read = {
    8: (i: number) => data[i]!,
    16: (i: number) => data.readInt16BE(2 * i),
    32: (i: number) => data.readInt32BE(4 * i),
    64: (i: number) => Number(data.readBigInt64BE(8 * i)),
  }[bitpix as 8 | 16 | 32 | 64];
  for (let i = 0; i < count; i++) pixels[i] = read(i);
  return pixels;
}
