import { BootcampError } from "../../errors";
import type { WireReader } from "./wire";

/** Kafka's error codes that are looked for here. Source of all: https://kafka.apache.org/protocol */
export const kafkaCodes = {
  topicAbsent: 3,
  leaderNotAvailable: 5,
  notLeader: 6,
  coordinatorLoading: 14,
  coordinatorNotAvailable: 15,
  notCoordinator: 16,
  topicForbidden: 29,
  /** The members that are there share partitions by another protocol. */
  groupHeld: 23,
  groupForbidden: 30,
  /** Also what a producer hears that may write no topic at all. */
  clusterForbidden: 31,
  unsupportedMechanism: 33,
  noLoginHere: 34,
  topicExists: 36,
  notController: 41,
  concurrentTransactions: 51,
  loginRefused: 58,
  groupAbsent: 69,
  fencedLeaderEpoch: 74,
  unknownLeaderEpoch: 75,
  unsupportedCompression: 76,
  offsetNotAvailable: 78,
  unknownTopicId: 100,
  inconsistentTopicId: 103,
} as const;

/** Kafka's names of the codes that kafkajs does not know. */
const newer: Record<number, string> = {
  [kafkaCodes.fencedLeaderEpoch]: "FENCED_LEADER_EPOCH",
  [kafkaCodes.unknownLeaderEpoch]: "UNKNOWN_LEADER_EPOCH",
  [kafkaCodes.unsupportedCompression]: "UNSUPPORTED_COMPRESSION_TYPE",
  [kafkaCodes.offsetNotAvailable]: "OFFSET_NOT_AVAILABLE",
  [kafkaCodes.unknownTopicId]: "UNKNOWN_TOPIC_ID",
  [kafkaCodes.inconsistentTopicId]: "INCONSISTENT_TOPIC_ID",
};

/** An error of the protocol as kafkajs makes them. */
export interface ProtocolError extends Error {
  readonly type: string;
  readonly code: number;
  readonly retriable: boolean;
}

/**
 * The error for a code that a broker answered.
 * @param reason Kafka's own sentence, where the answer has one
 */
export function protocolError(code: number, reason?: string | null): ProtocolError {
  const { createErrorFromCode } = require("kafkajs/src/protocol/error") as {
    createErrorFromCode(code: number): ProtocolError;
  };
  const type = newer[code];
  const retriable = code !== kafkaCodes.unsupportedCompression;
  const error =
    type === undefined
      ? createErrorFromCode(code)
      : Object.assign(new Error(type), { type, code, retriable, name: "KafkaJSProtocolError" });
  if (reason) error.message = reason;
  return error;
}

/** @throws the error for a code that a broker answered, if it is one */
export function throwIfRefused(code: number, reason?: string | null): void {
  if (code !== 0) throw protocolError(code, reason);
}

/** @throws the first error of a list of names, each with a code */
export function throwIfOneRefused(answer: WireReader): void {
  let failure = 0;
  answer.array(false, () => {
    answer.string(false);
    failure ||= answer.int16();
  });
  throwIfRefused(failure);
}

/**
 * Kafka's error code for each of the partitions that were asked about; 0 for one where all is well.
 *
 * @param answer at its list of topics
 * @param restBytes of a partition, behind the code
 * @throws KAFKA_REFUSED when the answer is not for exactly these partitions
 */
export function partitionCodes(
  answer: WireReader,
  asked: readonly { readonly topic: string; readonly partition: number }[],
  restBytes = 0,
): number[] {
  const codes = new Map<string, number>();
  let answers = 0;
  answer.array(false, () => {
    const topic = answer.string(false);
    answer.array(false, () => {
      codes.set(`${topic}[${answer.int32()}]`, answer.int16());
      answer.view(restBytes);
      answers++;
    });
  });
  return asked.map(({ topic, partition }) => {
    const code = codes.get(`${topic}[${partition}]`);
    if (code !== undefined && answers === asked.length) return code;
    throw new BootcampError(
      "KAFKA_REFUSED",
      `Expected Kafka to answer for ${topic}[${partition}], it answered for something else`,
      {
        where: topic,
        remedy: `the topic may have been recreated with fewer partitions: npx alerts topics describe ${topic}; then send again`,
      },
    );
  });
}

/** Versions of a request that a broker knows. */
export interface VersionRange {
  readonly minVersion: number;
  readonly maxVersion: number;
}

/** What is asked here is known since this release: batches of zstd (Produce 7), offsets in transactions (TxnOffsetCommit 2). */
const oldestRelease = "2.1";
const fetchKey = 1;
/** Largest version of Fetch that a release before it knows. Source: the protocol's messages in each release, FetchRequest. */
const releasesByFetch = [
  [3, "0.10 or older"],
  [5, "0.11"],
  [6, "1.0"],
  [7, "1.1"],
  [8, "2.0"],
] as const;

/**
 * The error for a broker that knows none of the versions in which something is asked of it. A broker does not tell its release;
 * of an old one it is known from what it answers.
 */
export function versionError(
  address: string,
  apiKey: number,
  versions: readonly number[],
  known: Readonly<Record<number, VersionRange>>,
): BootcampError {
  const keys = require("kafkajs/src/protocol/requests/apiKeys") as Record<string, number>;
  const name = Object.keys(keys).find((key) => keys[key] === apiKey) ?? "request";
  const range = known[apiKey];
  const knows = range
    ? `versions ${range.minVersion} to ${range.maxVersion} of ${name}, not ${versions.join(" or ")}`
    : `no version of ${name}`;
  const newest = known[fetchKey]?.maxVersion ?? Number.POSITIVE_INFINITY;
  const release = releasesByFetch.find(([most]) => newest <= most)?.[1] ?? "a broker";
  return new BootcampError(
    "KAFKA_REFUSED",
    `Expected Kafka ${oldestRelease} or newer at ${address}, got ${release} that knows ${knows}`,
    {
      where: address,
      remedy: `use a broker of Kafka ${oldestRelease} to 4.x, or ask the broker's people to upgrade it`,
    },
  );
}

/** Errors that pass by themselves: a connection that is lost, a leader that moved, a topic that is being made. */
export function mayPass(error: unknown): boolean {
  const { retriable, name } = error as { retriable?: boolean; name?: string };
  return retriable ?? /^KafkaJS(Connection|RequestTimeout|LockTimeout)/.test(name ?? "");
}

/** The broker said no, as against a connection that failed. */
export const isAnswer = (error: unknown): boolean => typeof (error as { code?: unknown }).code === "number";

/** One error of a chain of causes. */
export interface Link {
  name?: string;
  message?: string;
  code?: unknown;
  /** Name of an error of the protocol. */
  type?: string;
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
