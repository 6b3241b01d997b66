import type { Alert } from "../../alert/alert";
import { BootcampError } from "../../errors";
import { deadLetter } from "../dead-letters/dead-letter";
import type { Message } from "../read/consume";
import { alertsOf, type Decoding } from "../read/decode-message";
import type { VisitCounts } from "./cap";
import { type OutMessage, withOrigin } from "./headers";

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
      for (const alert of alertsOf(topic, message, decoding)) found.push(alert);
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
