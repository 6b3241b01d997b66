import { isBootcampError } from "../../errors";
import type { Admin } from "../client/admin";
import { fetchFrom } from "../client/fetch-request";
import { causesOf, codeOf, kafkaCodes, throwIfRefused } from "../client/protocol-error";
import { AbortedFilter, batchesIn, messagesOf } from "../client/record-batch";
import { openPort } from "./hello";
import { ProbeFailure, type Target } from "./types";

/** So many brokers are tried; a cluster of hundreds is not knocked at. */
const mostBrokers = 12;
/** A search for the time of the last alert ends when it is known this well, ms. */
const closeMs = 1000;
/** Enough for one batch; brokers send at least one whatever its size. */
const batchBytes = 1;

/** Offsets of a partition: the first it holds, and the one after its last. */
export interface Held {
  partition: number;
  first: bigint;
  next: bigint;
}

/** What went wrong when the login itself was tried: a {@link ProbeFailure}, or the error of the token's server as it is. */
export function loginFailure(error: unknown, { address, connection }: Target): Error {
  const chain = causesOf(error);
  const own = chain.find((link) => isBootcampError(link));
  if (own) return own as Error;
  const code = codeOf(chain);
  if (code === kafkaCodes.unsupportedMechanism) return new ProbeFailure("mechanism", { address, cause: error });
  if (code === kafkaCodes.noLoginHere) return new ProbeFailure("login-not-taken", { address, cause: error });
  if (code === kafkaCodes.loginRefused || chain.some(({ name }) => name === "KafkaJSSASLAuthenticationError")) {
    const problem = connection.settings.sasl?.mechanism === "oauthbearer" ? "token" : "password";
    return new ProbeFailure(problem, { address, cause: error });
  }
  return new ProbeFailure("connection-lost", { address, found: chain[chain.length - 1]?.message ?? "", cause: error });
}

/**
 * Are the brokers where the cluster says they are? After the first answer a client goes to the addresses of the
 * metadata, and one that only the broker's own network knows fails there.
 */
export async function probeMetadata(admin: Admin, { address, limitMs }: Target): Promise<string> {
  const { brokers, topics } = await admin.metadata("all");
  const others = [...brokers.values()].filter(({ host, port }) => `${host}:${port}` !== address).slice(0, mostBrokers);
  const closed = await Promise.all(
    others.map(async ({ host, port }) => {
      try {
        (await openPort(host, port, limitMs)).destroy();
        return [];
      } catch (error) {
        return [`${host}:${port} (${(error as NodeJS.ErrnoException).code})`];
      }
    }),
  );
  const found = closed.flat();
  // a broker of several may be down, which the others make up for
  if (found.length > 0 && found.length === brokers.size) {
    throw new ProbeFailure("broker-advertised", { address, found: found.join(", ") });
  }
  const count = `${brokers.size} ${brokers.size === 1 ? "broker" : "brokers"}`;
  const without = found.length > 0 ? `, not reachable: ${found.join(", ")}` : "";
  const open = [...topics.keys()].filter((topic) => !topic.startsWith("__")).length;
  return `${count}${without}; ${open} ${open === 1 ? "topic is" : "topics are"} open to this user`;
}

/**
 * What a topic holds that may be read; it is not made by asking.
 * @throws ProbeFailure topic-absent, topic-forbidden
 */
export async function heldBy(admin: Admin, topic: string): Promise<Held[]> {
  try {
    const first = await admin.listOffsets(topic, "earliest");
    const next = await admin.listOffsets(topic, "stable");
    return [...next]
      .map(([partition, end]) => ({ partition, first: first.get(partition) ?? 0n, next: end }))
      .sort((a, b) => a.partition - b.partition);
  } catch (cause) {
    const { code } = cause as { code?: unknown };
    if (code === kafkaCodes.topicForbidden) throw new ProbeFailure("topic-forbidden", { topic, cause });
    if (code === kafkaCodes.topicAbsent) throw new ProbeFailure("topic-absent", { topic, cause });
    throw cause;
  }
}

/** How many alerts a topic holds and when the last one came, in words; reads one batch, so that reading itself is tried. */
export async function probeTopic(admin: Admin, topic: string, held: readonly Held[]): Promise<string> {
  const filled = held.filter(({ first, next }) => next > first);
  if (filled.length === 0) throw new ProbeFailure("topic-empty", { topic });
  const time = await timeOfLast(admin, topic, await newestPartition(admin, topic, filled));
  const count = filled.reduce((sum, { first, next }) => sum + (next - first), 0n);
  const partitions = `${held.length} ${held.length === 1 ? "partition" : "partitions"}`;
  const last = time === undefined ? "" : `, the last at ${new Date(time).toISOString().slice(0, 19)} UTC`;
  return `${topic} holds ${count} ${count === 1n ? "alert" : "alerts"} in ${partitions}${last}`;
}

/** The partition whose last alert is the youngest: halves the time until one is left, or until the rest is about as young. */
async function newestPartition(admin: Admin, topic: string, filled: readonly Held[]): Promise<Held> {
  let left = filled;
  let [early, late] = [0, Date.now() + closeMs];
  while (left.length > 1 && late - early > closeMs) {
    const middle = Math.floor((early + late) / 2);
    const partitions = left.map(({ partition }) => partition);
    const offsets = await admin.listOffsets(topic, middle, partitions);
    // -1: nothing of that time or later
    const younger = left.filter(({ partition }) => (offsets.get(partition) ?? -1n) >= 0n);
    if (younger.length === 0) late = middle;
    else [early, left] = [middle, younger];
  }
  return left[0]!;
}

/** When the last message of a partition was stored, ms; undefined when it holds only markers of transactions at its end. */
async function timeOfLast({ cluster }: Admin, topic: string, { partition, next }: Held): Promise<number | undefined> {
  const { id, partitions } = (await cluster.metadata([topic])).topics.get(topic)!;
  const broker = await cluster.node(partitions.get(partition)?.leader ?? -1);
  const asked = [{ partition, offset: next - 1n }];
  const [found] = await fetchFrom(broker, { topic, id, partitions: asked, maxBytes: batchBytes, maxWaitMs: 100 });
  throwIfRefused(found!.error);
  const aborted = new AbortedFilter(found!.aborted);
  const batches = batchesIn(found!.records).filter((batch) => !aborted.hides(batch));
  const messages = (await Promise.all(batches.map((batch) => messagesOf(partition, batch)))).flat();
  for (const { error } of messages) if (error) throw error;
  return messages.length > 0 ? Math.max(...messages.map(({ message }) => Number(message.timestamp))) : undefined;
}

/**
 * May the group read, and how far is it in a topic, in words?
 * @throws ProbeFailure group-forbidden, group-unavailable
 */
export async function probeGroup(
  admin: Admin,
  group: string,
  topic: { name: string; held: readonly Held[] } | undefined,
): Promise<string> {
  const offsets = await admin.fetchOffsets(group).catch((cause) => {
    const forbidden = codeOf(causesOf(cause)) === kafkaCodes.groupForbidden;
    throw new ProbeFailure(forbidden ? "group-forbidden" : "group-unavailable", { group, cause });
  });
  if (!topic) return `${group} may read`;
  const committed = offsets.get(topic.name);
  const lag = topic.held.reduce((sum, { partition, first, next }) => {
    const at = committed?.get(partition)?.offset ?? -1n;
    return sum + (next - (at > first ? at : first));
  }, 0n);
  if (!committed) return `${group} may read, and has read nothing yet: ${lag} to come`;
  return lag === 0n ? `${group} has read all there is, nothing new` : `${group} has ${lag} still to read`;
}
