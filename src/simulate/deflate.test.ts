import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { deflateHuffman } from "./deflate";
import { fitsOf, stampSize } from "./fits-write";
import { Random } from "./random";

const into = Buffer.alloc(100_000);
const ours = (bytes: Uint8Array) => Buffer.from(into.subarray(7, deflateHuffman(bytes, into, 7)));
// the plain version: zlib without its search for repetitions, and with room for all in one block
const zlib = (bytes: Uint8Array) =>
  deflateRawSync(bytes, { strategy: constants.Z_HUFFMAN_ONLY, memLevel: 9, windowBits: 12 });
const random = new Random(12);
const drawn = (length: number, draw: (i: number) => number) => Uint8Array.from({ length }, (_, i) => draw(i));

describe("packing by Huffman codes", () => {
  it.each([
    ["noise", () => 200 + random.normal(0, 12)],
    ["a difference image", () => random.normal(0, 12)],
    ["nothing", () => 0],
    ["blank pixels among others", () => (random.chance(0.3) ? Number.NaN : random.normal(100, 1))],
    ["all magnitudes", () => random.normal() * random.logNormal(1, 8)],
  ])("makes zlib's own bytes of a stamp of %s", (_, draw) => {
    for (let n = 0; n < 20; n++) {
      const file = fitsOf(new Float64Array(stampSize * stampSize).map(draw));
      expect(ours(file).equals(zlib(file))).toBe(true);
    }
  });

  it("does so where codes would grow beyond fifteen bits, and those of their lengths beyond seven", () => {
    const fibonacci = [1, 1];
    while (fibonacci.length < 20) fibonacci.push(fibonacci.at(-1)! + fibonacci.at(-2)!);
    const deep = Uint8Array.from(fibonacci.flatMap((count, byte) => Array<number>(count).fill(byte * 3)));
    expect(ours(deep).equals(zlib(deep))).toBe(true);
    for (let n = 0; n < 300; n++) {
      const [most, power] = [1 + random.below(255), random.uniform(1, 12)];
      const bytes = drawn(2000 + random.below(20_000), () => {
        let share = 1;
        for (let i = 0; i < power; i++) share *= random.uniform();
        return Math.floor(share * most);
      });
      expect(`${n} ${ours(bytes).equals(zlib(bytes))}`).toBe(`${n} true`);
    }
  });

  it("unpacks to what it was, also where zlib would choose another form", () => {
    for (const length of [1, 2, 3, 255, 256, 257, 5000]) {
      for (const draw of [() => 7, () => random.below(256), (i: number) => i & 255]) {
        const bytes = drawn(length, draw);
        expect(inflateRawSync(ours(bytes)).equals(bytes)).toBe(true);
      }
    }
  });
});
