import type { Alert } from "../alert/alert";
import { type DecodeOptions, decodeAlerts } from "../alert/decode";
import type { Origin } from "../alert/types";
import { chooseRegistry, findSchema, type RegistryChoice } from "../avro/find-schema";
import type { SchemaRegistry } from "../avro/registry";
import { BootcampError, isBootcampError } from "../errors";
import type { Ledger } from "../stream/ledger";
import { placeText } from "../stream/place";
import type { Message } from "./consume";

/** How the alerts of messages are decoded. */
export interface MessageDecoding extends Pick<DecodeOptions, "schema" | "form"> {
  /**
   * Schema registry for messages whose wire id is not known here: its address, or a client with credentials. Default:
   * what `SCHEMA_REGISTRY_URL` names, if it is set.
   */
  registry?: RegistryChoice;
  signal?: AbortSignal | undefined;
}

/** The client of the registry that the options name. */
export const registryOf = ({ registry }: MessageDecoding): SchemaRegistry | undefined => chooseRegistry(registry);

/**
 * Fetches the schema a message needs; what goes wrong is said when the message is decoded. False when the reading was
 * stopped meanwhile: the message is then not finished, and must not be committed.
 */
export async function isPrepared(
  { key, value }: Message["message"],
  { schema, form, signal, registry }: MessageDecoding & { registry: SchemaRegistry },
): Promise<boolean> {
  try {
    await findSchema(value, { schema, form, key, registry, signal });
    return true;
  } catch (error) {
    if (!isBootcampError(error, "ABORTED")) throw error;
    return false;
  }
}

/** The same for a reader with a ledger. */
export async function prepared(
  registry: SchemaRegistry,
  { message }: Message,
  options: MessageDecoding,
  ledger: Ledger,
): Promise<boolean> {
  const isReady = await isPrepared(message, { ...options, registry });
  if (!isReady) ledger.settled = false;
  return isReady;
}

/** The alerts of a message; what cannot be decoded is entered as failed, with its place. */
export function* decodeMessage(
  topic: string,
  { partition, offset, message, error }: Message,
  options: Pick<MessageDecoding, "schema" | "form"> & { registry: SchemaRegistry | undefined },
  ledger: Ledger,
): Generator<Alert> {
  const where = placeText(topic, partition, offset);
  try {
    if (error) throw error;
    if (!message.value) throw new BootcampError("NOT_AVRO", "Expected an alert, got a message without a value");
    const { schema, form, registry } = options;
    const place = originOf(topic, { partition, offset, message });
    for (const alert of decodeAlerts(message.value, { schema, form, registry, origin: place })) {
      // a container was checked while it was split; a bare record shows damage only at its end, and costs 0.1 ms to walk
      if (alert.form !== "container") alert.validate();
      yield alert;
    }
  } catch (failure) {
    // also one that nobody foresaw: it concerns this message, and the rest is read
    ledger.read++;
    ledger.fail(where, failure);
  }
}

/** Where a message was read, with its headers as bytes; of a name that comes more than once the first. */
export function originOf(topic: string, { partition, offset, message }: Message): Origin {
  const headers: Record<string, Buffer | null> = Object.create(null); // names come from outside
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    const first: Buffer | string | null | undefined = Array.isArray(value) ? value[0] : value;
    // a copy of a few bytes, so that an origin that is kept does not keep what it was fetched with
    if (first !== undefined) headers[name] = first === null ? null : Buffer.from(first as Buffer);
  }
  const key = message.key ? message.key.toString("utf8") : null;
  return { kind: "kafka", topic, partition, offset, timestampMs: Number(message.timestamp), key, headers };
}
