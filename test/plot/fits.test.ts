// @module-tag long
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readFits } from "../../src/alert/fits";
import { readStamp, snImage } from "../../src/alert/stamps";
import type { StampKind } from "../../src/alert/types";
import { percentileLimits, stretch } from "../../src/plot/stretch";
import { zscaleLimits } from "../../src/plot/zscale";
import { dataFolder, needs } from "../helpers/data";
import { askPython, firstDifference, type OracleFolder } from "./oracle";

interface Entry {
  name: string;
  kind: StampKind;
  fileName: string;
  shape: [number, number];
  unit: string;
  zscale: [number, number];
  percentiles: [number, number];
  hasVariance: boolean;
}

/** Every cutout of every alert, its pixels by astropy, and what astropy makes of them for display. */
const script = String.raw`
import glob, gzip, io, json, os, sys, warnings
import fastavro, numpy as np
from astropy.io import fits
from astropy.visualization import AsinhStretch, ZScaleInterval
warnings.simplefilter("ignore")
out, data = sys.argv[1:3]
def alerts():
    for path in sorted(glob.glob(data + "/ztf/*")):
        with open(path, "rb") as f:
            yield from fastavro.reader(f)
    schema = fastavro.parse_schema(json.load(open(data + "/schemas/lsst/9.0.avsc")))
    for path in sorted(glob.glob(data + "/lsst/*")):
        with open(path, "rb") as f:
            if path.endswith(".confluent.avro"):
                f.seek(5)
                yield fastavro.schemaless_reader(f, schema)
            else:
                yield from fastavro.reader(f)
index = []
for number, alert in enumerate(alerts()):
    for kind in ("science", "template", "difference"):
        cutout = alert.get("cutout" + kind.capitalize())
        if cutout is None: continue
        raw, file_name = (cutout, "") if isinstance(cutout, bytes) else (cutout["stampData"], cutout["fileName"])
        plain = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
        units = fits.open(io.BytesIO(plain), ignore_missing_simple=True)
        pixels = units[0].data.astype("f8")
        pixels[np.abs(pixels) > 1e30] = np.nan
        name = f"{number}-{kind}"
        open(f"{out}/{name}.raw", "wb").write(raw)
        pixels.astype("<f8").tofile(f"{out}/{name}.pixels")
        low, high = (float(v) for v in ZScaleInterval().get_limits(pixels))
        percentiles = [float(v) for v in np.nanpercentile(pixels, [1, 99.5])]
        scaled = np.clip((pixels - percentiles[0]) / (percentiles[1] - percentiles[0]), 0, 1)
        AsinhStretch(0.1)(scaled).astype("<f8").tofile(f"{out}/{name}.asinh")
        variance = len(units) > 1
        if variance:
            units["UNCERT"].data.astype("<f8").tofile(f"{out}/{name}.variance")
            units["PSFIMAGE"].data.astype("<f8").tofile(f"{out}/{name}.psf")
            (pixels / np.sqrt(units["UNCERT"].data.astype("f8"))).astype("<f8").tofile(f"{out}/{name}.sn")
        index.append(dict(name=name, kind=kind, fileName=file_name, shape=pixels.shape,
            unit=units[0].header.get("BUNIT", ""), zscale=[low, high], percentiles=percentiles, hasVariance=variance))
json.dump(index, open(out + "/index.json", "w"))
`;

describe.skipIf(needs.python() || needs.data())("real cutouts against astropy", () => {
  let oracle: OracleFolder<Entry>;
  beforeAll(() => {
    oracle = askPython<Entry>(script, [dataFolder()]);
  });
  afterAll(() => oracle?.remove());

  const read = (entry: Entry) => readStamp(oracle.bytes(`${entry.name}.raw`), entry.kind, entry.fileName);

  it("every pixel of every stamp is the same", () => {
    const differing = oracle.entries.filter((entry) => {
      const stamp = read(entry);
      const same = stamp.height === entry.shape[0] && stamp.width === entry.shape[1] && stamp.unit === entry.unit;
      return !same || firstDifference(stamp.pixels, oracle.numbers(`${entry.name}.pixels`)) >= 0;
    });
    expect(differing.map((entry) => entry.name)).toEqual([]);
    expect(oracle.entries.length).toBeGreaterThanOrEqual(348);
  });

  it("variance, PSF and S/N of the Rubin stamps are the same", () => {
    const rubin = oracle.entries.filter((entry) => entry.hasVariance);
    expect(rubin.map((entry) => entry.kind)).toEqual(["science", "template", "difference"]);
    for (const entry of rubin) {
      const stamp = read(entry);
      expect(firstDifference(stamp.variance!, oracle.numbers(`${entry.name}.variance`))).toBe(-1);
      expect(firstDifference(stamp.psf!.pixels, oracle.numbers(`${entry.name}.psf`))).toBe(-1);
      expect(firstDifference(snImage(stamp)!, oracle.numbers(`${entry.name}.sn`), 1e-12)).toBe(-1);
    }
  });

  it("zscale, percentiles and asinh give astropy's and numpy's numbers", () => {
    const differing = oracle.entries.filter((entry) => {
      const { pixels } = read(entry);
      const values = Float64Array.from(pixels);
      const range = entry.percentiles[1] - entry.percentiles[0];
      const close = (a: number[], b: number[]) => a.every((value, i) => Math.abs(value - b[i]!) <= 1e-6 * range);
      const asinh = stretch(values, { stretch: "asinh" }).values;
      const expected = oracle.numbers(`${entry.name}.asinh`);
      return !(
        close(zscaleLimits(values), entry.zscale) &&
        close(percentileLimits(values), entry.percentiles) &&
        asinh.every(
          (value, i) => Number.isNaN(expected[i]!) === Number.isNaN(value) && !(Math.abs(value - expected[i]!) > 1e-9),
        )
      );
    });
    expect(differing.map((entry) => entry.name)).toEqual([]);
  });
});

