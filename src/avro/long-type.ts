import { type Type, types } from "avsc";
import { BootcampError } from "../errors";

/** Of the cursor that avsc reads with, what a long needs. */
interface Tap {
  readonly buf: Buffer;
  pos: number;
}

/** avsc refuses integers above 2^53; every 64-bit id of ZTF and Rubin is one. Here every `long` is a bigint. */
export const plainLongType = types.LongType.__with(
  {
    fromBuffer: readVarint,
    toBuffer: writeVarint,
    fromJSON: BigInt,
    toJSON: String,
    isValid: (value: unknown) => typeof value === "bigint",
    compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
  },
  true,
) as Type & { _read(tap: Tap): bigint | undefined };

/** The same, which reads in place: `plainLongType` makes a view of the bytes of each number, and a bigint of each byte. */
export const longType: Type = Object.create(plainLongType, { _read: { value: readLong } });

/** Where the halves of an integer are joined. */
const joined = new DataView(new ArrayBuffer(8));

function readLong(tap: Tap): bigint | undefined {
  const { buf, pos } = tap;
  let at = pos;
  let byte = buf[at++]!;
  let low = byte & 127;
  for (let shift = 7; byte > 127 && shift < 28; shift += 7) low |= ((byte = buf[at++]!) & 127) << shift;
  let mid = 0;
  for (let shift = 0; byte > 127 && shift < 28; shift += 7) mid |= ((byte = buf[at++]!) & 127) << shift;
  let high = 0;
  for (let shift = 0; byte > 127 && shift < 14; shift += 7) high |= ((byte = buf[at++]!) & 127) << shift;
  if (byte > 127 || at > buf.length) return plainLongType._read(tap); // which says what is wrong
  tap.pos = at;
  const sign = -(low & 1);
  if (at - pos <= 4) return BigInt((low >>> 1) ^ sign);
  const upper = (mid >>> 4) | (high << 24);
  joined.setInt32(0, ((low | (mid << 28)) >>> 1) ^ (upper << 31) ^ sign, true);
  joined.setInt32(4, (upper >>> 1) ^ sign, true);
  return joined.getBigInt64(0, true);
}

function readVarint(bytes: Buffer): bigint {
  if (bytes.length > 10) {
    const got = `${bytes.length} bytes: the bytes do not fit the schema`;
    throw new BootcampError("AVRO_CORRUPT", `Expected a 64-bit integer of at most 10 bytes, got ${got}`);
  }
  const zigzag = BigInt.asUintN(
    64,
    bytes.reduceRight((sum, byte) => (sum << 7n) | BigInt(byte & 127), 0n),
  );
  return zigzag & 1n ? -(zigzag >> 1n) - 1n : zigzag >> 1n;
}

function writeVarint(value: bigint): Buffer {
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  const out: number[] = [];
  do {
    const bits = Number(rest & 127n);
    rest >>= 7n;
    out.push(rest ? bits | 128 : bits);
  } while (rest);
  return Buffer.from(out);
}
