import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { BootcampError } from "../errors";
import { lazyStamps, readStamp, snImage } from "./stamps";
import type { StampKind } from "./types";

function hdu(start: string, values: number[], cards: string[] = []): Buffer {
  const header = [start, "BITPIX  = -64", "NAXIS   = 2", `NAXIS1  = ${values.length}`, "NAXIS2  = 1", ...cards, "END"];
  const data = Buffer.alloc(Math.ceil((8 * values.length) / 2880) * 2880);
  values.forEach((value, i) => void data.writeDoubleBE(value, 8 * i));
  return Buffer.concat([
    Buffer.from(
      header
        .map((card) => card.padEnd(80))
        .join("")
        .padEnd(2880),
      "latin1",
    ),
    data,
  ]);
}

const simple = (values: number[], cards: string[] = []) => hdu("SIMPLE  =  T", values, cards);
const extension = (name: string, values: number[], cards: string[] = []) =>
  hdu("XTENSION= 'IMAGE   '", values, [`EXTNAME = '${name}'`, ...cards]);

describe("readStamp", () => {
  it("finds variance and PSF by name, whatever comes between", () => {
    const file = Buffer.concat([
      simple([10, -6], ["BUNIT   = 'nJy     '"]),
      extension("MASK", [1, 1]),
      extension("PSFIMAGE", [0.1, 0.8, 0.1]),
      extension("UNCERT", [4, 9], ["UTYPE   = 'VarianceUncertainty'"]),
    ]);
    const stamp = readStamp(file, "difference");
    expect(stamp).toMatchObject({ kind: "difference", fileName: "", width: 2, height: 1, unit: "nJy" });
    expect([...stamp.variance!]).toEqual([4, 9]);
    expect(stamp.psf).toMatchObject({ width: 3, height: 1 });
    expect([...snImage(stamp)!]).toEqual([5, -2]);
    expect(inspect(stamp)).toBe("Stamp difference (2×1 px, nJy, variance, PSF 3×1)");
  });

  it("takes ZTF's filling of uncovered template pixels for blank", () => {
    const stamp = readStamp(simple([12, -3.4028234663852886e38, Number.POSITIVE_INFINITY]), "template");
    expect([...stamp.pixels]).toEqual([12, Number.NaN, Number.NaN]);
  });

  it("squares a standard deviation and inverts a weight", () => {
    const read = (type: string) =>
      readStamp(Buffer.concat([simple([1, 1]), extension("UNCERT", [4, 5], [`UTYPE   = '${type}'`])]), "science")
        .variance;
    expect([...read("StdDevUncertainty")!]).toEqual([16, 25]);
    expect([...read("InverseVariance")!]).toEqual([0.25, 0.2]);
    expect(read("Unheard")).toBeUndefined();
  });

  it("has no S/N image without a variance, and NaN where the variance is not positive", () => {
    expect(snImage(readStamp(simple([1]), "science"))).toBeNull();
    const stamp = readStamp(Buffer.concat([simple([1, 1]), extension("UNCERT", [0, -1])]), "science");
    expect([...snImage(stamp)!]).toEqual([Number.NaN, Number.NaN]);
  });

  it("names the stamp that cannot be read", () => {
    const where = (bytes: Buffer): string => {
      try {
        readStamp(bytes, "template");
      } catch (error) {
        return error instanceof BootcampError ? `${error.code} ${error.where}` : "untyped";
      }
      return "read";
    };
    expect(where(Buffer.from("SIMPLE"))).toBe("FITS template stamp");
    expect(where(gzipSync(simple([1])).subarray(0, 30))).toBe("GZIP template stamp");
    expect(where(extension("MASK", [1]))).toBe("FITS template stamp");
  });
});

describe("lazyStamps", () => {
  it("reads a stamp when it is first touched, once, and the others not at all", () => {
    const asked: StampKind[] = [];
    const stamps = lazyStamps((kind) => {
      asked.push(kind);
      return kind === "template" ? null : { bytes: gzipSync(simple([3])), fileName: `${kind}.fits.gz` };
    });
    expect(inspect(stamps)).toContain("decoded when touched");
    expect(asked).toEqual([]);
    expect(stamps.science).toBe(stamps.science);
    expect(stamps.science!.fileName).toBe("science.fits.gz");
    expect(stamps.template).toBeNull();
    expect(stamps.template).toBeNull();
    expect(asked).toEqual(["science", "template"]);
  });

  it("keeps the good ones when one is damaged", () => {
    const stamps = lazyStamps((kind) => ({ bytes: kind === "science" ? Buffer.from("x") : simple([1]), fileName: "" }));
    expect(() => stamps.science).toThrow(/Expected FITS/);
    expect(stamps.difference!.width).toBe(1);
  });
});
