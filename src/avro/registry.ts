import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { BootcampError, isBootcampError, messageOf, usageError } from "../errors";
import { endOfRecord } from "./container";
import { lsstSchemaOfId } from "./known";
import { parseSchema, type WriterSchema } from "./schema";
import { isRegistered, type SchemaSource } from "./schema-ids";

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

/** Rubin's schemas have 120 kB with their documentation. */
const maxAnswerBytes = 16 * 1024 * 1024;
/** A registry that failed is asked again after so long: a stream of a million messages must not ask a million times. */
const pauseMs = 10_000;
const accepted = "application/vnd.schemaregistry.v1+json, application/json";

/**
 * A schema registry with Confluent's REST interface: what messages with a 5-byte header are read with when their id is
 * not known here.
 *
 * Each id is asked for once and then kept, in memory and on disk, so that later runs work offline.
 *
 * @example
 * const registry = new SchemaRegistry("https://registry.example.org");
 * const night = await subscribe("alerts", { registry });
 */
export class SchemaRegistry implements SchemaSource {
  /** Address without credentials. */
  readonly url: string;
  private readonly headers: Record<string, string>;
  private readonly timeoutMs: number;
  private readonly folder: string | null;
  private readonly known = new Map<number, WriterSchema>();
  private readonly asking = new Map<number, Promise<WriterSchema>>();
  private readonly failed = new Map<number, { error: unknown; until: number }>();
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
    const home = process.env["BOOTCAMP_HOME"] || resolve(__dirname, "../../.bootcamp");
    this.folder = cacheFolder === null ? null : join(cacheFolder ?? join(home, "schemas"), folderName(this.url));
  }

  /** The schema of an id, if it was loaded. */
  get(id: number): WriterSchema | undefined {
    return this.known.get(id);
  }

  /**
   * The schema of an id: from memory, from disk, or from the registry.
   *
   * @throws SCHEMA_UNKNOWN when the registry has no such id; SCHEMA_INVALID when what it has is no Avro record;
   *   REMOTE when it does not answer in time, refuses, or answers something else; ABORTED
   */
  async load(id: number, signal?: AbortSignal): Promise<WriterSchema> {
    const known = this.known.get(id);
    if (known) return known;
    const failed = this.failed.get(id);
    if (failed && Date.now() < failed.until) throw failed.error;
    let asking = this.asking.get(id);
    if (!asking) this.asking.set(id, (asking = this.find(id, signal).finally(() => this.asking.delete(id))));
    return asking;
  }

  /**
   * Loads what is needed to read a message: nothing when it carries its schema, or its id is registered, or is one of
   * Rubin's and Rubin's schema fits it.
   *
   * @throws as {@link load}
   */
  async prepare(message: Buffer, signal?: AbortSignal): Promise<void> {
    if (message.length < 5 || message[0] !== 0) return;
    const id = message.readUInt32BE(1);
    if (isRegistered(id) || this.known.has(id) || this.fitting.has(id)) return;
    const rubin = lsstSchemaOfId(id);
    if (rubin && fits(rubin, message.subarray(5))) {
      this.fitting.add(id);
      return;
    }
    await this.load(id, signal);
  }

  private async find(id: number, signal?: AbortSignal): Promise<WriterSchema> {
    try {
      const schema = (await this.fromDisk(id)) ?? (await this.fromRegistry(id, signal));
      this.known.set(id, schema);
      return schema;
    } catch (error) {
      if (!isBootcampError(error, "ABORTED")) this.failed.set(id, { error, until: Date.now() + pauseMs });
      throw error;
    }
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
    await this.keep(id, answer);
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
    if (response.status === 404) {
      throw new BootcampError("SCHEMA_UNKNOWN", `Expected a schema for wire id ${id}, ${this.url} has none`, {
        where: this.url,
        remedy: "check that this is the registry of the stream, or register the schema: registerSchema(id, schema)",
      });
    }
    const refused = response.status === 401 || response.status === 403;
    const remedy = refused ? "check the registry's user name and password, or its token" : undefined;
    throw this.remote(`Expected the schema of id ${id}, got HTTP ${response.status}`, undefined, remedy);
  }

  private remote(message: string, cause?: unknown, remedy?: string): BootcampError {
    return new BootcampError("REMOTE", message, {
      where: this.url,
      cause,
      remedy: remedy ?? "check the registry's address; schemas that were fetched before are still read",
    });
  }

  /** Written beside and then moved, so that a reader never sees half a schema. A disk that is full is no reason to stop. */
  private async keep(id: number, text: string): Promise<void> {
    if (!this.folder) return;
    const file = join(this.folder, `${id}.avsc`);
    const draft = `${file}.${process.pid}-${Math.random().toString(36).slice(2)}`;
    try {
      await mkdir(this.folder, { recursive: true });
      await writeFile(draft, text);
      await rename(draft, file);
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

function fits(schema: WriterSchema, record: Buffer): boolean {
  try {
    return endOfRecord(schema, record) === record.length;
  } catch {
    return false; // only a question: then the registry is asked
  }
}

/** The schema in an answer `{"schema": "…", "schemaType": "AVRO"}`; the type is left out for Avro. */
function readAnswer(text: string, url: string, id: number): string {
  let answer: { schema?: unknown; schemaType?: unknown; references?: unknown } | null = null;
  try {
    answer = JSON.parse(text);
  } catch {
    // said below
  }
  if (typeof answer?.schema !== "string") {
    throw new BootcampError("REMOTE", `Expected {"schema": …} for id ${id}, got ${JSON.stringify(text.slice(0, 60))}`, {
      where: url,
      remedy: "check the registry's address: its path is often missing, e.g. /apis/ccompat/v7",
    });
  }
  const { schemaType = "AVRO", references } = answer;
  if (schemaType !== "AVRO") {
    throw new BootcampError("SCHEMA_INVALID", `Expected an Avro schema for id ${id}, got ${schemaType}`, {
      where: url,
    });
  }
  if (Array.isArray(references) && references.length > 0) {
    throw new BootcampError(
      "SCHEMA_INVALID",
      `Expected the whole schema of id ${id}, got one with references to others`,
      {
        where: url,
        remedy: "put it together and register it: registerSchema(id, schema)",
      },
    );
  }
  return answer.schema;
}

async function limitedText(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.length;
    if (length > maxAnswerBytes) throw new Error(`the answer has more than ${maxAnswerBytes} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

/** fetch says "fetch failed" and puts the reason inside. */
function deepest(error: unknown): string {
  let link = error as { cause?: unknown } | undefined;
  while (link?.cause instanceof Error) link = link.cause;
  return messageOf(link);
}
