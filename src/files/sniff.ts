import { basename, extname } from "node:path";

/** What the first bytes say a file is. The name never decides: `.avro.gz` on the ELAsTiCC stream meant three things. */
export type FileKind = "empty" | "gzip" | "tar" | "alerts";

/** Bytes needed to tell: a tar header is one block of 512. */
export const sniffBytes = 512;

/**
 * Kind of a file by its first {@link sniffBytes} bytes.
 *
 * A tar archive without entries is nothing but zeros and has no magic, so there, and only there, the name is asked.
 */
export function sniff(head: Buffer, name: string): FileKind {
  if (head.length === 0) return "empty";
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
  if (head.length >= 262 && head.toString("latin1", 257, 262) === "ustar") return "tar";
  if (head.length === sniffBytes && /\.(tar|tgz|tar\.gz)$/i.test(name) && head.every((byte) => byte === 0))
    return "tar";
  return "alerts";
}

const notData = new Set(
  (
    ".avsc .csv .tsv .md .rst .txt .json .jsonl .log .part .md5 .sha256 .yml .yaml .toml .xml .html .css .js .ts .py .sh .ipynb " +
    ".png .jpg .jpeg .gif .svg .pdf .fits .parquet .duckdb .arrow .npy .h5 .vot .reg"
  ).split(" "),
);
const notDataNames = new Set(["MD5SUMS", "README", "LICENSE", "LICENCE", "Makefile", "Dockerfile"]);

/**
 * True for what may lie among alerts without being one: hidden files and names that plainly say something else.
 * Everything else met in a folder is tried, so that a damaged or misnamed alert is reported and not passed over.
 */
export function isPlainlyNotData(path: string): boolean {
  const name = basename(path);
  return name.startsWith(".") || notDataNames.has(name) || notData.has(extname(name).toLowerCase());
}