interface Synthetic {
  name: string;
  shapes: [number, number][];
  units: string[];
}

/** Every pixel type with and without scaling and blanks, several units, an empty primary, a cutout of 102 pixels. */
const synthetic = `
import json, sys, warnings
import numpy as np
from astropy import units as u
from astropy.io import fits
from astropy.nddata import CCDData, StdDevUncertainty, VarianceUncertainty
warnings.simplefilter("ignore")
out = sys.argv[1]
rng = np.random.default_rng(5)
index = []
def add(name, path_units):
    path_units.writeto(f"{out}/{name}.fits", overwrite=True, output_verify="ignore")
    record(name)
def record(name):
    units = fits.open(f"{out}/{name}.fits", do_not_scale_image_data=True)
    shapes, names = [], []
    for i, unit in enumerate(units):
        if unit.data is None or unit.data.ndim != 2: continue
        header, stored = unit.header, unit.data
        if stored.dtype.kind in "iu":
            raw = stored.astype("i8").astype("f8") if stored.dtype.kind == "i" else stored.astype("f8")
            if "BLANK" in header: raw = np.where(stored == header["BLANK"], np.nan, raw)
        else: raw = stored.astype("f8")
        values = header.get("BZERO", 0) + header.get("BSCALE", 1) * raw
        values.astype("<f8").tofile(f"{out}/{name}.{len(shapes)}")
        shapes.append(stored.shape); names.append(unit.name)
    index.append(dict(name=name, shapes=shapes, units=names))
for kind in ("u1", "i2", "i4", "i8", "f4", "f8"):
    if kind[0] == "f": data = rng.normal(0, 1e4, (17, 23)).astype(kind); data[3, 4] = np.nan; data[5, 6] = np.inf
    else:
        info = np.iinfo(kind); data = rng.integers(max(info.min, -2**52), min(info.max, 2**52), (17, 23)).astype(kind)
    add(f"plain-{kind}", fits.PrimaryHDU(data))
    scaled = fits.PrimaryHDU(data, do_not_scale_image_data=True)
    scaled.header["BSCALE"] = 0.25; scaled.header["BZERO"] = -1000.5
    if kind[0] != "f": scaled.header["BLANK"] = int(data[2, 2])
    add(f"scaled-{kind}", scaled)
add("unsigned", fits.PrimaryHDU(rng.integers(0, 65535, (8, 9)).astype("u2")))
add("empty-primary", fits.HDUList([fits.PrimaryHDU(), fits.ImageHDU(rng.normal(size=(6, 5)).astype("f4"), name="SCI")]))
big = fits.PrimaryHDU(rng.normal(size=(102, 102)).astype("f4"))
for i in range(120): big.header[f"HIERARCH ESO LONG KEY {i}"] = i
add("many-cards", big)
for name, uncertainty in (("variance", VarianceUncertainty), ("sigma", StdDevUncertainty)):
    image = rng.normal(size=(102, 102)).astype("f4")
    ccd = CCDData(image, unit="adu", uncertainty=uncertainty(np.full((102, 102), 4.0, "f4")), mask=image > 2)
    ccd.to_hdu(hdu_mask="MASK", hdu_uncertainty="UNCERT").writeto(f"{out}/ccd-{name}.fits", overwrite=True)
    record(f"ccd-{name}")
json.dump(index, open(out + "/index.json", "w"))
`;

describe.skipIf(needs.python())("FITS files written by astropy", () => {
  let oracle: OracleFolder<Synthetic>;
  beforeAll(() => {
    oracle = askPython<Synthetic>(synthetic);
  });
  afterAll(() => oracle?.remove());

  it("all pixel types, scalings, blanks and layouts read the same", () => {
    const differing: string[] = [];
    for (const entry of oracle.entries) {
      const images = readFits(oracle.bytes(`${entry.name}.fits`)).filter((unit) => unit.pixels !== null);
      expect(images.map((unit) => [unit.height, unit.width])).toEqual(entry.shapes);
      images.forEach((unit, i) => {
        const at = firstDifference(unit.pixels!, oracle.numbers(`${entry.name}.${i}`), 1e-15);
        if (at >= 0) differing.push(`${entry.name} unit ${i} pixel ${at}`);
      });
    }
    expect(differing).toEqual([]);
    expect(oracle.entries).toHaveLength(17);
  });

  it("reads variance and standard deviation as variance", () => {
    for (const [name, expected] of [
      ["ccd-variance", 4],
      ["ccd-sigma", 16],
    ] as const) {
      expect(new Set(readStamp(oracle.bytes(`${name}.fits`), "science").variance)).toEqual(new Set([expected]));
    }
  });
});
