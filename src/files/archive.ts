import { BootcampError, usageError } from "../errors";
import { expectArgument } from "../expect";
import { requestText } from "./http";

/** Public archive of ZTF alerts, one tarball a night (University of Washington). */
export const ztfArchiveUrl = "https://ztf.uw.edu/alerts/public/";

/** Size of the tarball of a night without alerts: an empty tar, gzipped. */
export const emptyNightBytes = 44;

/** A night of the public archive. */
export interface Night {
  /** UTC date as YYYYMMDD. */
  readonly night: string;
  readonly file: string;
  readonly url: string;
  /** Size of the tarball; rounded where the index page rounds it, null where it says nothing. */
  readonly sizeBytes: number | null;
  /** Checksum from MD5SUMS, or null when the archive lists none. */
  readonly md5: string | null;
  /** True when the archive has a tarball without alerts for that night. */
  readonly isEmpty: boolean;
}

/** Where the ZTF archive is asked. */
export interface ArchiveOptions {
  /** Address of the archive; default the environment's ZTF_ARCHIVE_URL, else {@link ztfArchiveUrl}. */
  baseUrl?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Seconds without data after which a connection is given up; default 60. */
  idleSeconds?: number | undefined;
}

/** Name of the tarball of a night. */
export const nightFile = (night: string): string => `ztf_public_${night}.tar.gz`;

/** The archive's address with its closing slash. */
export function archiveUrl(baseUrl?: string): string {
  const address = baseUrl || process.env.ZTF_ARCHIVE_URL || ztfArchiveUrl;
  if (!/^https?:\/\/[^/]/.test(address))
    throw usageError("an archive address that begins with http:// or https://", address);
  return address.endsWith("/") ? address : `${address}/`;
}

const listHint = "alerts download --list shows the nights there are.";

/** `20181129` of `20181129` or `2018-11-29`; anything that is no date is a usage error. */
export function parseNight(text: string): string {
  const digits = text.replace(/^(\d{4})-(\d\d)-(\d\d)$/, "$1$2$3");
  if (digits.length !== 8 || nightOf(dateOf(digits)) !== digits)
    throw usageError("a night as YYYYMMDD", text, listHint);
  return digits;
}

/**
 * Nights of a list of dates and ranges, each once, in the order asked for.
 *
 * @param texts `20181129`, `2018-11-29`, or `20181129..20181203` for the nights from the one to the other
 * @returns date → true when it was named itself, false when it is only within a range
 * @throws BootcampError USAGE
 */
export function parseNights(texts: readonly string[]): Map<string, boolean> {
  expectArgument("list", texts, "a list of nights");
  const nights = new Map<string, boolean>();
  for (const text of texts) {
    expectArgument("text", text, 'a night, as "20181129"');
    const [first, last, ...more] = text.split("..");
    if (last === undefined) {
      nights.set(parseNight(text), true);
      continue;
    }
    const from = parseNight(first!);
    const to = parseNight(last);
    if (more.length > 0 || from > to) throw usageError("a range of nights as 20181129..20181203", text, listHint);
    const date = dateOf(from)!;
    for (; nightOf(date) <= to; date.setUTCDate(date.getUTCDate() + 1)) {
      nights.set(nightOf(date), nights.get(nightOf(date)) ?? false);
    }
  }
  return nights;
}

const nightOf = (date: Date | null): string => date?.toISOString().slice(0, 10).replaceAll("-", "") ?? "";

function dateOf(digits: string): Date | null {
  const date = new Date(`${digits.replace(/^(\d{4})(\d\d)(\d\d)$/, "$1-$2-$3")}T00:00:00Z`);
  return Number.isNaN(date.getTime()) ? null : date;
}

/**
 * Nights of the ZTF public archive, oldest first, from its index page and its MD5SUMS.
 *
 * @example
 * const nights = await files.listNights();
 * @throws BootcampError DOWNLOAD when the archive cannot be reached or its page lists no night
 */
export async function listNights(options: ArchiveOptions = {}): Promise<Night[]> {
  expectArgument("object", options, "options { baseUrl … }");
  const base = archiveUrl(options.baseUrl);
  const [page, sums] = await Promise.all([
    requestText(base, { ...options, whole: /<\/(html|body|table|pre|ul)>\s*$/i }),
    requestText(new URL("MD5SUMS", base).href, { ...options, whole: /(^|\n)\s*$/ }),
  ]);
  const sizes = parseIndex(page ?? "");
  const checksums = parseChecksums(sums ?? "");
  for (const file of checksums.keys()) if (!sizes.has(file)) sizes.set(file, null);
  const nights = [...sizes].map(([file, sizeBytes]): Night => {
    const night = file.slice("ztf_public_".length, "ztf_public_".length + 8);
    return {
      night,
      file,
      url: new URL(file, base).href,
      sizeBytes,
      md5: checksums.get(file) ?? null,
      isEmpty: sizeBytes === emptyNightBytes,
    };
  });
  if (nights.length === 0)
    throw new BootcampError("DOWNLOAD", `${base}: Expected an index of ztf_public_YYYYMMDD.tar.gz files, got none`, {
      where: base,
      remedy: "Check the address (--url or ZTF_ARCHIVE_URL).",
    });
  return nights.sort((a, b) => (a.night < b.night ? -1 : 1));
}

/**
 * Tarballs and their sizes from a directory page of Apache or nginx: between one link and the next, the size is the
 * last thing that looks like one (`44`, `22M`, `1.2G`).
 */
export function parseIndex(page: string): Map<string, number | null> {
  const sizes = new Map<string, number | null>();
  // a link and what follows it are a few hundred characters; without a bound a page of 64 MB can hold a day of search
  const link = /href="(?:[^"]{0,1000}\/)?(ztf_public_\d{8}\.tar\.gz)"[^<>]{0,200}>/gi;
  for (const found of page.matchAll(link)) {
    const file = found[1];
    const rest = page.slice(found.index + found[0].length, found.index + found[0].length + 1000);
    const end = rest.search(/<a\s|<\/table|<\/pre/i);
    const text = (end < 0 ? rest : rest.slice(0, end)).replace(/^[\s\S]*?<\/a>/i, "").replace(/<[^<>]*>/g, " ");
    const size = [...text.matchAll(/(?<![\d:-])(\d+(?:\.\d+)?)\s?([KMGT]?)(?![\w:.-])/gi)].at(-1);
    sizes.set(
      file!,
      size ? Math.round(Number(size[1]) * 1024 ** " KMGT".indexOf(size[2]!.toUpperCase() || " ")) : null,
    );
  }
  return sizes;
}

/** File name → checksum, from the output of md5sum (`<32 hex digits>  <name>`, `*` before binary files). */
export function parseChecksums(text: string): Map<string, string> {
  const sums = new Map<string, string>();
  for (const [, sum, file] of text.matchAll(/^([0-9a-f]{32})\s+\*?(?:\.\/)?(ztf_public_\d{8}\.tar\.gz)\s*$/gim))
    sums.set(file!, sum!.toLowerCase());
  return sums;
}
