import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { isBootcampError } from "../errors";
import { readFits } from "./fits";
import { readHeader } from "./fits-header";

/** A FITS unit from its cards, written out in full, and its big-endian data. */
function unit(cards: string[], data: Buffer = Buffer.alloc(0)): Buffer {
  const header = [...cards, "END"].map((card) => card.padEnd(80)).join("");
  const pad = (bytes: Buffer): Buffer =>
    Buffer.concat([bytes, Buffer.alloc((2880 - (bytes.length % 2880)) % 2880, 32)]);
  return Buffer.concat([pad(Buffer.from(header, "latin1")), data.length > 0 ? pad(data) : data]);
}

function image(bitpix: number, width: number, height: number, data: Buffer, more: string[] = []): Buffer {
  const cards = ["SIMPLE  =                    T", `BITPIX  = ${bitpix}`, "NAXIS   = 2", `NAXIS1  = ${width}`];
  return unit([...cards, `NAXIS2  = ${height}`, ...more], data);
}

function codeOf(bytes: Buffer, maxBytes?: number): string {
  try {
    readFits(bytes, maxBytes);
  } catch (error) {
    return isBootcampError(error) ? `${error.code}: ${error.message}` : `untyped: ${String(error)}`;
  }
  return "read";
}

const floats = (...values: number[]) => {
  const data = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => void data.writeFloatBE(value, 4 * i));
  return data;
};

describe("what a small stamp may cost", () => {
  it("is in proportion to its header: text over thousands of CONTINUE cards", () => {
    const cards = Array.from({ length: 9990 }, () => `CONTINUE  '${"x".repeat(66)}&'`);
    const header = unit(["SIMPLE  =                    T", "LONG    = 'a&'", ...cards, "CONTINUE  'z'"]);
    const started = performance.now();
    const { values } = readHeader(header, 0);
    expect(values["LONG"]).toBe(`a${"x".repeat(66 * 9990)}z`);
    expect(performance.now() - started).toBeLessThan(3000); // 26 s when it was joined card by card
  });

  it("is bounded in pixels, whatever the size of one", () => {
    const stamp = gzipSync(image(8, 4000, 4000, Buffer.alloc(16_000_000)));
    expect(stamp.length).toBeLessThan(20_000);
    expect(codeOf(stamp)).toBe("FITS: Expected a stamp of at most 4194304 pixels, got 4000 × 4000");
  });
});

