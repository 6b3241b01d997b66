import { BootcampError, describeValue, usageError } from "../../errors";

/**
 * Where to begin: the oldest message, the next to come, the first at or after a time (Date, or ISO 8601 text in UTC), or an
 * offset in each partition; a negative one is counted back from the end.
 */
export type From = "earliest" | "latest" | Date | string | { readonly offset: number | bigint };

/** The same as Kafka takes it: a time is milliseconds since 1970 UTC. */
export type ParsedFrom = "earliest" | "latest" | number | { readonly offset: bigint };

/** A date, or a date and a time; without a zone it is UTC. JavaScript itself takes far more, and guesses. */
const iso = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?)?(Z|[+-]\d\d(?::?\d\d)?)?$/i;

const dayMs = 86_400_000;
/** Modified Julian date of 1970-01-01; a Julian date is larger by 2,400,000.5. */
const mjdOf1970 = 40_587;

/**
 * A place to begin as Kafka takes it: a word, milliseconds since 1970 UTC, or an offset.
 *
 * @throws USAGE for what is none, naming the ISO form of an MJD, a JD, a night or Unix seconds
 * @example
 * parseFrom("2026-11-21T03:00"); // 1795230000000
 */
export function parseFrom(from: From): ParsedFrom {
  if (from === "earliest" || from === "latest") return from;
  if (typeof from === "object" && from !== null && "offset" in from) return { offset: wholeOffset(from.offset) };
  const time = from instanceof Date ? from.getTime() : isoTime(String(from));
  if (time !== undefined && !Number.isNaN(time) && time >= 0) return time;
  const meant = from instanceof Date ? undefined : meaningOf(String(from));
  const expected = 'Expected from: "earliest", "latest" or a time such as 2026-11-21T03:00Z';
  throw new BootcampError("USAGE", `${expected}, got ${meant?.what ?? describeValue(from)}`, {
    remedy: meant ? `write it so: ${meant.iso}` : "a time is ISO 8601, in UTC where no zone is given",
  });
}

function wholeOffset(offset: number | bigint): bigint {
  if (typeof offset === "bigint") return offset;
  if (!Number.isSafeInteger(offset)) throw usageError("a whole number as offset", offset);
  return BigInt(offset);
}

/** Milliseconds since 1970; undefined for no ISO time, or a day that no calendar has. */
function isoTime(text: string): number | undefined {
  const match = iso.exec(text.trim());
  if (!match) return undefined;
  const [, year, month, day, hour = "00", minute = "00", second = "00", fraction = "", zone = "Z"] = match;
  const withColon = zone.length === 3 ? `${zone}:00` : zone.replace(/^([+-]\d\d)(\d\d)$/, "$1:$2");
  const date = `${year}-${month}-${day}`;
  if (new Date(`${date}T00:00:00Z`).getUTCDate() !== Number(day)) return undefined;
  const time = Date.parse(`${date}T${hour}:${minute}:${second}${fraction.slice(0, 4)}${withColon.toUpperCase()}`);
  return Number.isNaN(time) ? undefined : time;
}

/** What a bare number was probably meant to be. */
function meaningOf(text: string): { what: string; iso: string } | undefined {
  const night = /^((?:19|20)\d\d)(\d\d)(\d\d)$/.exec(text);
  if (night && isoTime(`${night[1]}-${night[2]}-${night[3]}`) !== undefined) {
    return { what: `${text} (a night)`, iso: `${night[1]}-${night[2]}-${night[3]}` };
  }
  const value = /^\d+(\.\d*)?$/.test(text.trim()) ? Number(text) : Number.NaN;
  const named = (what: string, ms: number) => ({ what: `${text} (${what})`, iso: shortIso(ms) });
  if (value > 15_000 && value < 110_000) return named("an MJD", (value - mjdOf1970) * dayMs);
  if (value > 2_415_000 && value < 2_510_000) return named("a JD", (value - 2_400_000.5 - mjdOf1970) * dayMs);
  if (value >= 1e8 && value < 1e10) return named("Unix seconds", value * 1000);
  if (value >= 1e11 && value < 1e13) return named("Unix milliseconds", value);
  if (value >= 1900 && value < 2200) {
    const [begin, end] = [Date.UTC(Math.floor(value), 0), Date.UTC(Math.floor(value) + 1, 0)];
    return named("a year", begin + (value - Math.floor(value)) * (end - begin));
  }
  return undefined;
}

const shortIso = (ms: number): string =>
  new Date(Math.round(ms / 1000) * 1000).toISOString().replace(/(:00)?\.000Z$/, "Z");
