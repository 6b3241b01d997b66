import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { proxyAdvice } from "../advice";
import { BootcampError, isBootcampError, usageError } from "../errors";
import { makeFolder } from "../folders";
import { bootcampHome } from "../version";
import { writeWhole } from "../write-whole";
import { lsstSchemaOfId } from "./known";
import { deepest, limitedText, readAnswer } from "./registry-answer";
import { parseSchema, type WriterSchema } from "./schema";
import { isRegistered, type SchemaSource } from "./schema-ids";
import { asSchema, confluentHeader, fits, fitsKey, type WireOptions } from "./wire";

/** Options of {@link SchemaRegistry}. */
export interface RegistryOptions {
  /** Basic authentication; also read from the address (`https://user:password@host`). */
  username?: string | undefined;
  password?: string | undefined;
  /** Bearer token, instead of a user name. */
  token?: string | undefined;
  /** For one answer. Default 5. */
  timeoutSeconds?: number | undefined;
  /** Where schemas are kept, since an id never changes its schema; null keeps none. Default `.bootcamp/schemas`. */
  cacheFolder?: string | null | undefined;
}

/** An id without a schema is asked for again after so long: a stream of a million messages must not ask a million times. */
const absentMs = 10_000;
/** So many such ids are remembered: messages of nonsense may carry any of 2^32. */
const absentIds = 1000;
/** A registry that fails is left alone for 1 s, then twice as long each time, at most for a minute. */
const pauseMs = [1000, 60_000] as const;
/** Registries count in 32 bits with sign; some fail on more, and nonsense must not make them look broken. */
const largestId = 2 ** 31 - 1;
/** Answers that say something about the id, and nothing about the registry. */
const noSuchId = new Set([400, 404, 422]);
const accepted = "application/vnd.schemaregistry.v1+json, application/json";

/**
 * A schema registry with Confluent's REST interface: what messages with a 5-byte header are read with when their id is
 * not known here.
 *
 * Each id is asked for once and then kept, in memory and on disk, so that later runs work offline.
 *
 * @example
 * const registry = new avro.SchemaRegistry("https://registry.example.org");
 * const night = await subscribe("alerts", { registry });
 */
export class SchemaRegistry implements SchemaSource {
  /** Address without credentials. */
  readonly url: string;
  private readonly headers: Record<string, string>;
  private readonly timeoutMs: number;
  private readonly folder: string | null;
  /** As text: what is compiled for a schema is kept, or not, in one place. */
  private readonly known = new Map<number, string>();
  private readonly asking = new Map<number, Promise<WriterSchema>>();
  private readonly absent = new Map<number, { error: BootcampError; until: number }>();
  private down: { id: number; error: BootcampError; until: number; times: number } | undefined;
  /** Ids of Rubin's that were seen to fit what comes here. */
  private readonly fitting = new Set<number>();

  /** @throws USAGE for an address that is not http or https, or a time-out that is not above 0 */
  constructor(url: string, options: RegistryOptions = {}) {
    const address = parseAddress(url);
    const { username = decodeURIComponent(address.username), password = decodeURIComponent(address.password) } =
      options;
    const { timeoutSeconds = 5, token, cacheFolder } = options;
    if (!(timeoutSeconds > 0)) throw usageError("timeoutSeconds above 0", timeoutSeconds);
    address.username = address.password = "";
    this.url = address.href.replace(/\/+$/, "");
    this.timeoutMs = timeoutSeconds * 1000;
    this.headers = { accept: accepted };
    if (token) this.headers["authorization"] = `Bearer ${token}`;
    else if (username)
      this.headers["authorization"] = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
    this.folder =
      cacheFolder === null ? null : join(cacheFolder ?? join(bootcampHome(), "schemas"), folderName(this.url));
  }

  /** The schema of an id, if it was loaded. */
  get(id: number): WriterSchema | undefined {
    const text = this.known.get(id);
    return text === undefined ? undefined : parseSchema(text);
  }

  /** Why an id has no schema: what the registry, or its silence, said last. */
  failure(id: number): BootcampError | undefined {
    const absent = this.absent.get(id);
    if (absent || !this.down) return absent?.error;
    const { code, message, remedy = "", where = this.url } = this.down.error;
    if (this.down.id === id) return this.down.error;
    return new BootcampError(code, `Expected a schema for wire id ${id}, its registry fails: ${message}`, {
      where,
      remedy,
    });
  }

  /**
   * The schema of an id: from memory, from disk, or from the registry. A registry that failed a moment ago is not asked:
   * the same error comes at once.
   *
   * @throws SCHEMA_UNKNOWN when the registry has no such id; SCHEMA_INVALID when what it has is no Avro record;
   *   REMOTE when it does not answer in time, refuses, or answers something else; ABORTED
   */
  async load(id: number, signal?: AbortSignal): Promise<WriterSchema> {
    const known = this.get(id);
    if (known) return known;
    const absent = this.absent.get(id);
    if (absent && Date.now() < absent.until) throw absent.error;
    if (id > largestId) throw this.enter(id, this.unknown(id));
    let asking = this.asking.get(id);
    if (!asking) this.asking.set(id, (asking = this.find(id, signal).finally(() => this.asking.delete(id))));
    return asking;
  }

