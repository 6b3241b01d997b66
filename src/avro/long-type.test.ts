import { describe, expect, it } from "vitest";
import { longType, plainLongType } from "./long-type";

/** mulberry32, so that the numbers are the same in every run. */
function seeded(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The value and where the cursor stands, or the code of the error. */
function read(type: typeof plainLongType, bytes: Buffer, pos: number): unknown {
  const tap = { buf: bytes, pos, isValid: () => tap.pos <= bytes.length, skipLong };
  function skipLong() {
    while (bytes[tap.pos++]! & 128);
  }
  try {
    return [type._read(tap), tap.pos];
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe("longs read in place", () => {
  const fast = longType as typeof plainLongType;

  it("come back as they were written, at every length and both ends", () => {
    for (let bits = 0n; bits < 64n; bits++)
      for (const value of [
        1n << bits,
        (1n << bits) - 1n,
        -(1n << bits),
        -(1n << bits) - 1n,
        0x5555555555555555n >> bits,
      ]) {
        const long = BigInt.asIntN(64, value);
        expect(fast.fromBuffer(fast.toBuffer(long))).toBe(long);
      }
  });

  it("are the same as those of avsc, or the same error, for any bytes", () => {
    const random = seeded(11);
    const seen = { value: 0, cut: 0, AVRO_CORRUPT: 0 };
    for (let n = 0; n < 20_000; n++) {
      const continued = Math.floor(13 * random());
      const bytes = Buffer.from(
        Array.from({ length: 1 + Math.floor(14 * random()) }, () => Math.floor(256 * random())),
      );
      for (let at = 0; at < bytes.length; at++) bytes[at] = at < continued ? bytes[at]! | 128 : bytes[at]! & 127;
      const pos = Math.floor(2 * random());
      const found = read(fast, bytes, pos);
      expect(found).toEqual(read(plainLongType, bytes, pos));
      if (found === "AVRO_CORRUPT") seen.AVRO_CORRUPT++;
      else seen[(found as [unknown])[0] === undefined ? "cut" : "value"]++;
    }
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(500);
  });
});
