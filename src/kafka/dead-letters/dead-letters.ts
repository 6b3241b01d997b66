import { untilInterrupted } from "../../cell";
import { BootcampError, refuse, usageError } from "../../errors";
import { expectArgument } from "../../expect";
import { placeText } from "../../stream/place";
import { describeTopic } from "../admin/topics";
import { type ConnectionOptions, expectOwnBroker, kafkaError, withAdmin } from "../client/connection";
import { groupName } from "../client/connection-settings";
import { deadTopicOf } from "../filter/plan";
import { BufferedSender } from "../publish/buffered-sender";
import { consume } from "../read/consume";
import { extentOf, groupPositions, offsetsBetween } from "../read/positions";
import { type DeadReason, readDeadHeaders, withoutDeadHeaders } from "./dead-letter";

/** A message that could not be decoded, or that a filter failed on. */
export interface DeadLetter extends DeadReason {
  /** Its place in the dead-letter topic. */
  readonly deadPartition: number;
  readonly deadOffset: bigint;
  /** When it was put there, ms since 1970 UTC. */
  readonly timestampMs: number;
  readonly key: string | null;
  /** The bytes as they came; empty when the message had no value. */
  readonly bytes: Buffer;
}

/** Which dead letters; those that fit every condition given. */
export interface DeadSelection extends ConnectionOptions {
  /** Only those of this filter; "" for those that could not be decoded. */
  filter?: string | undefined;
  /** Only those with this error code, e.g. AVRO_TRUNCATED. */
  code?: string | undefined;
  /** Only those from this place of the input. */
  partition?: number | undefined;
  offset?: bigint | undefined;
  /** At most so many. */
  limit?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** Options of {@link replayDead}. */
export interface ReplayOptions extends DeadSelection {
  /** Where to; default: the topic each came from. */
  to?: string | undefined;
  /** Without any selection only those not replayed before are sent; true begins at the first. */
  again?: boolean | undefined;
}

/** What {@link replayDead} did. */
export interface ReplayReport {
  /** Dead letters looked at, and how many of them were sent and acknowledged. */
  readonly read: number;
  readonly replayed: number;
  /** Not sent: left out by the selection, or without a value or a topic to go to. */
  readonly skipped: number;
}

/**
 * The dead letters of a topic, one after the other.
 *
 * @param topic the input topic; its dead letters are in `<topic>.dead`
 * @throws TOPIC_ABSENT when no filter job has run over it, USAGE for a senseless limit
 * @example
 * for await (const letter of kafka.listDead("ztf-stream")) console.log(letter.offset, letter.code, letter.filter);
 */
export async function* listDead(topic: string, options: DeadSelection = {}): AsyncGenerator<DeadLetter> {
  const { limit = Number.POSITIVE_INFINITY } = options;
  if (!(limit >= 1)) throw usageError("a limit of 1 dead letter or more", limit);
  let count = 0;
  for await (const { letter } of lettersOf(topic, options)) {
    if (!fits(letter, options)) continue;
    yield letter;
    if (++count >= limit) return;
  }
}

/**
 * The dead letters made of one message of the input: one when it could not be decoded, else one per filter that failed.
 *
 * @throws TOPIC_ABSENT; USAGE when there is none from that place
 * @example
 * const [letter] = await kafka.showDead("ztf-stream", 0, 1234n);
 */
export async function showDead(
  topic: string,
  partition: number,
  offset: bigint,
  options: ConnectionOptions = {},
): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for await (const letter of listDead(topic, { ...options, partition, offset })) letters.push(letter);
  if (letters.length > 0) return letters;
  throw refuse(
    `a place that ${deadTopicOf(topic)} has a dead letter from`,
    placeText(topic, partition, offset),
    `see them: npx alerts dead list ${topic}`,
  );
}

/**
 * Sends dead letters back as they were, with key and headers, for instance after a schema was registered or a filter mended.
 *
 * They are new messages of the topic: filters that had decided them before see them again. Name a topic with `to` to
 * keep them apart. A dead letter of a message that stands for several filters is sent once per filter.
 *
 * @throws TOPIC_ABSENT, USAGE, KAFKA_REFUSED
 * @example
 * await kafka.replayDead("ztf-stream", { code: "SCHEMA_UNKNOWN" });
 */
export async function replayDead(topic: string, options: ReplayOptions = {}): Promise<ReplayReport> {
  const deadTopic = deadTopicOf(topic);
  const { to, limit = Number.POSITIVE_INFINITY } = options;
  if (!(limit >= 1)) throw usageError("a limit of 1 dead letter or more", limit);
  expectOwnBroker(options);
  if (to === deadTopic) throw usageError("a topic other than that of the dead letters", to);
  const target = to ?? topic;
  await describeTopic(target, options); // it must be there
  const chosen = [options.filter, options.code, options.partition, options.offset, options.limit];
  const isAll = !options.again && chosen.every((value) => value === undefined);
  const sender = new BufferedSender(target, options);
  let [read, skipped] = [0, 0];
  try {
    await sender.connect();
    // what is not selected now must be there for the next replay: only a replay of everything remembers its place
    const group = isAll ? groupName(undefined, `${deadTopic}.replay`, options) : undefined;
    for await (const { letter, message } of lettersOf(topic, options, group)) {
      read++;
      if (!fits(letter, options) || !message.value) {
        skipped++;
        continue;
      }
      const { key, value } = message;
      await sender.add({ key: key ?? null, value, headers: withoutDeadHeaders(message.headers) });
      if (isAll) await sender.flush(); // its place is remembered when the next one is asked for
      if (sender.messages + sender.waiting >= limit) break;
    }
    await sender.flush();
    return { read, replayed: sender.messages, skipped };
  } catch (error) {
    throw await kafkaError(error, options, { topic: target });
  } finally {
    sender.close();
  }
}

async function* lettersOf(topic: string, options: DeadSelection, group?: string) {
  expectArgument("text", topic, "the name of a topic");
  const deadTopic = deadTopicOf(topic);
  const extent = await withAdmin(options, (admin) => extentOf(admin, deadTopic));
  if (!extent) {
    await describeTopic(topic, options); // a name that is not there is no topic without dead letters
    throw new BootcampError("TOPIC_ABSENT", `Expected dead letters of "${topic}", there is no topic "${deadTopic}"`, {
      remedy: `a filter makes it when it first runs: npx alerts filter ${topic} --filter ztf-purity`,
      where: topic,
    });
  }
  const starts =
    group === undefined ? extent.first : await groupPositions(deadTopic, group, extent, extent.first, options);
  if (offsetsBetween(starts, extent.next) === 0n) return;
  const { bootstrap, profile } = options;
  const signal = untilInterrupted(options.signal);
  const source = consume(deadTopic, { bootstrap, profile, signal, group, starts, ends: extent.next });
  for await (const { partition, offset, message } of source) {
    const letter: DeadLetter = {
      ...readDeadHeaders(message.headers),
      deadPartition: partition,
      deadOffset: offset,
      timestampMs: Number(message.timestamp),
      key: message.key ? message.key.toString("utf8") : null,
      bytes: message.value ?? Buffer.alloc(0),
    };
    yield { letter, message };
  }
}

function fits(letter: DeadLetter, { filter, code, partition, offset }: DeadSelection): boolean {
  return (
    (filter === undefined || (letter.filter ?? "") === filter) &&
    (code === undefined || letter.code === code) &&
    (partition === undefined || letter.partition === partition) &&
    (offset === undefined || letter.offset === offset)
  );
}
