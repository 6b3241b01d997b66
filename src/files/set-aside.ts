import { constants, createReadStream, createWriteStream, promises as fs } from "node:fs";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { isBootcampError, messageOf } from "../errors";
import { makeFolder } from "../folders";
import { Budget } from "./budget";
import { ByteSource } from "./byte-source";
import { gunzip } from "./gunzip";
import type { ReadLimits } from "./limits";
import { sniff, sniffBytes } from "./sniff";
import { type TarEntry, tarEntries } from "./tar";
import { accessError } from "./walk";

/** A list of what was set aside and why, one JSON object per line. */
export const reasonsFile = "reasons.jsonl";

/** What is kept of a failure: 200,000 errors with their stacks take 2.5 GB. */
interface Bad {
  readonly path: string;
  readonly code: string | null;
  readonly reason: string;
}

/** Reasons that are written at a time, and the longest of them. */
const batch = 1000;
const longestReason = 1000;
/** Files up to this size are copied in memory: a stream for each takes twice as long. */
const smallFile = 2 ** 20;

/**
 * Puts copies of what cannot be read into a folder, as its name there its path with `__` for each step into an archive,
 * and writes down why. The originals stay as they are. A member of an archive is taken out of it as it lies there, in one
 * further pass over the archive.
 */
export class SetAside {
  private readonly bad = new Map<string, Bad[]>();
  /** Name in the folder → the number that the next file of that name gets. */
  private readonly taken = new Map<string, number>([[reasonsFile, 2]]);

  constructor(
    private readonly folder: string,
    private readonly limits: Required<ReadLimits>,
    private readonly signal?: AbortSignal | undefined,
  ) {}

  /** @param file on disk; @param path of the file, or of the member in it */
  add(file: string, path: string, error: unknown): void {
    const reason = (error instanceof Error ? error.message : messageOf(error)).slice(0, longestReason);
    const each = { path, code: isBootcampError(error) ? error.code : null, reason };
    const already = this.bad.get(file);
    if (already) already.push(each);
    else this.bad.set(file, [each]);
  }

  /**
   * Writes what was added since the last time.
   *
   * @throws FILE_ACCESS when the folder cannot be written
   */
  async flush(): Promise<void> {
    for (const [file, bad] of this.bad) {
      const wanted = new Wanted(bad.map(({ path }) => path));
      try {
        makeFolder(this.folder);
        await this.copy(file, wanted);
        for (let from = 0; from < bad.length; from += batch) {
          const lines = bad.slice(from, from + batch).map(({ path, ...why }) => {
            return `${JSON.stringify({ path, name: wanted.names.get(path) ?? null, ...why })}\n`;
          });
          await fs.appendFile(join(this.folder, reasonsFile), lines.join(""));
        }
      } catch (error) {
        throw isBootcampError(error) ? error : accessError(this.folder, error);
      }
    }
    this.bad.clear();
  }

  private async copy(file: string, wanted: Wanted): Promise<void> {
    if (wanted.paths.delete(file) && (await isThere(file))) {
      const name = this.nameFor(file, file);
      await fs.copyFile(file, join(this.folder, name), constants.COPYFILE_FICLONE);
      wanted.names.set(file, name);
    }
    if (wanted.paths.size === 0) return;
    const stream = createReadStream(file, { highWaterMark: 256 * 1024 });
    const budget = new Budget(file, this.limits, this.signal);
    try {
      await this.extract(new ByteSource(budget.counted(stream)), file, file, wanted, budget);
    } catch {
      // the archive itself is damaged from here on, as its own line among the reasons says
    } finally {
      stream.destroy();
    }
  }

  private async extract(
    source: ByteSource,
    file: string,
    path: string,
    wanted: Wanted,
    budget: Budget,
    zipped = false,
  ): Promise<void> {
    const kind = sniff(await source.peek(sniffBytes), path);
    if (kind === "gzip") {
      await this.extract(new ByteSource(gunzip(source, path, budget)), file, path, wanted, budget, true);
    } else if (kind === "tar") {
      for await (const entry of tarEntries(source, path, budget, zipped)) {
        const place = `${path}!${entry.name}`;
        if (entry.refused) continue;
        if (wanted.paths.has(place)) {
          const name = this.nameFor(file, place);
          wanted.names.set(place, name);
          await copyEntry(entry, join(this.folder, name));
        } else if (wanted.archives.has(place)) {
          await this.extract(entry.body, file, place, wanted, budget).catch(() => {}); // damaged after what was wanted
          if (budget.spent) return;
        }
      }
    }
  }

  /** Entries name themselves: nothing of that may lead out of the folder or hide in it. */
  private nameFor(file: string, path: string): string {
    const inner = path.slice(file.length).replace(/!/g, "__");
    const plain = `${basename(file)}${inner}`
      .replace(/[^\w.+-]/g, "_")
      .replace(/^\.+/, "_")
      .slice(-200);
    for (;;) {
      const n = this.taken.get(plain) ?? 1;
      this.taken.set(plain, n + 1);
      const name = n === 1 ? plain : `${n}-${plain}`;
      if (n === 1 || !this.taken.has(name)) {
        if (n > 1) this.taken.set(name, 2);
        return name;
      }
    }
  }
}

/** What is looked for in one file on disk, and the names it got. */
class Wanted {
  readonly paths: Set<string>;
  /** Places that lie on the way to one of them. */
  readonly archives = new Set<string>();
  readonly names = new Map<string, string>();

  constructor(paths: readonly string[]) {
    this.paths = new Set(paths);
    for (const path of this.paths) {
      for (let at = path.lastIndexOf("!"); at > 0; at = path.lastIndexOf("!", at - 1)) {
        const archive = path.slice(0, at);
        if (this.archives.has(archive)) break; // and with it all before
        this.archives.add(archive);
      }
    }
  }
}

async function copyEntry({ body, sizeBytes }: TarEntry, target: string): Promise<void> {
  if (sizeBytes > smallFile) return pipeline(Readable.from(body), createWriteStream(target));
  await fs.writeFile(target, await body.readAll(smallFile, () => new Error("larger than its header says")));
}

const isThere = async (file: string): Promise<boolean> => (await fs.stat(file).catch(() => null))?.isFile() === true;
