import { wrapRa } from "../alert/sphere";

/** Catalogue entries per right-ascension cell; 2 to 8 are equally quick at 1 M rows. */
const entriesPerCell = 4;
/** So many declinations, taken at even steps, say where the zones lie: to sort a million takes longer than all the rest. */
const sampled = 2 ** 16;
/** Buckets of declination per zone, in which the zone of a declination is looked up. */
const bucketsPerZone = 4;

/**
 * The sky cut for searching: zones of declination that hold about equal numbers of entries, each cut into cells of right
 * ascension. Zones follow the entries, not the sky, so a catalogue of one small field is as quick as one of the whole
 * sky. Cells are numbered zone by zone; a zone's entries lie in memory in the order of its cells.
 */
export class SkyZones {
  readonly count: number;
  /** Mean height of a zone, degrees: about how far apart entries lie. */
  readonly spacingDeg: number;
  /** `cellStart[c]` to `cellStart[c + 1]` are the places of cell c's entries. */
  readonly cellStart: Int32Array;
  readonly #edges: Float64Array;
  /** The last zone that begins before a bucket, one more entry than there are buckets. */
  readonly #guide: Int32Array;
  readonly #bucketsPerDeg: number;
  readonly #firstCell: Int32Array;
  readonly #raMin: Float64Array;
  readonly #cellsPerDeg: Float64Array;
  /** Right ascensions are counted from an empty stretch, so that a field across RA 0 is not torn in two. */
  readonly #raOrigin: number;

  /** @param ra @param dec degrees, finite, declination within ±90 */
  constructor(ra: Float64Array, dec: Float64Array) {
    const step = Math.ceil(dec.length / sampled) || 1;
    const sorted = Float64Array.from({ length: Math.ceil(dec.length / step) }, (_, n) => dec[n * step]!).sort();
    const zones = Math.max(1, Math.round(Math.sqrt(dec.length)));
    this.#edges = Float64Array.from(
      { length: zones },
      (_, zone) => sorted[Math.floor((zone * sorted.length) / zones)]!,
    );
    this.count = zones;
    const height = (sorted.at(-1) ?? 0) - (sorted[0] ?? 0);
    this.spacingDeg = height / zones;
    const buckets = bucketsPerZone * zones;
    this.#bucketsPerDeg = height > 0 ? buckets / height : 0;
    this.#guide = new Int32Array(buckets + 1);
    for (let zone = 1; zone < zones; zone++) this.#guide[this.#bucketOf(this.#edges[zone]!) + 1] = zone;
    for (let n = 1; n <= buckets; n++) this.#guide[n] = Math.max(this.#guide[n]!, this.#guide[n - 1]!);

    this.#raOrigin = emptiestRa(ra);
    const held = new Int32Array(zones);
    const raMax = new Float64Array(zones);
    this.#raMin = new Float64Array(zones).fill(360);
    for (let row = 0; row < ra.length; row++) {
      const zone = this.zoneAt(dec[row]!);
      const value = this.fromOrigin(ra[row]!);
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
    this.cellStart = new Int32Array(this.#firstCell[zones]! + 1);
  }

  /** Sorts the entries the zones were made from into their cells: the place of each row, ascending within a cell. */
  placesOf(ra: Float64Array, dec: Float64Array): Int32Array {
    const places = new Int32Array(ra.length);
    const { cellStart } = this;
    for (let row = 0; row < ra.length; row++) {
      const cell = this.cellAt(this.zoneAt(dec[row]!), this.fromOrigin(ra[row]!));
      places[row] = cell;
      cellStart[cell + 1]!++;
    }
    for (let cell = 1; cell < cellStart.length; cell++) cellStart[cell]! += cellStart[cell - 1]!;
    const next = cellStart.slice();
    for (let row = 0; row < ra.length; row++) places[row] = next[places[row]!]!++;
    return places;
  }

  /** Right ascension as this index counts it: 0 ≤ value < 360, from its own origin. */
  fromOrigin(ra: number): number {
    return wrapRa(ra - this.#raOrigin);
  }

  /** The zone a declination falls into; those beyond the ends belong to the first or last zone. */
  zoneAt(dec: number): number {
    const bucket = this.#bucketOf(dec);
    let low = this.#guide[bucket]!;
    let high = this.#guide[bucket + 1]! + 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#edges[middle]! <= dec) low = middle;
      else high = middle;
    }
    return low;
  }

  #bucketOf(dec: number): number {
    const bucket = Math.floor((dec - this.#edges[0]!) * this.#bucketsPerDeg);
    return Math.max(0, Math.min(bucket, bucketsPerZone * this.count - 1));
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
