import { usageError } from "../errors";

/** Where a message lies in Kafka. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** A place as it is written everywhere, and read back by {@link parsePlace}: `ztf-stream[2]@17`. */
export const placeText = (topic: string, partition: number, offset: bigint | string | number): string =>
  `${topic}[${partition}]@${offset}`;

/**
 * The place that a text names.
 *
 * @throws USAGE for anything but `topic[partition]@offset`
 * @example
 * parsePlace("ztf-stream[2]@17").offset; // 17n
 */
export function parsePlace(text: string): Place {
  const [, topic, partition, offset] = /^([\w.-]{1,249})\[(\d{1,9})\]@(\d{1,18})$/.exec(text) ?? [];
  if (topic === undefined) throw usageError("a place as topic[partition]@offset, e.g. 'ztf-stream[0]@1234'", text);
  return { topic, partition: Number(partition), offset: BigInt(offset!) };
}
