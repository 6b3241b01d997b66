import { promises as fs } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BootcampError } from "../errors";
import type { ReadLimits } from "./limits";
import { type Member, membersOfFile } from "./members";
import { accessError } from "./walk";

/**
 * Remembers where members lie, to read them again in any order. A file on disk is remembered by name; a member of an
 * archive, which can only be read from the front, is copied to a temporary file.
 *
 * The temporary file loses its name as soon as it is open, so that the system frees it however the process ends.
 */
export class Spool {
  readonly #paths: string[] = [];
  /** Start and length in the temporary file; start −1 for a file on disk. */
  readonly #spans: number[] = [];
  #file: fs.FileHandle | null = null;
  #end = 0;

  constructor(private readonly limits: Required<ReadLimits>) {}

  /** Remembers a member and gives it a number. */
  async add(member: Member): Promise<number> {
    const number = this.#paths.push(member.path) - 1;
    if (member.path === member.file) {
      this.#spans.push(-1, 0);
      return number;
    }
    const bytes = member.bytes!;
    this.#file ??= await openNameless();
    try {
      await this.#file.writev([bytes], this.#end);
    } catch (error) {
      throw noPlace(error);
    }
    this.#spans.push(this.#end, bytes.length);
    this.#end += bytes.length;
    return number;
  }

  pathOf(number: number): string {
    return this.#paths[number]!;
  }

  /** The member again. */
  async read(number: number): Promise<Member> {
    const path = this.pathOf(number);
    const start = this.#spans[2 * number]!;
    if (start >= 0) {
      const bytes = Buffer.allocUnsafe(this.#spans[2 * number + 1]!);
      await this.#file!.read(bytes, 0, bytes.length, start);
      return { path, file: path, bytes, error: null };
    }
    for await (const member of membersOfFile(path, this.limits)) return member;
    throw new BootcampError("FILE_ACCESS", `${path}: Expected the same alert again, the file has changed`, {
      where: path,
    });
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }
}

async function openNameless(): Promise<fs.FileHandle> {
  const folder = await fs.mkdtemp(join(tmpdir(), "alert-bootcamp-")).catch((error) => {
    throw noPlace(error);
  });
  try {
    return await fs.open(join(folder, "spool"), "wx+", 0o600);
  } catch (error) {
    throw accessError(folder, error);
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

function noPlace(error: unknown): BootcampError {
  const reason = accessError(tmpdir(), error);
  return new BootcampError("FILE_ACCESS", reason.message, {
    where: tmpdir(),
    cause: error,
    remedy: "Set TMPDIR to a folder that is there and has room, or unpack the archive first.",
  });
}
