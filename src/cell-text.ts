/** Text as long as this is cut, unless it is an id. */
const longest = 80;
const longestId = 1000;

const isTime = (name: string): boolean => /jd/i.test(name);
/** ra, decnr, RAJ2000, ra_deg, meanRa, but not their errors: six significant digits of 123.456789° would be 1.6″ off. */
const isPlace = (name: string): boolean =>
  (/^(mean|ps)?(ra|decl?)(_?(deg|nr|psf|mean|obs|icrs))?\d?$|^(ra|dec?)_?j?2000$/i.test(name) ||
    /[a-z]_?(RA|Ra|Decl?)\d?$|_(ra|decl?)\d?$/.test(name)) &&
  !/^(e|err|sig|sigma|unc|pm)_?(ra|de)/i.test(name);
const isMagnitude = (name: string): boolean => /mag|^sigma(psf|gap)/i.test(name);

/**
 * A number as tables write it, in a notebook and on a terminal. Nothing is rounded away that a reader needs:
 *
 * - whole numbers, ids among them, have all their digits;
 * - times (names with `jd`) and positions (`ra`, `dec`) have five decimals: 0.9 s, 0.04″;
 * - magnitudes have three, and more where fewer than two digits would be left of a small one;
 * - every other number has six significant digits, from 1,000 on five decimals: a time is good to a second under any name.
 *
 * @param name of the column; of a path the last part counts
 */
export function numberText(value: number, name = ""): string {
  const last = name.slice(name.lastIndexOf(".") + 1);
  const isMeasured = isTime(last) || isPlace(last) || /^mag/i.test(last);
  if (!Number.isFinite(value) || (Number.isInteger(value) && !isMeasured)) return String(value);
  const size = Math.abs(value);
  if (size >= 1e15) return String(value);
  if (isTime(last) || isPlace(last)) return value.toFixed(5);
  if (isMagnitude(last)) return size < 0.01 && size > 0 ? plainText(Number(value.toPrecision(2))) : value.toFixed(3);
  return String(size >= 1000 ? Number(value.toFixed(5)) : Number(value.toPrecision(6)));
}

/** Without an exponent, down to the tenth decimal. */
const plainText = (value: number): string =>
  Math.abs(value) >= 1e-10 ? value.toFixed(12).replace(/0+$/, "") : String(value);

/**
 * A value as tables write it: numbers by {@link numberText}, a dash for what is missing, the length of bytes and lists,
 * records as their fields. Text is cut at 80 characters, ids are given in full.
 *
 * @param name of the column
 */
export function cellText(value: unknown, name = ""): string {
  if (value === null || value === undefined || value === "" || Number.isNaN(value)) return "–";
  if (typeof value === "number") return numberText(value, name);
  if (typeof value !== "object") {
    const text = String(value);
    const most = /id$/i.test(name) || typeof value === "bigint" ? longestId : longest;
    return text.length > most ? `${text.slice(0, most - 1)}…` : text;
  }
  const counted = (count: number, noun: string) => `${count.toLocaleString("en-GB")} ${noun}${count === 1 ? "" : "s"}`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "–" : value.toISOString();
  if (value instanceof Uint8Array) return counted(value.length, "byte");
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return counted((value as ArrayLike<unknown>).length, "item");
  const text = `{ ${Object.keys(value)
    .slice(0, 20)
    .map((key) => `${key}: ${inner((value as Record<string, unknown>)[key], key)}`)
    .join(", ")} }`;
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

const inner = (value: unknown, name: string): string =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)
    ? "{…}"
    : cellText(value, name);

/** Cells side by side, each as wide as its column says, numbers to the right. */
export const alignedLine = (cells: readonly string[], widths: readonly number[], isRight: readonly boolean[]): string =>
  cells
    .map((cell, i) => (isRight[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
    .join("  ")
    .trimEnd();

/** Lines of cells, the header among them, as text in columns. */
export function alignedText(lines: readonly (readonly string[])[], isRight: readonly boolean[]): string {
  const widths = isRight.map((_, i) => lines.reduce((most, line) => Math.max(most, line[i]!.length), 0));
  return lines.map((line) => alignedLine(line, widths, isRight)).join("\n");
}
