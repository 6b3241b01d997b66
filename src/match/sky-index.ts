import { radiansPerDegree, unitVector, vectorSeparationArcsec, writeUnitVector } from "../alert/sphere";
import { SkyZones } from "./sky-zones";

/** Search windows are widened by this: far above the rounding of the trigonometry, far below any position error. */
const marginDeg = 1e-7;
/** Chords of unit vectors are rounded by a few 1e-16, at every separation. */
const chordRounding = 2e-15;
/** Heights are kept to 24 bits, so rounded by at most 3e-8. */
const heightRounding = 1e-7;
/** Numbers per entry: x, y, z and the row of the catalogue, side by side, so that one look at memory brings them all. */
const width = 4;

export interface Neighbour {
  /** Row of the catalogue. */
  readonly index: number;
  readonly separationArcsec: number;
}

/**
 * An exact index of places on the sphere, held in typed arrays: unit vectors in the order of the cells of
 * {@link SkyZones}, so that a search scans one or two runs of memory per zone and compares squared chords.
 *
 * Waiting for memory is what a search of a large catalogue costs, so the heights lie once more by themselves, eight times
 * as close: they say of nearly every entry of a zone that it is too far north or south.
 */
export class SkyIndex {
  readonly #zones: SkyZones;
  readonly #entries: Float64Array;
  /** z of each entry. */
  readonly #heights: Float32Array;
  /** What the latest search found: start, end, start, end … of places. At most two runs per zone. */
  readonly #runs: Int32Array;

  /** @param ra @param dec degrees, finite, declination within ±90 */
  constructor(ra: Float64Array, dec: Float64Array) {
    this.#zones = new SkyZones(ra, dec);
    this.#runs = new Int32Array(4 * this.#zones.count);
    this.#entries = new Float64Array(width * ra.length);
    this.#heights = new Float32Array(ra.length);
    const places = this.#zones.placesOf(ra, dec);
    for (let row = 0; row < places.length; row++) {
      const at = width * places[row]!;
      writeUnitVector(this.#entries, at, ra[row]!, dec[row]!);
      this.#entries[at + 3] = row;
      this.#heights[places[row]!] = this.#entries[at + 2]!;
    }
  }

  /**
   * The nearest entry within the radius, its edge included; of several at one place the first in the catalogue.
   * It looks first about as far as entries lie apart and then ever further, so that a wide radius costs little extra.
   */
  nearest(ra: number, dec: number, radiusArcsec: number): Neighbour | null {
    if (!isPlace(ra, dec)) return null;
    const least = Math.max(1, this.#zones.spacingDeg * 3600);
    for (let tryArcsec = Math.min(radiusArcsec, least); ; tryArcsec = Math.min(radiusArcsec, 3 * tryArcsec)) {
      const found = this.#nearestWithin(ra, dec, tryArcsec);
      if (found !== null || tryArcsec >= radiusArcsec) return found;
    }
  }

  /**
   * First by height and squared chord, which are quick, and by angle among those that rounding cannot tell apart from the
   * nearest so far.
   */
  #nearestWithin(ra: number, dec: number, radiusArcsec: number): Neighbour | null {
    const [entries, heights, runs] = [this.#entries, this.#heights, this.#runs];
    const cosDec = Math.cos(dec * radiansPerDegree);
    const z = Math.sin(dec * radiansPerDegree);
    let x = Number.NaN; // until an entry of the right height is met
    let y = Number.NaN;
    let chord = (radiusArcsec / 3600) * radiansPerDegree + chordRounding; // a chord is shorter than its arc
    let index = -1;
    let separationArcsec = radiusArcsec;
    const filled = this.#search(ra, dec, cosDec, radiusArcsec / 3600);
    for (let run = 0; run < filled; run += 2) {
      const end = runs[run + 1]!;
      for (let place = runs[run]!; place < end; place++) {
        if (Math.abs(heights[place]! - z) > chord + heightRounding) continue;
        const at = width * place;
        const [ex, ey, ez, row] = [entries[at]!, entries[at + 1]!, entries[at + 2]!, entries[at + 3]! | 0];
        if (Number.isNaN(x)) {
          x = cosDec * Math.cos(ra * radiansPerDegree);
          y = cosDec * Math.sin(ra * radiansPerDegree);
        }
        const [dx, dy, dz] = [ex - x, ey - y, ez - z];
        const chord2 = dx * dx + dy * dy + dz * dz;
        if (chord2 > chord * chord) continue;
        const separation = vectorSeparationArcsec(ex, ey, ez, x, y, z);
        if (separation > separationArcsec || (separation === separationArcsec && index >= 0 && row > index)) continue;
        chord = Math.min(chord, Math.sqrt(chord2) + chordRounding);
        separationArcsec = separation;
        index = row;
      }
    }
    return index < 0 ? null : { index, separationArcsec };
  }

  /** All entries within the radius, its edge included, nearest first, ties in the order of the catalogue. */
  within(ra: number, dec: number, radiusArcsec: number): Neighbour[] {
    if (!isPlace(ra, dec)) return [];
    const [entries, runs] = [this.#entries, this.#runs];
    const [x, y, z] = unitVector({ ra, dec });
    const neighbours: Neighbour[] = [];
    const filled = this.#search(ra, dec, Math.hypot(x, y), radiusArcsec / 3600);
    for (let run = 0; run < filled; run += 2) {
      for (let at = width * runs[run]!; at < width * runs[run + 1]!; at += width) {
        const separationArcsec = vectorSeparationArcsec(entries[at]!, entries[at + 1]!, entries[at + 2]!, x, y, z);
        if (separationArcsec <= radiusArcsec) neighbours.push({ index: entries[at + 3]!, separationArcsec });
      }
    }
    return neighbours.sort((a, b) => a.separationArcsec - b.separationArcsec || a.index - b.index);
  }

  /** Fills the runs with every place that can lie within the radius, each once; returns how many numbers that took. */
  #search(ra: number, dec: number, cosDec: number, radiusDeg: number): number {
    const zones = this.#zones;
    const halfWidth = raHalfWidthDeg(dec, cosDec, radiusDeg + marginDeg);
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

/**
 * How far a cone reaches in right ascension, degrees: sin Δα = sin r / cos δ, or all round when it holds a pole. A little
 * more, without trigonometry: sin r ≤ r, and arcsin s ≤ s + (π/2 − 1) s³, since what it has beyond s grows faster than s³.
 */
function raHalfWidthDeg(dec: number, cosDec: number, radiusDeg: number): number {
  if (Math.abs(dec) + radiusDeg >= 90 - 1e-6) return 180;
  const sine = Math.min(1, (radiusDeg * radiansPerDegree) / cosDec);
  return (sine + (Math.PI / 2 - 1) * sine * sine * sine) / radiansPerDegree + marginDeg;
}

function isPlace(ra: number, dec: number): boolean {
  return Number.isFinite(ra) && dec >= -90 && dec <= 90;
}
