import { BootcampError, messageOf } from "../../errors";
import { headersOf, headerText, type KafkaMessage, type RecordHeaders } from "../client/record";

/** A message to be written. */
export interface OutMessage {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: RecordHeaders;
}

/** Headers that say where a message was read; `record` only when it held several alerts. */
export const originHeaders = {
  topic: "bootcamp-topic",
  partition: "bootcamp-partition",
  offset: "bootcamp-offset",
  timestamp: "bootcamp-timestamp",
  record: "bootcamp-record",
} as const;

/** The headers a message came with, and its place. Those of an earlier job in a chain give way to this one's. */
export function withOrigin(topic: string, partition: number, message: KafkaMessage, record?: number): RecordHeaders {
  const { [originHeaders.record]: _, ...headers } = headersOf(message);
  return {
    ...headers,
    [originHeaders.topic]: topic,
    [originHeaders.partition]: String(partition),
    [originHeaders.offset]: message.offset,
    [originHeaders.timestamp]: message.timestamp,
    ...(record !== undefined && { [originHeaders.record]: String(record) }),
  };
}

/** Headers of a dead letter beside those that say where it came from. */
const deadHeaders = { reason: "reason", filter: "filter" } as const;

/** An error text may quote the alert; a header should stay readable. */
const longestReason = 2000;

/**
 * The message that goes to the dead-letter topic: the bytes as they came, with the reason and the place.
 *
 * @param error why: the code and message of a BootcampError, the message of any other
 * @param details `filter`: which one failed on it; without one the message could not be decoded at all
 */
export function deadLetter(
  topic: string,
  partition: number,
  message: KafkaMessage,
  error: unknown,
  details: { filter?: string; record?: number | undefined } = {},
): OutMessage {
  const code = error instanceof BootcampError ? error.code : "SELECTION";
  const text = error instanceof BootcampError ? error.message : messageOf(error);
  const { [deadHeaders.filter]: _, ...origin } = withOrigin(topic, partition, message, details.record);
  const reason = `${code}: ${text}`.slice(0, longestReason);
  const filter = details.filter === undefined ? {} : { [deadHeaders.filter]: details.filter };
  return {
    key: message.key ?? null,
    value: message.value,
    headers: { ...origin, [deadHeaders.reason]: reason, ...filter },
  };
}

/** What the headers of a dead letter say. */
export interface DeadReason {
  /** Stable code of the error. */
  readonly code: string;
  readonly reason: string;
  /** The filter that failed, or null when the message could not be decoded. */
  readonly filter: string | null;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** Reads the headers of a dead letter; what another program left out shows as "" and -1. */
export function readDeadHeaders(headers: RecordHeaders | undefined): DeadReason {
  const whole = (name: string): bigint => {
    const text = headerText(headers, name);
    return text !== undefined && /^-?\d{1,19}$/.test(text) ? BigInt(text) : -1n;
  };
  const reason = headerText(headers, deadHeaders.reason) ?? "";
  const code = /^([A-Z_]+): /.exec(reason)?.[1] ?? "";
  return {
    code,
    reason: code === "" ? reason : reason.slice(code.length + 2),
    filter: headerText(headers, deadHeaders.filter) ?? null,
    topic: headerText(headers, originHeaders.topic) ?? "",
    partition: Number(whole(originHeaders.partition)),
    offset: whole(originHeaders.offset),
  };
}

/** The headers the message had before it became a dead letter. */
export function withoutDeadHeaders(headers: RecordHeaders | undefined): RecordHeaders {
  const ours: string[] = [...Object.values(deadHeaders), ...Object.values(originHeaders)];
  return Object.fromEntries(Object.entries(headers ?? {}).filter(([name]) => !ours.includes(name)));
}
