import { downloadCommand } from "../advice";
import type { Alert } from "../alert/alert";
import { chooseRegistry, findSchema, type RegistryChoice } from "../avro/find-schema";
import type { SchemaRegistry } from "../avro/registry";
import { BootcampError, isBootcampError, messageOf, usageError } from "../errors";
import { AlertStream } from "../stream/alert-stream";
import type { Failure, Ledger } from "../stream/ledger";
import { say } from "../terminal";
import { decodeMember } from "./decode-member";
import { type ReadLimits, withDefaults } from "./limits";
import { type Member, members } from "./members";
import { SetAside } from "./set-aside";

/** Options of {@link readAlerts}. */
export interface ReadOptions extends ReadLimits {
  /** Stop after so many alerts; default: all. */
  limit?: number | undefined;
  /** Enter folders in folders; default true. */
  recursive?: boolean;
  /** Schema of records that come without one (bare Avro): JSON text or parsed JSON. */
  schema?: string | object | undefined;
  /**
   * Schema registry for single messages whose wire id is not known here: its address, or a client with credentials.
   * Default: what `SCHEMA_REGISTRY_URL` names, if it is set.
   */
  registry?: RegistryChoice;
  signal?: AbortSignal | undefined;
  /**
   * Folder for copies of the files and members of archives that cannot be read, and for the reasons (`reasons.jsonl`).
   * The originals stay where they are; the folder itself is not read.
   */
  setAside?: string | undefined;
  /**
   * Called for every file or entry that cannot be read. Without it the first is said on stderr, and when nothing at
   * all could be read its error is thrown.
   */
  onFailure?: ((failure: Failure) => void) | undefined;
}

/**
 * Reads alerts from files: a file, a folder (sorted by name, with its folders), or several.
 *
 * What a file is, its content says: Avro containers, single messages as they came from Kafka, each also gzipped, and
 * tar archives of all of these (`.tar`, `.tar.gz`, archives in archives). What cannot be read is entered as failed in
 * the stream's `ledger` and the rest is read; memory stays bounded whatever the size of an archive.
 *
 * @param paths a path or several
 * @throws BootcampError NO_ALERTS when nothing there looks like an alert; ABORTED; with a single bad file, its error
 * @example
 * const bright = await readAlerts("data/20181129").filter((a) => a.mag < 16).toArray();
 */
export function readAlerts(paths: string | readonly string[], options: ReadOptions = {}): AlertStream<Alert> {
  const list = checkedPaths(paths);
  const registry = chooseRegistry(options.registry);
  const stream = AlertStream.from<Alert>((ledger) => alertsIn(list, { ...options, registry }, ledger));
  return options.limit === undefined ? stream : stream.take(options.limit);
}

/** Options with the registry's client, one for all files. */
export type OpenedOptions = ReadOptions & { registry: SchemaRegistry | undefined };

/** The paths as a list; none, or something else than text, is a usage error. */
export function checkedPaths(paths: string | readonly string[]): readonly string[] {
  const list = typeof paths === "string" ? [paths] : paths;
  if (!Array.isArray(list) || list.length === 0) throw usageError("a path or a list of paths", paths);
  for (const path of list) if (typeof path !== "string" || path === "") throw usageError("a path", path);
  return list;
}

async function* alertsIn(paths: readonly string[], options: OpenedOptions, ledger: Ledger): AsyncGenerator<Alert> {
  const failures = new FailureReport(ledger, options);
  try {
    for await (const member of members(paths, { ...options, except: options.setAside })) {
      await findSchema(member.bytes, options);
      try {
        let isEmpty = true;
        for (const alert of decodeMember(member, options)) {
          isEmpty = false;
          if (options.signal?.aborted) throw new BootcampError("ABORTED", "Reading was stopped on request");
          failures.alertRead();
          yield alert;
        }
        if (isEmpty) failures.empty(member.path);
      } catch (error) {
        if (isBootcampError(error, "ABORTED")) throw error;
        failures.add(member, error);
      }
    }
  } finally {
    await failures.setAside();
  }
  failures.end(paths);
}

/** Enters what could not be read in the books and says so. */
export class FailureReport {
  #alerts = 0;
  #first: unknown = null;
  #isSaid = false;
  #empty: string | undefined;
  #empties = 0;

  readonly #aside: SetAside | undefined;

  constructor(
    private readonly ledger: Ledger,
    options: Pick<ReadOptions, "onFailure" | "setAside" | "signal"> & ReadLimits,
  ) {
    const { onFailure, setAside } = options;
    if (onFailure) ledger.onFailure(onFailure);
    this.#isSaid = onFailure !== undefined;
    this.#aside = setAside === undefined ? undefined : new SetAside(setAside, withDefaults(options), options.signal);
  }

  alertRead(): void {
    this.#alerts++;
    this.#say();
  }

  add({ file, path }: Pick<Member, "file" | "path">, error: unknown): void {
    this.#first ??= error;
    this.ledger.read++;
    this.ledger.fail(path, error);
    this.#aside?.add(file, path, error);
    this.#say();
  }

  /** A container without records: said in the end, since it may be a file that was cut short behind its header. */
  empty(path: string): void {
    this.#empty ??= path;
    this.#empties++;
  }

  /** Copies what could not be read so far to its folder, where one was named. */
  async setAside(): Promise<void> {
    await this.#aside?.flush();
  }

  /** Called after the last file: throws when there was no alert at all and nobody has been told why. */
  end(paths: readonly string[]): void {
    if (this.#empties > 0) {
      const more = this.#empties > 1 ? ` and ${this.#empties - 1} more` : "";
      say(`${this.#empty}${more}: an Avro container without records, passed over`);
    }
    if (this.#alerts > 0 || (this.#empties > 0 && this.#first === null)) return;
    if (this.#first === null)
      throw new BootcampError("NO_ALERTS", `Expected alerts in ${paths.join(", ")}, there are none`, {
        where: paths[0]!,
        remedy: `Name a folder with .avro files or tarballs; ${downloadCommand()} fetches some.`,
      });
    if (!this.#isSaid) throw this.#first;
  }

  /** Not before the first alert: when there is none, the failure is thrown instead of said. */
  #say(): void {
    if (this.#isSaid || this.#first === null || this.#alerts === 0) return;
    this.#isSaid = true;
    say(`${messageOf(this.#first)}\n  counted as failed, the rest is read`);
  }
}
