import { inspect } from "node:util";
import { messageLines } from "./terminal";

/**
 * Every code an error of this library can carry, with what it means. Codes are stable: scripts may match on them.
 */
const errorCodes = {
  USAGE: "the call or the command line is wrong; nothing was done",
  FILE_NOT_FOUND: "a file or folder is not there",
  FILE_ACCESS: "a file or folder is there and cannot be read or written",
  NO_ALERTS: "the place was read and holds no alert",
  NOT_AVRO: "the bytes are not an Avro alert in any form known here",
  AVRO_TRUNCATED: "the data end before the alert does",
  AVRO_CORRUPT: "the bytes do not fit the schema that describes them",
  AVRO_CODEC: "the container is compressed in a way that is not supported",
  SCHEMA_INVALID: "the schema itself cannot be used",
  SCHEMA_UNKNOWN: "the bytes come without a schema and none was configured",
  WIRE_ORDER: "the schema id of a message stands in little-endian order",
  GZIP: "the gzip data are damaged or expand beyond the limit",
  ARCHIVE: "the archive is damaged or holds an entry that may not be unpacked",
  FITS: "a stamp is not a FITS image that can be read",
  NO_FIELD: "an alert has no field of that name",
  KAFKA_UNREACHABLE: "no broker answers at that address",
  KAFKA_TLS: "the encrypted connection to the broker was not made",
  KAFKA_LOGIN: "the broker, or the server of its tokens, did not accept the login",
  KAFKA_REFUSED: "the broker answered and refused",
  GROUP_FORBIDDEN: "this user may not read as that consumer group",
  TOPIC_FORBIDDEN: "this user may not use the topic, or it is absent and the broker does not say so",
  BATCH_CORRUPT: "a batch of messages cannot be decompressed",
  TOPIC_ABSENT: "the broker has no topic of that name",
  TOPIC_EMPTY: "the topic holds no alert that could be read",
  NOTHING_NEW: "the topic holds alerts, and no new one came",
  PORT_TAKEN: "another process listens on the port",
  MISSING_PROGRAM: "a program this needs is not installed",
  ENGINE_FAILED: "Kafka did not start or stopped by itself",
  DOWNLOAD: "a download failed or its checksum differs",
  CATALOG: "a catalogue cannot be used",
  REMOTE: "a remote service failed or timed out",
  SELECTION: "a cut or filter failed",
  CHECK_FAILED: "an answer in a lesson is wrong",
  ABORTED: "stopped on request",
} as const;

export type ErrorCode = keyof typeof errorCodes;

export interface ErrorDetails {
  /** What to do next: a command or a setting, as one sentence. */
  remedy?: string;
  /** The file, topic or address concerned. */
  where?: string;
  cause?: unknown;
}

/**
 * The one error class of this library.
 *
 * The message says what was expected and what came; `remedy` says what to do next; `code` is stable.
 *
 * @example
 * try { await subscribe("ztf-stream"); } catch (e) { if (e instanceof BootcampError && e.code === "TOPIC_ABSENT") console.log(e.remedy); }
 */
export class BootcampError extends Error {
  override readonly name = "BootcampError";
  readonly code: ErrorCode;
  readonly remedy: string | undefined;
  readonly where: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.remedy = details.remedy;
    this.where = details.where;
  }

  /** Process exit code for a command that ends with this error: 2 for wrong usage (a misspelt field is one), else 1. */
  get exitCode(): 1 | 2 {
    return this.code === "USAGE" || this.code === "NO_FIELD" ? 2 : 1;
  }

  /** What a notebook cell and console.log show: the sentence, not the stack. The stack is in `error.stack`. */
  [inspect.custom](): string {
    return `${this.name} ${this.code}: ${this}`;
  }

  /** One or two lines for a person: where, what, remedy; no stack, and nothing in them that acts on a terminal. */
  override toString(): string {
    const place = this.where && !this.message.includes(this.where) ? `${this.where}: ` : "";
    return messageLines(`${place}${this.message}${this.remedy ? `\n→ ${this.remedy}` : ""}`);
  }
}

/** True when `error` is a {@link BootcampError}, of the given code if one is named. */
export function isBootcampError(error: unknown, code?: ErrorCode): error is BootcampError {
  return error instanceof BootcampError && (code === undefined || error.code === code);
}

/** A value with its type, short enough for an error message: `"abc" (string)`, `-3 (number)`. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "object") return `${(value as object).constructor?.name ?? "object"}`;
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return `${text.length > 60 ? `${text.slice(0, 57)}…` : text} (${typeof value})`;
}

/** Usage error in the grammar "Expected X, got VALUE (type)". */
export function usageError(expected: string, got: unknown, remedy?: string): BootcampError {
  return new BootcampError(
    "USAGE",
    `Expected ${expected}, got ${describeValue(got)}`,
    remedy === undefined ? {} : { remedy },
  );
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof BootcampError) return error.toString();
  return messageLines(error instanceof Error ? error.message : String(error));
}

/** Usage error whose "got" is a phrase rather than a value: `got "a" twice`. */
export function refuse(expected: string, got: string, remedy?: string): BootcampError {
  return new BootcampError("USAGE", `Expected ${expected}, got ${got}`, remedy === undefined ? {} : { remedy });
}
