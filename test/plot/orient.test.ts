import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readStamp } from "../../src/alert/stamps";
import { northUp, pixelScaleArcsec } from "../../src/plot/orient";
import { dataFolder, needs } from "../helpers/data";
import { runPython } from "../helpers/python";
import { askPython, type OracleFolder } from "./oracle";

interface Entry {
  name: string;
  scale: number;
  east: number;
  north: number;
}

/** One blurred source in each image; where it lies on the sky from the middle of the image, by astropy's coordinates. */
const script = `
import json, sys, warnings
import numpy as np
from astropy.coordinates import SkyCoord
from astropy.io import fits
from astropy.wcs import WCS
warnings.simplefilter("ignore")
out = sys.argv[1]
rng = np.random.default_rng(3)
index = []
cases = [(angle, mirrored, card) for angle in (0, 90, 180, 270, 30, 117.3, 301) for mirrored in (False, True) for card in ("CD", "PC")]
for number, (angle, mirrored, card) in enumerate(cases):
    scale = 0.2 / 3600
    t = np.radians(angle)
    matrix = scale * np.array([[-np.cos(t), np.sin(t)], [np.sin(t), np.cos(t)]])
    if mirrored: matrix[:, 0] *= -1
    height, width = 51, 41
    x, y = rng.uniform(13, 27), rng.uniform(18, 32)
    yy, xx = np.mgrid[0:height, 0:width]
    image = np.exp(-((xx - x) ** 2 + (yy - y) ** 2) / (2 * 1.5 ** 2)).astype("f4")
    header = fits.Header()
    for (i, j), value in np.ndenumerate(matrix): header[f"{card}{i + 1}_{j + 1}"] = value
    header["CRPIX1"], header["CRPIX2"], header["CRVAL1"], header["CRVAL2"] = 21, 26, 55.75, -32.27
    hdu = fits.PrimaryHDU(image, header)
    hdu.writeto(f"{out}/{number}.fits")
    wcs = WCS({**header, "CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN"})
    source, centre = wcs.pixel_to_world(x, y), wcs.pixel_to_world(20, 25)
    east, north = (float(v.arcsec) for v in centre.spherical_offsets_to(source))
    index.append(dict(name=f"{number}.fits", scale=0.2, east=east, north=north))
json.dump(index, open(out + "/index.json", "w"))
`;

describe.skipIf(needs.python())("northUp against astropy's coordinates", () => {
  let oracle: OracleFolder<Entry>;
  beforeAll(() => {
    oracle = askPython<Entry>(script);
  });
  afterAll(() => oracle?.remove());

  it("puts a source where it is on the sky, for any turn and either hand", () => {
    expect(oracle.entries).toHaveLength(28);
    for (const entry of oracle.entries) {
      const stamp = readStamp(oracle.bytes(entry.name), "science");
      expect(pixelScaleArcsec(stamp)).toBeCloseTo(entry.scale, 6);
      const up = northUp(stamp)!;
      let [sum, x, y] = [0, 0, 0];
      up.pixels.forEach((value, i) => {
        if (!(value > 0.02)) return;
        sum += value;
        x += value * (i % up.width);
        y += value * Math.floor(i / up.width);
      });
      const east = -(x / sum - (up.width - 1) / 2) * entry.scale;
      const north = (y / sum - (up.height - 1) / 2) * entry.scale;
      // A tenth of a pixel: what the blur of the resampling and the cut at 0.02 leave.
      expect(Math.hypot(east - entry.east, north - entry.north)).toBeLessThan(0.02);
      expect(northUp(up)!.pixels).toEqual(up.pixels);
    }
  });
});

describe.skipIf(needs.python() || needs.data())("ZTF's orientation", () => {
  it("x runs west and y runs south at 1.01 arcseconds per pixel, by the positions of real alerts", () => {
    const fit = JSON.parse(
      runPython(
        `
import collections, glob, json, sys
import fastavro, numpy as np
groups = collections.defaultdict(list)
for path in glob.glob(sys.argv[1] + "/*"):
    for alert in fastavro.reader(open(path, "rb")):
        c = alert["candidate"]
        groups[c["jd"], c["field"], c["rcid"]].append((c["xpos"], c["ypos"], c["ra"], c["dec"]))
rows = []
for points in groups.values():
    if len(points) < 4: continue
    x, y, ra, dec = np.array(points).T
    a = np.c_[x, y, np.ones(len(x))]
    east = (ra - ra.mean()) * np.cos(np.radians(dec.mean())) * 3600
    rows.append([*np.linalg.lstsq(a, east, rcond=None)[0][:2], *np.linalg.lstsq(a, dec * 3600, rcond=None)[0][:2]])
print(json.dumps(rows))
`,
        [dataFolder("ztf")],
      ),
    ) as number[][];
    expect(fit.length).toBeGreaterThanOrEqual(4);
    for (const [xx, xy, yx, yy] of fit) {
      expect(xx).toBeCloseTo(-1.01, 1);
      expect(yy).toBeCloseTo(-1.01, 1);
      expect(Math.abs(xy!) + Math.abs(yx!)).toBeLessThan(0.05);
    }
  });
});
