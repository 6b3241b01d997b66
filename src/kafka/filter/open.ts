import type { Alert } from "../../alert/alert";
import { type DecodeOptions, decodeAlerts } from "../../alert/decode";
import { BootcampError } from "../../errors";
import type { Message } from "../consume";
import { deadLetter } from "../dead-letter";
import { originOf } from "../decode-message";
import type { VisitCounts } from "./cap";
import { type OutMessage, withOrigin } from "./headers";

/** How the messages of a job are read. */
export type Decoding = Pick<DecodeOptions, "schema" | "form" | "registry">;

/** One alert of a chunk; what is sent of it is made once for all filters that select it. */
export interface Unit {
  readonly alert: Alert;
  readonly message: Message;
  /** Its number in a message that holds several. */
  readonly record: number | undefined;
  /** Places taken in its visit; not looked up yet, or null when it has none. */
  counts: VisitCounts | null | undefined;
  out: OutMessage | undefined;
}

/** The alerts of the messages, and a dead letter for each message that holds none or is damaged. */
export function openMessages(
  topic: string,
  messages: readonly Message[],
  decoding: Decoding,
): { units: Unit[]; undecodable: OutMessage[] } {
  const units: Unit[] = [];
  const undecodable: OutMessage[] = [];
  for (const message of messages) {
    const found: Alert[] = [];
    try {
      if (message.error) throw message.error;
      const { value } = message.message;
      if (!value) throw new BootcampError("NOT_AVRO", "Expected an alert, got a message without a value");
      for (const alert of decodeAlerts(value, { ...decoding, origin: originOf(topic, message) })) {
        if (alert.form !== "container") alert.validate(); // a container was walked to its end
        found.push(alert);
      }
      if (found.length === 0) throw new BootcampError("NO_ALERTS", "Expected an alert, got an empty Avro container");
    } catch (error) {
      undecodable.push(deadLetter(topic, message.partition, message.message, error));
    }
    for (const [n, alert] of found.entries()) {
      units.push({ alert, message, record: found.length > 1 ? n : undefined, counts: undefined, out: undefined });
    }
  }
  return { units, undecodable };
}

/** What is sent of a selected alert: the bytes, key and headers it came with, and its place. */
export function outputOf(topic: string, { alert, message: { partition, message }, record }: Unit): OutMessage {
  const value = record === undefined ? message.value : alert.bytes;
  return { key: message.key ?? null, value, headers: withOrigin(topic, partition, message, record) };
}
