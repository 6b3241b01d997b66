import { wrapRa } from "../alert/sphere";

/** Catalogue entries per right-ascension cell; 1 to 4 are equally quick at 1 M rows. */
const entriesPerCell = 2;

/**
 * The sky cut for searching: zones of declination that hold equal numbers of entries, each cut into cells of right
 * ascension. Zones follow the entries, not the sky, so a catalogue of one small field is as quick as one of the whole
 * sky. Cells are numbered zone by zone; a zone's entries lie in memory in the order of its cells.
 */
export class SkyZones {
  /** `cellStart[c]` to `cellStart[c + 1]` are the places of cell c's entries in `rows`. */
  readonly cellStart: Int32Array;
  /** Row of the catalogue at each place; ascending within a cell. */
  readonly rows: Int32Array;
  readonly count: number;
  /** Mean height of a zone, degrees: about how far apart entries lie. */
  readonly spacingDeg: number;
  readonly #edges: Float64Array;
  readonly #firstCell: Int32Array;
  readonly #raMin: Float64Array;
  readonly #cellsPerDeg: Float64Array;
  /** Right ascensions are counted from an empty stretch, so that a field across RA 0 is not torn in two. */
  readonly #raOrigin: number;

  /** @param ra @param dec degrees, finite, declination within ±90 */
  constructor(ra: Float64Array, dec: Float64Array) {
    const entries = ra.length;
    const zones = Math.max(1, Math.round(Math.sqrt(entries)));
    const sorted = dec.slice().sort();
    this.count = zones;
    this.spacingDeg = ((sorted[entries - 1] ?? 0) - (sorted[0] ?? 0)) / zones;
    this.#edges = Float64Array.from({ length: zones }, (_, zone) => sorted[Math.floor((zone * entries) / zones)] ?? 0);
    this.#raOrigin = emptiestRa(ra);

    const zoneOf = new Int32Array(entries);
    const fromOrigin = new Float64Array(entries);
    const held = new Int32Array(zones);
    const raMax = new Float64Array(zones);
    this.#raMin = new Float64Array(zones).fill(360);
    for (let row = 0; row < entries; row++) {
      const zone = this.zoneAt(dec[row]!);
      const value = this.fromOrigin(ra[row]!);
      zoneOf[row] = zone;
      fromOrigin[row] = value;
      held[zone]!++;
      if (value < this.#raMin[zone]!) this.#raMin[zone] = value;
      if (value > raMax[zone]!) raMax[zone] = value;
    }

    this.#firstCell = new Int32Array(zones + 1);
    this.#cellsPerDeg = new Float64Array(zones);
    for (let zone = 0; zone < zones; zone++) {
      const cells = Math.max(1, Math.ceil(held[zone]! / entriesPerCell));
      const width = raMax[zone]! - this.#raMin[zone]!;
      this.#cellsPerDeg[zone] = width > 0 ? cells / width : 0;
      this.#firstCell[zone + 1] = this.#firstCell[zone]! + cells;
    }

    const cellOf = new Int32Array(entries);
    this.cellStart = new Int32Array(this.#firstCell[zones]! + 1);
    for (let row = 0; row < entries; row++) {
      const cell = this.cellAt(zoneOf[row]!, fromOrigin[row]!);
      cellOf[row] = cell;
      this.cellStart[cell + 1]!++;
    }
    for (let cell = 1; cell < this.cellStart.length; cell++) this.cellStart[cell]! += this.cellStart[cell - 1]!;
    const next = this.cellStart.slice();
    this.rows = new Int32Array(entries);
    for (let row = 0; row < entries; row++) this.rows[next[cellOf[row]!]!++] = row;
  }

  /** Right ascension as this index counts it: 0 ≤ value < 360, from its own origin. */
  fromOrigin(ra: number): number {
    return wrapRa(ra - this.#raOrigin);
  }

  /** The zone a declination falls into; those beyond the ends belong to the first or last zone. */
  zoneAt(dec: number): number {
    let low = 0;
    let high = this.count;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#edges[middle]! <= dec) low = middle;
      else high = middle;
    }
    return low;
  }

  firstCell(zone: number): number {
    return this.#firstCell[zone]!;
  }

  lastCell(zone: number): number {
    return this.#firstCell[zone + 1]! - 1;
  }

  /** The cell of a zone that holds `fromOrigin`; those beyond the ends belong to its first or last cell. */
  cellAt(zone: number, fromOrigin: number): number {
    const first = this.#firstCell[zone]!;
    const cell = first + Math.floor((fromOrigin - this.#raMin[zone]!) * this.#cellsPerDeg[zone]!);
    const last = this.#firstCell[zone + 1]! - 1;
    return Math.max(first, Math.min(cell, last));
  }
}

/** The middle of the longest run of empty degrees of right ascension; 0 when there is none. */
function emptiestRa(ra: Float64Array): number {
  const taken = new Uint8Array(360);
  for (const value of ra) taken[Math.floor(wrapRa(value))] = 1;
  let longest = 0;
  let middle = 0;
  for (let degree = 0, empty = 0; degree < 720; degree++) {
    empty = taken[degree % 360] ? 0 : empty + 1;
    if (empty > longest && empty < 360) {
      longest = empty;
      middle = degree + 1 - empty / 2;
    }
  }
  return wrapRa(middle);
}
