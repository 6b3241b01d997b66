import { headersOf } from "../client/message-size";
import type { IHeaders, KafkaMessage } from "../client/types";

/** A message to be written. */
export interface OutMessage {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: IHeaders;
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
export function withOrigin(topic: string, partition: number, message: KafkaMessage, record?: number): IHeaders {
  const headers: IHeaders = {
    ...(headersOf(message) as IHeaders),
    [originHeaders.topic]: topic,
    [originHeaders.partition]: String(partition),
    [originHeaders.offset]: message.offset,
    [originHeaders.timestamp]: message.timestamp,
  };
  delete headers[originHeaders.record];
  if (record !== undefined) headers[originHeaders.record] = String(record);
  return headers;
}

/** A header as text; undefined when it is not there or null, which Kafka allows. */
export function headerText(headers: IHeaders | undefined, name: string): string | undefined {
  const value = headers?.[name];
  const first: Buffer | string | null | undefined = Array.isArray(value) ? value[0] : value;
  return first?.toString();
}
