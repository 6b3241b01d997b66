import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { fitsOf, gzipSame, stampSize } from "./fits-write";
import { addEllipse, addGalaxy, addStar } from "./psf";

const blank = () => new Float64Array(stampSize * stampSize);
const sum = (image: Float64Array) => image.reduce((a, b) => a + b, 0);
const centroid = (image: Float64Array) => {
  let [x, y] = [0, 0];
  image.forEach((v, i) => {
    x += v * (i % stampSize);
    y += v * Math.floor(i / stampSize);
  });
  return { x: x / sum(image), y: y / sum(image) };
};

describe("drawing", () => {
  it.each([0.9, 1.3, 2.4, 6])("keeps flux and place at a width of %f pixels", (fwhm) => {
    const shapes = [
      (image: Float64Array) => addStar(image, 30.3, 31.8, 1000, fwhm),
      (image: Float64Array) => addEllipse(image, { x: 30.3, y: 31.8 }, 1000, fwhm, 1.25, 0.7),
      (image: Float64Array) => addGalaxy(image, 30.3, 31.8, 1000, Math.min(fwhm, 3), 0.5),
    ];
    for (const draw of shapes) {
      const image = blank();
      draw(image);
      expect(sum(image)).toBeCloseTo(1000, 6);
      expect(Math.abs(centroid(image).x - 30.3)).toBeLessThan(0.12); // sampling at whole pixels
      expect(Math.abs(centroid(image).y - 31.8)).toBeLessThan(0.12);
    }
  });

  it("has the width and the axis ratio that were asked for", () => {
    const image = blank();
    addEllipse(image, { x: 31, y: 31 }, 1, 4, 1.5, 0);
    let [xx, yy] = [0, 0];
    image.forEach((v, i) => {
      xx += v * ((i % stampSize) - 31) ** 2;
      yy += v * (Math.floor(i / stampSize) - 31) ** 2;
    });
    expect(Math.sqrt(xx / yy)).toBeCloseTo(1.5, 1);
    expect(2.35482 * Math.sqrt(Math.sqrt(xx * yy))).toBeCloseTo(4, 1);
  });

  it("adds only the part of a star that lies on the stamp", () => {
    const image = blank();
    addStar(image, -0.5, 31, 1000, 3);
    expect(sum(image)).toBeGreaterThan(450);
    expect(sum(image)).toBeLessThan(550);
    addStar(image, -40, 31, 1000, 3);
    expect(sum(image)).toBeLessThan(550);
  });
});

describe("files", () => {
  it("are FITS of 20,160 bytes; NaN has one bit pattern", () => {
    const image = blank().map((_, i) => i / 7 - 200);
    image[5] = Number.NaN;
    const file = fitsOf(image);
    expect(file.length).toBe(20_160);
    expect(file.toString("latin1", 0, 30)).toBe("SIMPLE  =                    T");
    expect(file.readUInt32BE(2880 + 20)).toBe(0x7fc00000);
    expect(Math.abs(file.readFloatBE(2880 + 400) - image[100]!)).toBeLessThan(1 / 60);
    expect(file.readFloatBE(2880 + 4 * 3968)).toBeGreaterThan(300);
    expect(file.subarray(2880 + 15_876).every((byte) => byte === 0)).toBe(true);
  });

  it("unpack to what was packed, with a header that names neither time nor system", () => {
    const bytes = Buffer.from("alert ".repeat(2000));
    const packed = gzipSame(bytes);
    expect(packed.subarray(0, 10).toString("hex")).toBe("1f8b08000000000000ff");
    expect(gunzipSync(packed).equals(bytes)).toBe(true);
  });
});
