import { escapeJson } from "../terminal";
import { fieldNamesInOrder } from "./common-view";
import type { AlertView } from "./types";

/** Options of {@link alertToJson}. */
export interface JsonOptions {
  /** Write bytes (stamps, the record itself) as base64 instead of their length; default false. */
  bytes?: boolean;
  /** Write 64-bit integers as numbers instead of text, for counts and offsets; default false. */
  digits?: boolean;
}

/**
 * One line of JSON for any value of this library: an alert, its packet, a row of chosen fields.
 *
 * JSON has no 64-bit integers, no NaN and no bytes, so: `bigint` becomes a string, NaN and the infinities become null,
 * bytes become their length, typed arrays become lists. An alert becomes its common view and its packet; `JSON.parse`
 * reads every line back.
 *
 * @param options `bytes: true` writes bytes as base64
 * @example
 * explore.toJson({ objectId: 4611686018427387904n, mag: NaN }); // {"objectId":"4611686018427387904","mag":null}
 */
export function alertToJson(value: unknown, options: JsonOptions = {}): string {
  return encode(value, options);
}

function encode(value: unknown, options: JsonOptions): string {
  switch (typeof value) {
    case "string":
      return quoted(value);
    case "number":
      return Number.isFinite(value) ? String(value) : "null";
    case "bigint":
      return options.digits ? String(value) : `"${value}"`;
    case "boolean":
      return String(value);
    case "object":
      return value === null ? "null" : encodeObject(value, options);
    default:
      return "null";
  }
}

function encodeObject(value: object, options: JsonOptions): string {
  // before toJSON is asked: a Buffer's own would list every byte as a number
  if (value instanceof Uint8Array)
    return options.bytes ? JSON.stringify(Buffer.from(value).toString("base64")) : String(value.length);
  if (ArrayBuffer.isView(value))
    return `[${Array.from(value as Float64Array, (item) => encode(item, options)).join()}]`;
  if (Array.isArray(value)) return `[${value.map((item) => encode(item, options)).join()}]`;
  if (value instanceof Date) return encode(Number.isNaN(value.getTime()) ? null : value.toISOString(), options);
  if (isAlert(value)) return encodeFields(plainAlert(value), options);
  return encodeFields(value as Record<string, unknown>, options);
}

function encodeFields(value: Record<string, unknown>, options: JsonOptions): string {
  const parts: string[] = [];
  for (const key of Object.keys(value)) {
    const item = value[key];
    if (item !== undefined && typeof item !== "function") parts.push(`${quoted(key)}:${encode(item, options)}`);
  }
  return `{${parts.join()}}`;
}

/** Read on a terminal as often as by a program: nothing in it acts on one. */
const quoted = (text: string): string => escapeJson(JSON.stringify(text));

/** True for objects with the common view of an alert. */
export function isAlert(value: unknown): value is AlertView {
  return typeof value === "object" && value !== null && "survey" in value && "packet" in value && "mjdUtc" in value;
}

function plainAlert(alert: AlertView): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const name of fieldNamesInOrder) plain[name] = alert[name];
  plain.packet = alert.packet;
  return plain;
}