describe("readHeader", () => {
  const values = (...cards: string[]) => readHeader(unit(cards), 0).values;

  it("reads values wherever they stand, as ZTF's SIMPLE card needs", () => {
    expect(values("SIMPLE  =  T", "NAXIS   =2", "GAIN    = 1.5D-03 / comment", "OK=F")).toEqual({
      SIMPLE: true,
      NAXIS: 2,
      GAIN: 0.0015,
      OK: false,
    });
  });

  it("reads strings with quotes, slashes and continuations", () => {
    expect(values("NAME    = 'O''Hara / x  ' / who", "LONG    = 'abc&'", "CONTINUE  'def&'", "CONTINUE  'g'")).toEqual({
      NAME: "O'Hara / x",
      LONG: "abcdefg",
    });
  });

  it("skips comments, history and cards without a value", () => {
    expect(values("COMMENT = not a value", "HISTORY a = b", "", "EMPTY   =", "HIERARCH ESO DET X = 3")).toEqual({
      "ESO DET X": 3,
    });
  });

  it("cannot be given a prototype", () => {
    const header = values("__proto__= 1", "HIERARCH __proto__ = 1", "CONSTRUCTOR = 1");
    expect(Object.getPrototypeOf(header)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

describe("readFits", () => {
  it("reads an image in rows from the bottom", () => {
    const [first] = readFits(image(-32, 3, 2, floats(1, 2, 3, 4, 5, Number.NaN)));
    expect([first!.width, first!.height]).toEqual([3, 2]);
    expect([...first!.pixels!]).toEqual([1, 2, 3, 4, 5, Number.NaN]);
  });

  it("applies BSCALE, BZERO and BLANK to integers", () => {
    const data = Buffer.from([0, 10, 255, 1]);
    const [first] = readFits(image(8, 2, 2, data, ["BSCALE  = 2.0", "BZERO   = 100", "BLANK   = 255"]));
    expect([...first!.pixels!]).toEqual([100, 120, Number.NaN, 102]);
  });

  it("takes gzip around it, data without the last padding, and a third axis of length 1", () => {
    const cube = image(-32, 1, 1, floats(7), ["NAXIS3  = 1"]).toString("latin1").replace("NAXIS   = 2", "NAXIS   = 3");
    const short = Buffer.from(cube, "latin1").subarray(0, 2884);
    expect([...readFits(gzipSync(short))[0]!.pixels!]).toEqual([7]);
  });

  it("reads several header blocks and several units, and ignores what follows them", () => {
    const many = Array.from({ length: 80 }, (_, i) => `${`KEY${i}`.padEnd(8)}= ${i}`);
    const second = unit(
      [
        "XTENSION= 'IMAGE   '",
        "BITPIX  = -32",
        "NAXIS   = 2",
        "NAXIS1  = 1",
        "NAXIS2  = 1",
        "PCOUNT  = 0",
        "GCOUNT  = 1",
        "EXTNAME = 'UNCERT  '",
      ],
      floats(4),
    );
    const units = readFits(Buffer.concat([image(-32, 1, 1, floats(2), many), second, Buffer.from("tail")]));
    expect(units.map((entry) => [entry.name, entry.pixels![0]])).toEqual([
      ["", 2],
      ["UNCERT", 4],
    ]);
    expect(units[0]!.header["KEY79"]).toBe(79);
  });

  it("steps over a table", () => {
    const table = unit(
      [
        "XTENSION= 'BINTABLE'",
        "BITPIX  = 8",
        "NAXIS   = 2",
        "NAXIS1  = 3",
        "NAXIS2  = 2",
        "PCOUNT  = 5",
        "GCOUNT  = 1",
      ],
      Buffer.alloc(11),
    );
    const last = unit(
      ["XTENSION= 'IMAGE   '", "BITPIX  = -32", "NAXIS   = 2", "NAXIS1  = 1", "NAXIS2  = 1"],
      floats(9),
    );
    const units = readFits(Buffer.concat([unit(["SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 0"]), table, last]));
    expect(units.map((entry) => entry.pixels && [...entry.pixels])).toEqual([null, null, [9]]);
  });
});

describe("hostile FITS", () => {
  const good = image(-32, 4, 4, floats(...new Array<number>(16).fill(1)));
  const card = (from: string, to: string) =>
    Buffer.from(good.toString("latin1").replace(from.padEnd(80), to.padEnd(80)), "latin1");

  it.each([
    ["nothing", Buffer.alloc(0), /^FITS: Expected FITS/],
    ["text", Buffer.from("hello, this is not an image at all"), /^FITS: Expected FITS/],
    ["a header without its end", good.subarray(0, 160), /^FITS: Expected an END card/],
    ["pixels cut short", good.subarray(0, 2900), /^FITS: Expected 64 bytes of data in unit 0 .*got 20/],
    [
      "a group count of 0",
      image(-32, 4, 4, Buffer.alloc(0), ["GCOUNT  = 0"]),
      /^FITS: Expected 64 bytes for 16 pixels/,
    ],
    ["a giant axis", card("NAXIS1  = 4", "NAXIS1  = 2000000000"), /^FITS: Expected \d+ bytes of data/],
    [
      "an axis beyond any number",
      card("NAXIS1  = 4", "NAXIS1  = 1E300"),
      /^FITS: Expected NAXIS1 to be a whole number/,
    ],
    ["a negative axis", card("NAXIS1  = 4", "NAXIS1  = -4"), /^FITS: Expected NAXIS1 to be a whole number/],
    ["a missing axis", card("NAXIS2  = 4", ""), /^FITS: Expected NAXIS2 .*no such card/],
    ["a billion axes", card("NAXIS   = 2", "NAXIS   = 1000000000"), /^FITS: Expected NAXIS of at most 999/],
    ["an axis that is text", card("NAXIS1  = 4", "NAXIS1  = 'four'"), /^FITS: Expected NAXIS1/],
    ["an unknown BITPIX", card("BITPIX  = -32", "BITPIX  = 12"), /^FITS: Expected BITPIX/],
    ["a scale that is text", image(8, 1, 1, Buffer.alloc(1), ["BSCALE  = 'x'"]), /^FITS: Expected numbers for BSCALE/],
    ["tile compression", image(8, 1, 1, Buffer.alloc(1), ["ZIMAGE  = T"]), /^FITS: Expected plain pixels/],
    ["a gzip file cut short", gzipSync(good).subarray(0, 60), /^GZIP:/],
    ["damaged gzip", Buffer.concat([gzipSync(good).subarray(0, 20), Buffer.alloc(40, 1)]), /^GZIP:/],
    ["gzip of nothing", gzipSync(Buffer.alloc(0)), /^FITS: Expected FITS/],
  ])("%s is a typed error", (_, bytes, expected) => {
    expect(codeOf(bytes)).toMatch(expected);
  });

  it("a gzip bomb stops at the limit", () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(100_000);
    const before = process.memoryUsage().arrayBuffers;
    expect(codeOf(bomb)).toMatch(/^GZIP: .*more than 16777216 bytes/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40 * 1024 * 1024);
  });

  it("a header without end does not run on for ever", () => {
    const cards = Buffer.concat([
      Buffer.from("SIMPLE  = T".padEnd(80)),
      Buffer.alloc(2_000_000, "KEY     = 1".padEnd(80)),
    ]);
    expect(codeOf(cards)).toMatch(/^FITS: Expected a header of fewer than 10000 cards/);
  });

  it("thousands of units are not all read", () => {
    const empty = unit(["XTENSION= 'IMAGE   '", "BITPIX  = 8", "NAXIS   = 0"]);
    expect(readFits(Buffer.concat([good, ...new Array<Buffer>(1000).fill(empty)]))).toHaveLength(16);
  });
});
