import { type Schema, Type, types } from "avsc";
import { type fields, record, ztfSchema } from "./ztf-schema";

/** 64-bit integers are given as bigint, or as number where they are below 2^53: numbers are quicker to write. */
export const long = types.LongType.__with(
  {
    fromBuffer: () => {
      throw new Error("this type only writes"); // reading is the business of the avro folder
    },
    toBuffer: (value: number | bigint) => zigzag(value),
    fromJSON: BigInt,
    toJSON: String,
    isValid: (value: unknown) => typeof value === "bigint" || Number.isSafeInteger(value),
    compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
  },
  true,
);

const digits = new Uint8Array(10);

export function zigzag(value: number | bigint): Buffer {
  let count = 0;
  let rest: number;
  if (typeof value === "bigint") {
    // ids of 19 digits: the low 28 bits by themselves, so that what remains is exact as a number
    const doubled = BigInt.asUintN(64, value << 1n) ^ (value < 0n ? 0xffffffffffffffffn : 0n);
    let low = Number(doubled & 0xfffffffn);
    rest = Number(doubled >> 28n);
    for (; count < 4 && (rest > 0 || low > 127); low >>>= 7) digits[count++] = (low & 127) | 128;
    if (rest === 0 && count < 4) return written(count, low);
  } else rest = value < 0 ? -2 * value - 1 : 2 * value;
  for (; rest > 127; rest = Math.floor(rest / 128)) digits[count++] = (rest % 128) | 128;
  return written(count, rest);
}

/** The digits so far and a last one. */
function written(count: number, last: number): Buffer {
  const bytes = Buffer.allocUnsafe(count + 1); // of Node's pool: a tenth of what Buffer.from takes for an array
  for (let i = 0; i < count; i++) bytes[i] = digits[i]!;
  bytes[count] = last;
  return bytes;
}

const compiled = new Map<string, Type>();

/** Writes an inner record of a packet by itself: a packet is its parts one after the other. */
export function encodePart(name: keyof typeof fields | "head", value: object): Buffer {
  let type = compiled.get(name);
  if (!type) {
    const schema = name === "head" ? { type: "record", name, fields: ztfSchema.fields.slice(0, 4) } : record(name);
    type = Type.forSchema(schema as Schema, { registry: { long } } as never);
    compiled.set(name, type);
  }
  return type.toBuffer(value);
}

const second = Buffer.from([2]); // the second branch of ["null", …]
const nothing = Buffer.from([0]); // the first branch; also the end of an array

/** A cutout that may be null and is not: its bytes are copied once, with the packet. */
export function cutout(fileName: string, stampData: Buffer): Buffer[] {
  const name = Buffer.from(fileName);
  return [second, zigzag(name.length), name, zigzag(stampData.length), stampData];
}

/** An array that is null when it has no rows, from rows that are written already. */
export function arrayOf(rows: readonly Buffer[]): Buffer[] {
  return rows.length === 0 ? [nothing] : [second, zigzag(rows.length), ...rows, nothing];
}
