const block = 2880;
const blank = 0x7fc00000; // one fixed NaN: the bits of a computed NaN may differ between machines

/** One header-and-data unit of a stamp. */
export interface FitsUnit {
  readonly width: number;
  readonly height: number;
  /** float32 for images and variances, float64 for point-spread functions. */
  readonly bits: 32 | 64;
  readonly pixels: Float64Array;
  /** Further cards, without what every unit has. */
  readonly cards: readonly string[];
}

/** `KEYWORD = value` in the columns that FITS wants. */
export function card(keyword: string, value: string | number): string {
  if (typeof value === "string") return `${keyword.padEnd(8)}= '${value.padEnd(8)}'`;
  const text = Number.isInteger(value) ? String(value) : numberText(value);
  return `${keyword.padEnd(8)}= ${text.padStart(20)}`;
}

/** Shortest digits that read back the same, with a point or an exponent in capitals. */
function numberText(value: number): string {
  const text = String(value).toUpperCase();
  return text.length <= 20 ? text : value.toExponential(12).toUpperCase();
}

/** One unit: its header and its data, each filled up to blocks of 2,880 bytes. */
export function unitBlocks({ width, height, bits, pixels, cards }: FitsUnit, isFirst: boolean): Buffer[] {
  const first = isFirst ? "SIMPLE  =                    T" : card("XTENSION", "IMAGE");
  const extra = isFirst ? ["EXTEND  =                    T"] : [card("PCOUNT", 0), card("GCOUNT", 1)];
  const shape = [card("BITPIX", -bits), card("NAXIS", 2), card("NAXIS1", width), card("NAXIS2", height)];
  const lines = [first, ...shape, ...extra, ...cards, "END"].map((line) => line.padEnd(80)).join("");
  const header = Buffer.from(lines.padEnd(Math.ceil(lines.length / block) * block), "latin1");
  const bytes = (pixels.length * bits) / 8;
  const data = Buffer.alloc(Math.ceil(bytes / block) * block);
  if (bits === 64) for (let i = 0; i < pixels.length; i++) data.writeDoubleBE(pixels[i]!, i * 8);
  else {
    for (let i = 0; i < pixels.length; i++) {
      if (Number.isNaN(pixels[i]!)) data.writeUInt32BE(blank, i * 4);
      else data.writeFloatBE(pixels[i]!, i * 4);
    }
  }
  return [header, data];
}
