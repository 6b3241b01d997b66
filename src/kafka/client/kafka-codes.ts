/** Kafka protocol error codes that a user can do something about. Source: https://kafka.apache.org/protocol */
export const kafkaCodes = {
  topicAbsent: 3,
  topicForbidden: 29,
  /** The members that are there share partitions by another protocol. */
  groupHeld: 23,
  groupForbidden: 30,
  /** Also what a producer hears that may write no topic at all. */
  clusterForbidden: 31,
  unsupportedMechanism: 33,
  noLoginHere: 34,
  loginRefused: 58,
} as const;

/** One error of a chain of causes. */
export interface Link {
  name?: string;
  message?: string;
  code?: unknown;
}

/** An error and its causes; the useful one is often inside of kafkajs's "number of retries exceeded". */
export function causesOf(error: unknown): Link[] {
  const chain: Link[] = [];
  let link = error as (Link & { cause?: unknown; originalError?: unknown; errors?: unknown[] }) | undefined;
  while (link && typeof link === "object" && chain.length < 8) {
    chain.push(link);
    link = (link.cause ?? link.originalError ?? link.errors?.[0]) as typeof link;
  }
  return chain;
}

/** The protocol's code, if there is one among the causes. */
export const codeOf = (chain: readonly Link[]): number | undefined =>
  chain.map((link) => Number(link.code ?? Number.NaN)).find((value) => Number.isInteger(value));
