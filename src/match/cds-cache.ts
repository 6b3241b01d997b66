import { createHash } from "node:crypto";
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, usageError } from "../errors";
import { makeFolder } from "../folders";
import type { CdsMatch } from "./cds-request";

interface Line {
  /** Position, `ra,dec`. */
  at: string;
  /** When it was asked, days since 1970. */
  day: number;
  match: CdsMatch | null;
}

/**
 * Answers of a remote service kept on disk: one file of JSON lines for each service, catalogue and radius, one line per
 * position. Lines are only ever added, a batch at a time, so an interrupted run loses at most its last batch; a line
 * that cannot be read is asked again.
 */
export class CdsCache {
  readonly #answers = new Map<string, CdsMatch | null>();

  private constructor(readonly file: string) {}

  /**
   * @param keepDays answers older than this are asked again
   * @throws USAGE when the folder cannot be used
   */
  static async open(
    folder: string,
    query: { url: string; catalog: string; radiusArcsec: number },
    keepDays: number,
  ): Promise<CdsCache> {
    const hash = createHash("sha256").update(JSON.stringify([query.url, query.catalog, query.radiusArcsec]));
    const readable = query.catalog.replace(/[^A-Za-z0-9]+/g, "-").slice(0, 60);
    const cache = new CdsCache(
      join(folder, `${readable}-${query.radiusArcsec}arcsec-${hash.digest("hex").slice(0, 12)}.jsonl`),
    );
    try {
      makeFolder(folder);
    } catch (error) {
      unusable(folder)(error);
    }
    const text = await readFile(cache.file, "utf8").catch((error: NodeJS.ErrnoException) =>
      error.code === "ENOENT" ? "" : unusable(folder)(error),
    );
    for (const each of text.split("\n")) {
      const line = readLine(each);
      if (line && today() - line.day <= keepDays) cache.#answers.set(line.at, line.match);
    }
    return cache;
  }

  /** The answer of that position; undefined when it was not asked yet. */
  get(at: string): CdsMatch | null | undefined {
    return this.#answers.get(at);
  }

  async add(answers: readonly (readonly [at: string, match: CdsMatch | null])[]): Promise<void> {
    for (const [at, match] of answers) this.#answers.set(at, match);
    const lines = answers.map(([at, match]) => JSON.stringify({ at, day: today(), match } satisfies Line));
    // A line break first: should the last run have been cut short, its torn line does not swallow this one.
    await appendFile(this.file, `\n${lines.join("\n")}\n`).catch(unusable(this.file));
  }
}

const unusable =
  (path: string) =>
  (error: unknown): never => {
    throw usageError(
      "a cacheFolder that can be read and written",
      path,
      `${messageOf(error)}; { cacheFolder: null } keeps nothing`,
    );
  };

const today = () => Math.floor(Date.now() / 86_400_000);

function readLine(text: string): Line | null {
  if (text === "") return null;
  try {
    const line = JSON.parse(text) as Partial<Line> | null;
    const match = line?.match;
    const isWhole = match === null || (typeof match?.separationArcsec === "number" && typeof match.row === "object");
    return isWhole && typeof line?.at === "string" && typeof line.day === "number" ? (line as Line) : null;
  } catch {
    return null;
  }
}