  /**
   * Loads what is needed to read a message: nothing when it carries its schema, or its id is registered, or is one of
   * Rubin's and Rubin's schema fits it, or when it is a bare record of the schema that is configured or its key.
   *
   * @param decoding schema, form and key that the message will be decoded with
   * @throws as {@link load}
   */
  async prepare(
    message: Buffer,
    signal?: AbortSignal,
    decoding: Pick<WireOptions, "schema" | "form" | "key"> = {},
  ): Promise<void> {
    const { schema, form, key } = decoding;
    if (message.length < confluentHeader || message[0] !== 0 || (form ?? "confluent") !== "confluent") return;
    const id = message.readUInt32BE(1);
    if (isRegistered(id) || this.known.has(id) || this.fitting.has(id)) return;
    const rubin = lsstSchemaOfId(id);
    if (rubin && fits(rubin, message.subarray(confluentHeader))) {
      this.fitting.add(id);
      return;
    }
    if (form === undefined && (schema === undefined ? fitsKey(key, message) : fits(asSchema(schema), message))) return;
    await this.load(id, signal);
  }

  private async find(id: number, signal?: AbortSignal): Promise<WriterSchema> {
    const kept = await this.fromDisk(id);
    if (kept) return this.remember(id, kept);
    if (this.down && Date.now() < this.down.until) throw this.failure(id);
    const times = (this.down?.times ?? 0) + 1; // several that wait for the same silence count once
    try {
      const schema = await this.fromRegistry(id, signal);
      this.down = undefined;
      return this.remember(id, schema);
    } catch (error) {
      if (!isBootcampError(error) || error.code === "ABORTED") throw error;
      if (error.code !== "REMOTE") this.down = undefined; // it has answered
      throw this.enter(id, error, times);
    }
  }

  private remember(id: number, schema: WriterSchema): WriterSchema {
    this.absent.delete(id);
    this.known.set(id, schema.text);
    return schema;
  }

  /** A failure of the registry holds for all ids, an answer for its own. */
  private enter(id: number, error: BootcampError, times = 1): BootcampError {
    const now = Date.now();
    if (error.code === "REMOTE") {
      this.down = { id, error, times, until: now + Math.min(pauseMs[0] * 2 ** (times - 1), pauseMs[1]) };
      return error;
    }
    this.absent.delete(id); // to the end of the map, which is in the order of entry
    this.absent.set(id, { error, until: now + absentMs });
    if (this.absent.size > absentIds) this.absent.delete(this.absent.keys().next().value!);
    return error;
  }

  private async fromDisk(id: number): Promise<WriterSchema | undefined> {
    if (!this.folder) return undefined;
    try {
      return parseSchema(await readFile(join(this.folder, `${id}.avsc`), "utf8"));
    } catch {
      return undefined; // not there, or damaged: asked for anew
    }
  }

  private async fromRegistry(id: number, signal?: AbortSignal): Promise<WriterSchema> {
    const text = await this.ask(id, signal);
    const answer = readAnswer(text, this.url, id);
    const schema = parseSchema(answer);
    this.keep(id, answer);
    return schema;
  }

  private async ask(id: number, signal?: AbortSignal): Promise<string> {
    const late = AbortSignal.timeout(this.timeoutMs);
    let response: Response;
    let body: string;
    try {
      const both = signal ? AbortSignal.any([late, signal]) : late;
      response = await fetch(`${this.url}/schemas/ids/${id}`, { headers: this.headers, signal: both });
      body = await limitedText(response);
    } catch (error) {
      if (signal?.aborted) throw new BootcampError("ABORTED", "Stopped while asking the schema registry");
      const why = late.aborted ? `none came within ${this.timeoutMs / 1000} s` : deepest(error);
      throw this.remote(`Expected the schema registry's answer for id ${id}, ${why}`, error);
    }
    if (response.ok) return body;
    if (noSuchId.has(response.status)) throw this.unknown(id);
    const refused = response.status === 401 || response.status === 403;
    const remedy = refused ? "check the registry's user name and password, or its token" : undefined;
    throw this.remote(`Expected the schema of id ${id}, got HTTP ${response.status}`, undefined, remedy);
  }

  private unknown(id: number): BootcampError {
    return new BootcampError("SCHEMA_UNKNOWN", `Expected a schema for wire id ${id}, ${this.url} has none`, {
      where: this.url,
      remedy: "check that this is the registry of the stream, or register the schema: avro.registerSchema(id, schema)",
    });
  }

  private remote(message: string, cause?: unknown, remedy?: string): BootcampError {
    return new BootcampError("REMOTE", message, {
      where: this.url,
      cause,
      remedy: remedy ?? `check the registry's address; schemas that were fetched before are still read${proxyAdvice()}`,
    });
  }

  /** Written whole: a reader never sees half a schema. A disk that is full is no reason to stop. */
  private keep(id: number, text: string): void {
    if (!this.folder) return;
    const file = join(this.folder, `${id}.avsc`);
    try {
      makeFolder(this.folder);
      writeWhole(file, text);
    } catch {
      // the next run asks again
    }
  }
}

function parseAddress(url: string): URL {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address?.protocol === "http:" || address?.protocol === "https:") return address;
  throw usageError("the http or https address of a schema registry", url.replace(/\/\/[^@/]*@/, "//…@"));
}

/** A folder per registry: ids of one mean nothing to another. */
const folderName = (url: string): string =>
  `${new URL(url).hostname}-${createHash("sha256").update(url).digest("hex").slice(0, 12)}`;
