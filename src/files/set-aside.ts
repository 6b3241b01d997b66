import { constants, createReadStream, createWriteStream, promises as fs } from "node:fs";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { isBootcampError, messageOf } from "../errors";
import { makeFolder } from "../folders";
import { ByteSource } from "./byte-source";
import { gunzip } from "./gunzip";
import type { ReadLimits } from "./limits";
import { sniff, sniffBytes } from "./sniff";
import { tarEntries } from "./tar";
import { accessError } from "./walk";

/** A list of what was set aside and why, one JSON object per line. */
export const reasonsFile = "reasons.jsonl";

interface Bad {
  readonly path: string;
  readonly error: unknown;
}

/**
 * Puts copies of what cannot be read into a folder, as its name there its path with `__` for each step into an archive,
 * and writes down why. The originals stay as they are. A member of an archive is taken out of it as it lies there, in one
 * further pass over the archive.
 */
export class SetAside {
  private readonly bad = new Map<string, Bad[]>();
  private readonly names = new Set<string>([reasonsFile]);

  constructor(
    private readonly folder: string,
    private readonly limits: Required<ReadLimits>,
  ) {}

  /** @param file on disk; @param path of the file, or of the member in it */
  add(file: string, path: string, error: unknown): void {
    const already = this.bad.get(file);
    if (already) already.push({ path, error });
    else this.bad.set(file, [{ path, error }]);
  }

  /**
   * Writes what was added since the last time.
   *
   * @throws FILE_ACCESS when the folder cannot be written
   */
  async flush(): Promise<void> {
    for (const [file, bad] of this.bad) {
      const names = new Map<string, string>();
      try {
        makeFolder(this.folder);
        await this.copy(file, new Set(bad.map(({ path }) => path)), names);
        await fs.appendFile(
          join(this.folder, reasonsFile),
          bad.map((each) => `${JSON.stringify(reason(each, names.get(each.path)))}\n`).join(""),
        );
      } catch (error) {
        throw isBootcampError(error) ? error : accessError(this.folder, error);
      }
    }
    this.bad.clear();
  }

  private async copy(file: string, wanted: Set<string>, names: Map<string, string>): Promise<void> {
    if (wanted.delete(file) && (await isThere(file))) {
      const name = this.nameFor(file, file);
      await fs.copyFile(file, join(this.folder, name), constants.COPYFILE_FICLONE);
      names.set(file, name);
    }
    if (wanted.size === 0) return;
    const stream = createReadStream(file, { highWaterMark: 256 * 1024 });
    try {
      await this.extract(new ByteSource(stream), file, file, wanted, names);
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
    wanted: ReadonlySet<string>,
    names: Map<string, string>,
  ): Promise<void> {
    const kind = sniff(await source.peek(sniffBytes), path);
    if (kind === "gzip") {
      await this.extract(new ByteSource(gunzip(source, path, this.limits)), file, path, wanted, names);
    } else if (kind === "tar") {
      for await (const { name, body, refused } of tarEntries(source, path)) {
        const place = `${path}!${name}`;
        if (refused) continue;
        if (wanted.has(place)) {
          const copied = this.nameFor(file, place);
          names.set(place, copied);
          await pipeline(Readable.from(body), createWriteStream(join(this.folder, copied)));
        } else if ([...wanted].some((each) => each.startsWith(`${place}!`))) {
          await this.extract(body, file, place, wanted, names).catch(() => {}); // damaged after what was wanted
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
    let name = plain;
    for (let n = 2; this.names.has(name); n++) name = `${n}-${plain}`;
    this.names.add(name);
    return name;
  }
}

function reason({ path, error }: Bad, name: string | undefined) {
  const code = isBootcampError(error) ? error.code : null;
  return { path, name: name ?? null, code, reason: error instanceof Error ? error.message : messageOf(error) };
}

const isThere = async (file: string): Promise<boolean> => (await fs.stat(file).catch(() => null))?.isFile() === true;
