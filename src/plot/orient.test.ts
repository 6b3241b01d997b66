import { describe, expect, it } from "vitest";
import type { Stamp } from "../alert/types";
import { northUp, pixelScaleArcsec } from "./orient";

const stamp = (header: Stamp["header"] = {}, more: Partial<Stamp> = {}): Stamp => ({
  kind: "science",
  fileName: "",
  width: 3,
  height: 2,
  pixels: Float32Array.of(1, 2, 3, 4, 5, 6),
  unit: "",
  header,
  ...more,
});

describe("northUp", () => {
  it("reverses the rows of ZTF, and only once", () => {
    const up = northUp(stamp(), "ztf")!;
    expect([...up.pixels]).toEqual([4, 5, 6, 1, 2, 3]);
    expect([...northUp(up, "ztf")!.pixels]).toEqual([4, 5, 6, 1, 2, 3]);
  });

  it("moves pixels unchanged in quarter turns, swapping the sides", () => {
    const up = northUp(stamp({ ROTPA: 90 }), "lsst")!;
    expect([up.width, up.height]).toEqual([2, 3]);
    // +y points east, which has to go to the left; +x then points north.
    expect([...up.pixels]).toEqual([4, 1, 5, 2, 6, 3]);
  });

  it("turns the variance with the image", () => {
    const up = northUp(stamp({}, { variance: Float32Array.of(1, 4, 9, 16, 25, 36) }), "ztf")!;
    expect([...up.variance!]).toEqual([16, 25, 36, 1, 4, 9]);
  });

  it("leaves corners without pixels NaN at odd angles, and shrinks the variance of averaged pixels", () => {
    const size = { width: 9, height: 9, pixels: new Float32Array(81).fill(2), variance: new Float32Array(81).fill(1) };
    const up = northUp(stamp({ ROTPA: 45 }, size), "lsst")!;
    expect(up.pixels[0]).toBeNaN();
    expect(up.pixels[40]).toBeCloseTo(2);
    const finite = [...up.variance!].filter(Number.isFinite);
    expect(Math.max(...finite)).toBeLessThanOrEqual(1 + 1e-9);
    expect(Math.min(...finite)).toBeGreaterThanOrEqual(0.25 - 1e-9);
  });

  it("takes what a header leaves out as the standard has it: the unit matrix", () => {
    // as astropy writes cdelt = [-1e-4, 1e-4] with pc = [[1, 0.2], [-0.2, 1]]; its pixel_scale_matrix is the same as in CD
    const cdelt = { CDELT1: -1e-4, CDELT2: 1e-4 };
    const short = stamp({ ...cdelt, PC1_2: 0.2, PC2_1: -0.2 });
    const full = stamp({ CD1_1: -1e-4, CD1_2: -2e-5, CD2_1: -2e-5, CD2_2: 1e-4 });
    expect(pixelScaleArcsec(short)).toBeCloseTo(0.367, 3);
    expect(northUp(short)).toEqual({ ...northUp(full), header: expect.anything() });
    expect(pixelScaleArcsec(stamp(cdelt))).toBeCloseTo(0.36, 9);
    expect([...northUp(stamp(cdelt))!.pixels]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(northUp(stamp({ CDELT1: 1, CDELT2: 1 }))).toBeNull();
  });

  it("does not guess", () => {
    expect(northUp(stamp(), "lsst")).toBeNull();
    expect(northUp(stamp(), "unknown")).toBeNull();
    expect(northUp(stamp({ CD1_1: 0, CD1_2: 0 }), "unknown")).toBeNull();
  });
});

describe("pixelScaleArcsec", () => {
  it("comes from the header before the survey", () => {
    expect(pixelScaleArcsec(stamp(), "ztf")).toBeCloseTo(1.01);
    expect(pixelScaleArcsec(stamp(), "lsst")).toBeCloseTo(0.2);
    expect(pixelScaleArcsec(stamp({ PC1_1: -1, PC2_2: 1, CDELT1: 1 / 3600, CDELT2: 1 / 3600 }), "ztf")).toBeCloseTo(1);
    expect(pixelScaleArcsec(stamp())).toBeNaN();
  });
});
