import type { Alert } from "../../alert/alert";
import { type DecodeOptions, decodeAlerts } from "../../alert/decode";
import type { Origin } from "../../alert/types";
import { chooseRegistry, findSchema, type RegistryChoice } from "../../avro/find-schema";
import type { SchemaRegistry } from "../../avro/registry";
import { BootcampError, isBootcampError } from "../../errors";
import type { Ledger } from "../../stream/ledger";
import { placeText } from "../../stream/place";
import { firstOf } from "../client/record";
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

/** How the alerts of one message are decoded, once the registry was asked. */
export type Decoding = Pick<DecodeOptions, "schema" | "form" | "registry">;

/**
 * The alerts of a message.
 * @throws what keeps it from being read or decoded
 */
export function* alertsOf(
  topic: string,
  message: Message,
  { schema, form, registry }: Decoding,
): Generator<Alert, void, undefined> {
  if (message.error) throw message.error;
  const { value } = message.message;
  if (!value) throw new BootcampError("NOT_AVRO", "Expected an alert, got a message without a value");
  for (const alert of decodeAlerts(value, { schema, form, registry, origin: originOf(topic, message) })) {
    // a container was checked while it was split; a bare record shows damage only at its end, and costs 0.1 ms to walk
    if (alert.form !== "container") alert.validate();
    yield alert;
  }
}

/** The same for a reader with a ledger: what cannot be decoded is entered as failed, with its place. */
export function* decodeMessage(
  topic: string,
  message: Message,
  decoding: Decoding,
  ledger: Ledger,
): Generator<Alert, void, undefined> {
  try {
    yield* alertsOf(topic, message, decoding);
  } catch (failure) {
    // also one that nobody foresaw: it concerns this message, and the rest is read
    ledger.read++;
    ledger.fail(placeText(topic, message.partition, message.offset), failure);
  }
}

/** Where a message was read, with its headers as bytes; of a name that comes more than once the first. */
export function originOf(topic: string, { partition, offset, message }: Message): Origin {
  const headers: Record<string, Buffer | null> = Object.create(null); // names come from outside
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    const first = firstOf(value);
    // a copy of a few bytes, so that an origin that is kept does not keep what it was fetched with
    if (first !== undefined) headers[name] = first === null ? null : Buffer.from(first as Buffer);
  }
  const key = message.key ? message.key.toString("utf8") : null;
  return { kind: "kafka", topic, partition, offset, timestampMs: Number(message.timestamp), key, headers };
}
