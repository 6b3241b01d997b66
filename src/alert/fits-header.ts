import { BootcampError } from "../errors";

/** FITS files come in blocks of this many bytes, 36 cards of 80 characters (FITS standard 4.0, section 3.1). */
export const BLOCK_BYTES = 2880;
const CARD_BYTES = 80;

/** A real cutout has 5 to 40 cards; beyond this, "header" means that the end card was lost. */
const MAX_CARDS = 10_000;

export type FitsValue = string | number | boolean;

export interface FitsHeader {
  readonly values: Record<string, FitsValue>;
  /** First byte after the header's last block. */
  readonly end: number;
}

/**
 * Reads the cards from `start` up to END.
 *
 * ZTF writes `SIMPLE  =  T` with the value outside its fixed columns, which strict readers refuse: here a value is
 * whatever follows the first "=".
 */
export function readHeader(bytes: Buffer, start: number): FitsHeader {
  const values: Record<string, FitsValue> = {};
  /** Text that goes on in CONTINUE cards, in pieces: joining it card by card takes time with the square of its length. */
  let long: { key: string; pieces: string[] } | undefined;
  const finish = () => {
    if (long && long.pieces.length > 1) values[long.key] = long.pieces.join("");
    long = undefined;
  };
  for (let card = 0; card < MAX_CARDS; card++) {
    const from = start + card * CARD_BYTES;
    const text = bytes.toString("latin1", from, from + CARD_BYTES);
    if (text.startsWith("END") && text.slice(3).trim() === "") {
      finish();
      return { values, end: start + Math.ceil(((card + 1) * CARD_BYTES) / BLOCK_BYTES) * BLOCK_BYTES };
    }
    if (text.length < CARD_BYTES)
      throw new BootcampError("FITS", `Expected an END card, got the end of the data at byte ${bytes.length}`);
    if (long && text.startsWith("CONTINUE  ")) {
      const last = long.pieces.length - 1;
      if (!long.pieces[last]!.endsWith("&")) continue;
      long.pieces[last] = long.pieces[last]!.slice(0, -1);
      long.pieces.push(String(parseValue(text.slice(10)) ?? ""));
      continue;
    }
    finish();
    const key = keywordOf(text);
    const value = key === "" ? undefined : parseValue(text.slice(text.indexOf("=") + 1));
    if (value === undefined) continue;
    values[key] = value;
    if (typeof value === "string") long = { key, pieces: [value] };
  }
  throw new BootcampError("FITS", `Expected a header of fewer than ${MAX_CARDS} cards, got more`);
}

/** "" for comments, blanks and everything that carries no value. Upper case only, so "__proto__" cannot be a key. */
function keywordOf(card: string): string {
  const equals = card.indexOf("=");
  if (equals < 1) return "";
  const name = card.slice(0, equals).trim().toUpperCase();
  if (name === "COMMENT" || name === "HISTORY") return "";
  if (equals <= 8) return /^[A-Z0-9_-]+$/.test(name) ? name : "";
  // ESO's convention for names longer than 8 characters.
  return /^HIERARCH [A-Z0-9_. -]+$/.test(name) ? name.slice(9).trim() : "";
}

/** Value field of a card without its comment; undefined where there is none. */
function parseValue(field: string): FitsValue | undefined {
  const text = field.trim();
  const quoted = /^'((?:[^']|'')*)'/.exec(text);
  if (quoted) return quoted[1]!.replaceAll("''", "'").trimEnd();
  const bare = text.split("/", 1)[0]!.trim();
  if (bare === "T") return true;
  if (bare === "F") return false;
  if (bare === "") return undefined;
  // Fortran writes double exponents with a D.
  const number = Number(bare.replace(/[dD](?=[+-]?\d+$)/, "E"));
  return Number.isNaN(number) ? bare : number;
}

/** A whole number ≥ 0 from the header, or an error that names the card. */
export function countCard(header: Record<string, FitsValue>, key: string, fallback?: number): number {
  const value = header[key] ?? fallback;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new BootcampError(
    "FITS",
    `Expected ${key} to be a whole number ≥ 0, got ${value === undefined ? "no such card" : String(value)}`,
  );
}
