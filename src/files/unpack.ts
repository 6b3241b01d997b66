import { createReadStream, createWriteStream, promises as fs } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { isBootcampError } from "../errors";
import { makeFolder } from "../folders";
import { Budget } from "./budget";
import { ByteSource } from "./byte-source";
import { gunzip } from "./gunzip";
import { type ReadLimits, withDefaults } from "./limits";
import { tarEntries } from "./tar";
import { accessError } from "./walk";

/**
 * Unpacks a `.tar.gz` into a folder that must not exist yet. The folder appears only when everything is in it: until
 * then the files lie in a hidden folder beside it, which is removed on any failure.
 *
 * An archive with an entry that climbs out, or with a link, is refused as a whole.
 *
 * @returns number of files and their size; for an archive without files no folder is made
 * @throws BootcampError GZIP, ARCHIVE, FILE_ACCESS, ABORTED
 */
export async function unpackArchive(
  archive: string,
  folder: string,
  options: ReadLimits & { signal?: AbortSignal | undefined } = {},
): Promise<{ files: number; bytes: number }> {
  const budget = new Budget(archive, withDefaults(options), options.signal);
  const parent = dirname(folder);
  makeFolder(parent);
  const staging = await fs.mkdtemp(join(parent, ".unpack-"));
  const input = createReadStream(archive, { highWaterMark: 256 * 1024 });
  let files = 0;
  let bytes = 0;
  try {
    for await (const entry of tarEntries(
      gunzip(new ByteSource(budget.counted(input)), archive, budget),
      archive,
      budget,
      true,
    )) {
      if (entry.refused) throw entry.refused;
      const target = join(staging, entry.name);
      makeFolder(dirname(target));
      // "wx": an entry that comes twice must not overwrite the first
      await pipeline(entry.body, createWriteStream(target, { flags: "wx" }));
      files++;
      bytes += entry.sizeBytes;
    }
    if (files > 0) {
      await fs.chmod(staging, 0o755);
      await fs.rename(staging, folder);
    }
  } catch (error) {
    throw isBootcampError(error) ? error : accessError(folder, error);
  } finally {
    input.destroy();
    await fs.rm(staging, { recursive: true, force: true });
  }
  return { files, bytes };
}
