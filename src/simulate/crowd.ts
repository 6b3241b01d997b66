import type { SkyField } from "./cadence";
import { channelHeight, channelMargin, channelWidth, separation } from "./camera";
import type { Random } from "./random";
import type { CameraPlace, Position, SkySource } from "./sky-source";

/** Arcseconds between two sources: one source's neighbours are then not another's. */
const apartArcsec = 110;

/** Keeps the sources of a sky apart, on the sky and in the tables of its images. */
export class Crowd {
  private readonly taken = new Map<string, { source: SkySource; at: Position }[]>();
  /** For each field and channel how many rows lasting sources have from the start, and those of one night from the end. */
  private readonly lasting = new Map<string, number>();
  private passing = new Map<string, number>();
  private readonly rows = new Map<SkySource, number>();

  /** @param rowsPerImage rows that this sky may have in the table of an image */
  constructor(
    private readonly channels: number,
    readonly rowsPerImage: number,
  ) {}

  /** Rows of what lasts stay; those of one night are free again. */
  nextNight(): void {
    this.passing = new Map();
  }

  findPlace(random: Random, field: SkyField): CameraPlace {
    const rcid = (random.below(this.channels) * 23 + field.id * 7) % 64; // 23 steps through all 64
    return {
      rcid,
      x: random.uniform(channelMargin, channelWidth - channelMargin),
      y: random.uniform(channelMargin, channelHeight - channelMargin),
    };
  }

  /** Notes a source and its places, unless another source is too near or the tables of its channel are full. */
  admit(source: SkySource, places: readonly Position[], lasts: boolean): boolean {
    const channel = `${source.field.id}/${source.place.rcid}`;
    const [first, last] = [this.lasting.get(channel) ?? 0, this.passing.get(channel) ?? 0];
    if (first + last >= this.rowsPerImage) return false;
    for (const at of places) {
      for (const key of cells(at)) {
        for (const other of this.taken.get(key) ?? []) {
          if (other.source.index !== source.index && separation(at, other.at) < apartArcsec) return false;
        }
      }
    }
    for (const at of places) {
      const key = cells(at)[0]!;
      const list = this.taken.get(key);
      if (list) list.push({ source, at });
      else this.taken.set(key, [{ source, at }]);
    }
    this.rows.set(source, lasts ? first : this.rowsPerImage - 1 - last);
    if (lasts) this.lasting.set(channel, first + 1);
    else this.passing.set(channel, last + 1);
    return true;
  }

  /** Number of the source in its channel: of no other source in the same image. */
  rowOf(source: SkySource): number {
    return this.rows.get(source)!;
  }
}

/** The cell of a place, 0.1° on a side (the fields end at 37° north), and the eight around it. */
function cells({ ra, dec }: Position): string[] {
  const [column, row] = [Math.floor(ra * 10), Math.floor(dec * 10)];
  const keys = [`${column}/${row}`];
  for (let i = -1; i <= 1; i++) for (let j = -1; j <= 1; j++) if (i || j) keys.push(`${column + i}/${row + j}`);
  return keys;
}
