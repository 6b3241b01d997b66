import { describe, expect, it } from "vitest";
import { alignedText, cellText, numberText } from "./cell-text";

describe("values in tables", () => {
  it("keep times to a second, under any name, and places to 0.04 arcseconds", () => {
    expect(numberText(2460320.3456789, "packet.candidate.jd")).toBe("2460320.34568");
    expect(numberText(60320.3, "midpointMjdTai")).toBe("60320.30000");
    expect(numberText(60320, "mjdUtc")).toBe("60320.00000");
    expect(numberText(60320.3456789, "first")).toBe("60320.34568");
    expect(numberText(0.0416667, "dec")).toBe("0.04167");
  });

  it("keep places to 0.04 arcseconds under the names that surveys give them, and errors of places their digits", () => {
    for (const name of [
      "packet.candidate.ranr",
      "decnr",
      "RAJ2000",
      "DEJ2000",
      "ra_deg",
      "meanRa",
      "object_dec",
      "psra1",
      "RA",
    ])
      expect([name, numberText(123.4567891, name)]).toEqual([name, "123.45679"]);
    for (const name of ["raErr", "sigmaRa", "ra_err", "pmRA", "extra", "camera", "decay"])
      expect([name, numberText(0.0000123456, name)]).toEqual([name, "0.0000123456"]);
  });

  it("keep ids whole, and small magnitudes above nothing", () => {
    expect(cellText(2475433850015010185n, "alertId")).toBe("2475433850015010185");
    expect(cellText("x".repeat(200), "packet.objectId")).toBe("x".repeat(200));
    expect(cellText("x".repeat(200), "comment")).toHaveLength(80);
    expect(numberText(9007199254740991, "n")).toBe("9007199254740991");
    expect(numberText(6.2e-6, "magzpsciunc")).toBe("0.0000062");
    expect(numberText(17.5, "magpsf")).toBe("17.500");
    expect(numberText(0.8999999761581421, "rb")).toBe("0.9");
    expect(numberText(0.999992, "drb")).toBe("0.999992");
    expect(numberText(123456.789, "psfFlux")).toBe("123456.789");
    expect(numberText(1.5e300, "x")).toBe("1.5e+300");
  });

  it("show what is missing, long or nested in few words", () => {
    expect([null, undefined, Number.NaN, ""].map((value) => cellText(value))).toEqual(["–", "–", "–", "–"]);
    expect(cellText(Buffer.alloc(12_345))).toBe("12,345 bytes");
    expect(cellText([1])).toBe("1 item");
    expect(cellText({ row: { a: 1 }, separationArcsec: 0.51234567 })).toBe("{ row: {…}, separationArcsec: 0.512346 }");
  });
});

describe("lines of cells", () => {
  it("are columns as wide as their widest cell, numbers to the right, without blanks at the end of a line", () => {
    const lines = [
      ["band", "n", "note"],
      ["g", "1200", ""],
    ];
    expect(alignedText(lines, [false, true, false])).toBe("band     n  note\ng     1200");
    expect(alignedText([[]], [])).toBe("");
  });
});
