import { pixelArcsec } from "./camera";
import { cosDeg, sin, TWO_PI } from "./numeric";
import type { CameraPlace, Position } from "./sky-source";

/** Pixel scale of LSSTCam, arcseconds. */
export const lsstPixelArcsec = 0.2;
/** A detector has 4,072 × 4,000 pixels; nine make a raft, 21 rafts the camera (five by five without the corners). */
export const detectorPixels = 4000;
const detectorDeg = (detectorPixels * lsstPixelArcsec) / 3600;
const pitchDeg = 0.2347;
const raftDeg = 0.7065;
/** A disc of this radius lies on detectors or the gaps between them however the camera is turned, degrees. */
export const discDeg = 1.49;

/** Where a position falls on the camera. */
export interface LsstPlace {
  /** 0 to 188. */
  readonly detector: number;
  readonly x: number;
  readonly y: number;
}

/** Sine and cosine of the camera's turn. */
export interface Turn {
  readonly s: number;
  readonly c: number;
}
export const turnOf = (rotationDeg: number): Turn => {
  const angle = (rotationDeg * TWO_PI) / 360;
  return { s: sin(angle), c: sin(angle + TWO_PI / 4) };
};

/** East and north on the sky to columns and rows of the camera: west is to the right when it is not turned. */
export const toCamera = ({ s, c }: Turn, east: number, north: number) => ({
  u: -east * c + north * s,
  v: east * s + north * c,
});
const toSky = ({ s, c }: Turn, u: number, v: number) => ({ east: -u * c + v * s, north: u * s + v * c });

/** Where a position is seen; null in a gap between detectors or outside. */
export function placeOf(pointing: Position, turn: Turn, at: Position): LsstPlace | null {
  const east = (((at.ra - pointing.ra + 540) % 360) - 180) * cosDeg(at.dec);
  const { u, v } = toCamera(turn, east, at.dec - pointing.dec);
  const [column, row] = [Math.floor(u / raftDeg + 2.5), Math.floor(v / raftDeg + 2.5)];
  if (column < 0 || row < 0 || column > 4 || row > 4) return null;
  if (column % 4 === 0 && row % 4 === 0) return null;
  const raft = row * 5 + column - (row === 0 ? 1 : row === 4 ? 3 : 2);
  const [ru, rv] = [u - (column - 2) * raftDeg, v - (row - 2) * raftDeg];
  const [i, j] = [Math.round(ru / pitchDeg), Math.round(rv / pitchDeg)];
  if (Math.abs(i) > 1 || Math.abs(j) > 1) return null;
  const x = ((ru - i * pitchDeg) / detectorDeg + 0.5) * detectorPixels;
  const y = ((rv - j * pitchDeg) / detectorDeg + 0.5) * detectorPixels;
  if (x < 1 || y < 1 || x > detectorPixels - 1 || y > detectorPixels - 1) return null;
  return { detector: raft * 9 + (j + 1) * 3 + i + 1, x, y };
}

/** Degrees east and north of the pointing of a pixel on one of the nine detectors in the middle (i and j from −4 to 4). */
export function offsetOf(turn: Turn, i: number, j: number, x: number, y: number): { east: number; north: number } {
  const centre = (k: number) => Math.round(k / 3) * raftDeg + (k - 3 * Math.round(k / 3)) * pitchDeg;
  const along = (k: number, pixel: number) => centre(k) + (pixel / detectorPixels - 0.5) * detectorDeg;
  return toSky(turn, along(i, x), along(j, y));
}

/**
 * The place on ZTF's camera, continued beyond its edges, whose position is an offset from a field's centre: sources are born at
 * such places, whichever survey looks.
 */
export function birthPlace(east: number, north: number): CameraPlace {
  const perDegree = 3600 / pixelArcsec;
  return { rcid: 0, x: (3.71 - east) * perDegree, y: 6160 - (north + 3.76) * perDegree };
}
