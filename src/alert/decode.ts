import { readWire, type WireOptions, type WireRecord } from "../avro/wire";
import { BootcampError, usageError } from "../errors";
import { expectArgument } from "../expect";
import { Alert } from "./alert";
import type { Origin } from "./types";

/** Options of {@link decodeAlert}. */
export interface DecodeOptions extends WireOptions {
  /** Where the bytes came from, with the key of a message that came from Kafka; "memory" if left out. */
  origin?: Origin | undefined;
}

const nowhere: Origin = { kind: "memory", record: 0 };

/** The key is the origin's unless it is named. */
const withKey = (options: DecodeOptions): WireOptions =>
  options.key === undefined && options.origin?.kind === "kafka" ? { ...options, key: options.origin.key } : options;

/**
 * Every alert in the bytes of a file or message. Nothing is decoded yet beyond the boundaries of the records.
 *
 * @param bytes an object container, a Confluent message, a bare record (with `schema`, or the `key` of Fink), or gzip around
 *   one of them
 * @throws NOT_AVRO, AVRO_TRUNCATED, AVRO_CORRUPT, AVRO_CODEC, SCHEMA_UNKNOWN, SCHEMA_INVALID, GZIP – after the alerts
 *   before the damage
 * @example
 * for (const alert of decodeAlerts(readFileSync("night.avro"))) console.log(alert.objectId);
 */
export function* decodeAlerts(bytes: Buffer, options: DecodeOptions = {}): Generator<Alert> {
  expectArgument("bytes", bytes, "a Buffer with alerts");
  const origin = options.origin ?? nowhere;
  const make = (found: WireRecord, record: number, alone: boolean) =>
    new Alert(
      found.record,
      found.schema,
      origin.kind === "kafka" ? origin : { ...origin, record },
      alone ? found.received : undefined,
      found.form,
    );
  // the bytes as received belong to an alert that is alone in them, which shows only when no second one comes
  let first: WireRecord | undefined;
  let count = 0;
  try {
    for (const found of readWire(bytes, withKey(options))) {
      if (count === 0) first = found;
      if (count === 1) yield make(first!, 0, false);
      if (count > 0) yield make(found, count, false);
      count++;
    }
  } catch (error) {
    if (count === 1) yield make(first!, 0, false);
    throw error;
  }
  if (count === 1) yield make(first!, 0, true);
}

/**
 * The one alert in the bytes of a message.
 *
 * @throws as {@link decodeAlerts}; NO_ALERTS for a container without records, USAGE for one with several
 * @example
 * const alert = decodeAlert(message.value, { key: message.key });
 */
export function decodeAlert<P = any>(bytes: Buffer, options: DecodeOptions = {}): Alert<P> {
  expectArgument("bytes", bytes, "a Buffer with an alert");
  let found: WireRecord | undefined;
  for (const each of readWire(bytes, withKey(options))) {
    if (found) throw usageError("bytes with one alert", "a container of several", "read them with decodeAlerts");
    found = each;
  }
  if (!found) throw new BootcampError("NO_ALERTS", "Expected an alert, got an Avro container without records");
  return new Alert<P>(found.record, found.schema, options.origin ?? nowhere, found.received, found.form);
}
