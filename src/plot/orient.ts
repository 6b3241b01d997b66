import type { Stamp } from "../alert/types";
import { expectArgument } from "../expect";

/** Arcseconds per pixel where the header has no coordinates: ZTF's camera (Dekany et al. 2020), Rubin's LSSTCam. */
const SCALES: Readonly<Record<string, number>> = { ztf: 1.01, lsst: 0.2 };

/** Sky offsets per pixel step, degrees: east = xx·dx + xy·dy, north = yx·dx + yy·dy. */
interface SkyMatrix {
  readonly xx: number;
  readonly xy: number;
  readonly yx: number;
  readonly yy: number;
}

/**
 * Size of a pixel in arcseconds: from the header's coordinates, else by survey, else NaN.
 *
 * @param survey "ztf", "lsst", …
 */
export function pixelScaleArcsec(stamp: Stamp, survey = ""): number {
  expectArgument("stamp", stamp, "a stamp");
  const matrix = matrixOf(stamp, survey);
  return matrix ? Math.sqrt(Math.abs(determinant(matrix))) * 3600 : (SCALES[survey] ?? Number.NaN);
}

/**
 * The stamp with north up and east to the left, as it is drawn with row 0 at the bottom; null where the orientation is
 * not known.
 *
 * ZTF's rows run from north to south, so they are reversed: measured from the pixel and sky positions of one exposure,
 * x +1 px is 1.012″ west and y +1 px is 1.012″ south. Rubin's cameras rotate: the angle comes from the matrix in the
 * header, else from ROTPA, the position angle of the +y axis east of north. Quarter turns and flips move pixels
 * unchanged; any other angle is resampled bilinearly about the centre, corners becoming NaN, and the variance follows
 * the square of the weights (neighbouring pixels are correlated afterwards). The point-spread function is left out.
 *
 * @example
 * const up = northUp(alert.stamps.science!, alert.survey);
 */
export function northUp(stamp: Stamp, survey = ""): Stamp | null {
  expectArgument("stamp", stamp, "a stamp");
  const matrix = matrixOf(stamp, survey);
  if (!matrix) return null;
  const scale = Math.sqrt(Math.abs(determinant(matrix)));
  // Pixel step in the source for one step west (+x of the result) and one step north (+y).
  const inverse = determinant(matrix) / scale;
  const west = { x: snap(-matrix.yy / inverse), y: snap(matrix.yx / inverse) };
  const north = { x: snap(-matrix.xy / inverse), y: snap(matrix.xx / inverse) };
  const turned = Math.abs(west.x) < 0.5;
  const exact = [west.x, west.y, north.x, north.y].every((step) => Number.isInteger(step));
  const width = exact && turned ? stamp.height : stamp.width;
  const height = exact && turned ? stamp.width : stamp.height;
  const source = { width: stamp.width, height: stamp.height };
  const turn = (image: Stamp["pixels"], squared: boolean) =>
    resample(image, source, { width, height }, west, north, squared);
  const { psf: _dropped, ...rest } = stamp;
  const header = { ...dropCoordinates(stamp.header), CD1_1: -scale, CD1_2: 0, CD2_1: 0, CD2_2: scale };
  const variance = stamp.variance && { variance: turn(stamp.variance, true) };
  return { ...rest, width, height, header, pixels: turn(stamp.pixels, false), ...variance };
}

interface Step {
  readonly x: number;
  readonly y: number;
}
interface Size {
  readonly width: number;
  readonly height: number;
}

/** Within 0.3° of a quarter turn a stamp of 102 pixels is off by a quarter of a pixel at its edge: not worth a blur. */
function snap(step: number): number {
  return Math.abs(step - Math.round(step)) < 0.006 ? Math.round(step) + 0 : step;
}

function resample(
  image: Stamp["pixels"],
  from: Size,
  to: Size,
  west: Step,
  north: Step,
  squared: boolean,
): Float64Array {
  const result = new Float64Array(to.width * to.height);
  for (let row = 0; row < to.height; row++) {
    for (let column = 0; column < to.width; column++) {
      const dx = column - (to.width - 1) / 2;
      const dy = row - (to.height - 1) / 2;
      const x = (from.width - 1) / 2 + dx * west.x + dy * north.x;
      const y = (from.height - 1) / 2 + dx * west.y + dy * north.y;
      result[row * to.width + column] = bilinear(image, from, x, y, squared);
    }
  }
  return result;
}

function bilinear(image: Stamp["pixels"], size: Size, x: number, y: number, squared: boolean): number {
  const left = Math.floor(x);
  const below = Math.floor(y);
  let sum = 0;
  for (const [column, row] of [
    [left, below],
    [left + 1, below],
    [left, below + 1],
    [left + 1, below + 1],
  ] as const) {
    const weight = (1 - Math.abs(x - column)) * (1 - Math.abs(y - row));
    if (weight < 1e-9) continue;
    if (column < 0 || row < 0 || column >= size.width || row >= size.height) return Number.NaN;
    sum += image[row * size.width + column]! * (squared ? weight * weight : weight);
  }
  return sum;
}

function matrixOf(stamp: Stamp, survey: string): SkyMatrix | null {
  const number = (key: string, fallback: number): number => {
    const value = stamp.header[key];
    return typeof value === "number" ? value : fallback;
  };
  const has = (...keys: string[]) => keys.some((key) => stamp.header[key] !== undefined);
  for (const kind of ["CD", "PC"]) {
    const cards = [`${kind}1_1`, `${kind}1_2`, `${kind}2_1`, `${kind}2_2`];
    const isScaled = kind === "PC" && number("CDELT1", 1) !== 1 && number("CDELT2", 1) !== 1;
    if (!has(...cards) && !isScaled) continue;
    // what a header leaves out is 0 in CD, and the unit matrix in PC (WCS Paper I, section 2.1.2)
    const diagonal = kind === "PC" ? 1 : 0;
    const sx = kind === "PC" ? number("CDELT1", 1) : 1;
    const sy = kind === "PC" ? number("CDELT2", 1) : 1;
    const [xx, yy] = [number(`${kind}1_1`, diagonal) * sx, number(`${kind}2_2`, diagonal) * sy];
    const matrix = { xx, xy: number(`${kind}1_2`, 0) * sx, yx: number(`${kind}2_1`, 0) * sy, yy };
    if (determinant(matrix) !== 0) return matrix;
  }
  const scale = (SCALES[survey] ?? Number.NaN) / 3600;
  if (Number.isNaN(scale)) return null;
  if (survey === "ztf") return { xx: -scale, xy: 0, yx: 0, yy: -scale };
  const angle = (number("ROTPA", Number.NaN) * Math.PI) / 180;
  if (Number.isNaN(angle)) return null;
  const [sine, cosine] = [scale * Math.sin(angle), scale * Math.cos(angle)];
  return { xx: -cosine, xy: sine, yx: sine, yy: cosine };
}

function determinant(matrix: SkyMatrix): number {
  return matrix.xx * matrix.yy - matrix.xy * matrix.yx;
}

function dropCoordinates(header: Stamp["header"]): Record<string, string | number | boolean> {
  const stale = /^(CD|PC)\d_\d$|^CDELT\d$|^CRPIX\d$|^ROTPA$/;
  return Object.fromEntries(Object.entries(header).filter(([key]) => !stale.test(key)));
}
