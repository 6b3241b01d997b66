import { radiansPerDegree, unitVector, vectorSeparationArcsec } from "../alert/sphere";
import { SkyZones } from "./sky-zones";

/** Search windows are widened by this: far above the rounding of the trigonometry, far below any position error. */
const marginDeg = 1e-7;
/** Chords of unit vectors are rounded by a few 1e-16, at every separation. */
const chordRounding = 2e-15;

export interface Neighbour {
  /** Row of the catalogue. */
  readonly index: number;
  readonly separationArcsec: number;
}

/**
 * An exact index of places on the sphere, held in typed arrays: unit vectors in the order of the cells of
 * {@link SkyZones}, so that a search scans one or two runs of memory per zone and compares squared chords.
 */
export class SkyIndex {
  readonly #zones: SkyZones;
  /** x, y, z of the entry at each place. */
  readonly #vectors: Float64Array;
  /** What the latest search found: start, end, start, end … of places. At most two runs per zone. */
  readonly #runs: Int32Array;

  /** @param ra @param dec degrees, finite, declination within ±90 */
  constructor(ra: Float64Array, dec: Float64Array) {
    this.#zones = new SkyZones(ra, dec);
    this.#runs = new Int32Array(4 * this.#zones.count);
    this.#vectors = new Float64Array(3 * ra.length);
    const { rows } = this.#zones;
    for (let place = 0; place < rows.length; place++) {
      const row = rows[place]!;
      this.#vectors.set(unitVector({ ra: ra[row]!, dec: dec[row]! }), 3 * place);
    }
  }

  /**
   * The nearest entry within the radius, its edge included; of several at one place the first in the catalogue.
   * It looks first about as far as entries lie apart and then ever further, so that a wide radius costs little extra.
   */
  nearest(ra: number, dec: number, radiusArcsec: number): Neighbour | null {
    if (!isPlace(ra, dec)) return null;
    const [x, y, z] = unitVector({ ra, dec });
    const radiusDeg = radiusArcsec / 3600;
    let tryDeg = Math.min(radiusDeg, Math.max(1 / 3600, this.#zones.spacingDeg));
    for (;;) {
      const found = this.#nearestInRuns(this.#search(ra, dec, tryDeg), x, y, z);
      const isLast = tryDeg >= radiusDeg;
      if (found !== null && found.separationArcsec <= (isLast ? radiusArcsec : tryDeg * 3600)) return found;
      if (isLast) return null;
      tryDeg = Math.min(radiusDeg, 3 * tryDeg);
    }
  }

  /** First by squared chord, which is quick; then by angle among those that rounding cannot tell apart. */
  #nearestInRuns(filled: number, x: number, y: number, z: number): Neighbour | null {
    const vectors = this.#vectors;
    const runs = this.#runs;
    let least = Number.POSITIVE_INFINITY;
    for (let run = 0; run < filled; run += 2) {
      const end = 3 * runs[run + 1]!;
      for (let at = 3 * runs[run]!; at < end; at += 3) {
        const dx = vectors[at]! - x;
        const dy = vectors[at + 1]! - y;
        const dz = vectors[at + 2]! - z;
        const chord2 = dx * dx + dy * dy + dz * dz;
        if (chord2 < least) least = chord2;
      }
    }
    if (least === Number.POSITIVE_INFINITY) return null;
    const limit = (Math.sqrt(least) + chordRounding) ** 2;
    let index = -1;
    let separationArcsec = Number.POSITIVE_INFINITY;
    for (let run = 0; run < filled; run += 2) {
      for (let place = runs[run]!; place < runs[run + 1]!; place++) {
        const dx = vectors[3 * place]! - x;
        const dy = vectors[3 * place + 1]! - y;
        const dz = vectors[3 * place + 2]! - z;
        if (dx * dx + dy * dy + dz * dz > limit) continue;
        const row = this.#zones.rows[place]!;
        const separation = this.#separation(place, x, y, z);
        if (separation > separationArcsec || (separation === separationArcsec && row > index)) continue;
        separationArcsec = separation;
        index = row;
      }
    }
    return { index, separationArcsec };
  }

  /** All entries within the radius, its edge included, nearest first, ties in the order of the catalogue. */
  within(ra: number, dec: number, radiusArcsec: number): Neighbour[] {
    if (!isPlace(ra, dec)) return [];
    const [x, y, z] = unitVector({ ra, dec });
    const neighbours: Neighbour[] = [];
    const filled = this.#search(ra, dec, radiusArcsec / 3600);
    for (let run = 0; run < filled; run += 2) {
      for (let place = this.#runs[run]!; place < this.#runs[run + 1]!; place++) {
        const separationArcsec = this.#separation(place, x, y, z);
        if (separationArcsec <= radiusArcsec) neighbours.push({ index: this.#zones.rows[place]!, separationArcsec });
      }
    }
    return neighbours.sort((a, b) => a.separationArcsec - b.separationArcsec || a.index - b.index);
  }

  #separation(place: number, x: number, y: number, z: number): number {
    const at = 3 * place;
    return vectorSeparationArcsec(this.#vectors[at]!, this.#vectors[at + 1]!, this.#vectors[at + 2]!, x, y, z);
  }

  /** Fills the runs with every place that can lie within the radius, each once; returns how many numbers that took. */
  #search(ra: number, dec: number, radiusDeg: number): number {
    const zones = this.#zones;
    const halfWidth = raHalfWidthDeg(dec, radiusDeg + marginDeg);
    const centre = zones.fromOrigin(ra);
    const from = centre - halfWidth;
    const to = centre + halfWidth;
    const lastZone = zones.zoneAt(dec + radiusDeg + marginDeg);
    let filled = 0;
    for (let zone = zones.zoneAt(dec - radiusDeg - marginDeg); zone <= lastZone; zone++) {
      const first = zones.firstCell(zone);
      const last = zones.lastCell(zone);
      if (halfWidth >= 180) {
        filled = this.#addRun(filled, first, last);
        continue;
      }
      const fromCell = zones.cellAt(zone, from);
      const toCell = zones.cellAt(zone, to);
      filled = this.#addRun(filled, fromCell, toCell);
      // Across the origin the window goes on at the other end; it may meet itself in one cell there.
      if (from < 0) filled = this.#addRun(filled, Math.max(toCell + 1, zones.cellAt(zone, from + 360)), last);
      if (to >= 360) filled = this.#addRun(filled, first, Math.min(fromCell - 1, zones.cellAt(zone, to - 360)));
    }
    return filled;
  }

  #addRun(filled: number, fromCell: number, toCell: number): number {
    if (fromCell > toCell) return filled;
    this.#runs[filled] = this.#zones.cellStart[fromCell]!;
    this.#runs[filled + 1] = this.#zones.cellStart[toCell + 1]!;
    return filled + 2;
  }
}

/** How far a cone reaches in right ascension, degrees: sin Δα = sin r / cos δ, or all round when it holds a pole. */
function raHalfWidthDeg(dec: number, radiusDeg: number): number {
  if (Math.abs(dec) + radiusDeg >= 90 - 1e-6) return 180;
  const sine = Math.sin(radiusDeg * radiansPerDegree) / Math.cos(dec * radiansPerDegree);
  return Math.asin(Math.min(1, sine)) / radiansPerDegree + marginDeg;
}

function isPlace(ra: number, dec: number): boolean {
  return Number.isFinite(ra) && dec >= -90 && dec <= 90;
}
