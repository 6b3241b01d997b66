import type { Alert } from "../../alert/alert";
import { untilInterrupted } from "../../cell";
import { BootcampError, isBootcampError, messageOf, usageError } from "../../errors";
import { expectArgument } from "../../expect";
import { Ledger } from "../../stream/ledger";
import { say } from "../../terminal";
import { checkTopicName } from "../admin/topics";
import { type ConnectionOptions, withAdmin } from "../client/connection";
import { consume, type Message } from "./consume";
import { decodeMessage, type MessageDecoding, prepared, registryOf } from "./decode-message";
import type { From } from "./from";
import { checkLast, lastPositions } from "./last-positions";
import { extentOf, groupPositions, type Positions, startPositions, startsIn, waitForAlerts } from "./positions";

/** Options of {@link pollAlert}. */
export interface PollOptions extends ConnectionOptions, MessageDecoding {
  /**
   * Which alert: "earliest" (default), the oldest there is; "newest", the last one there is; "latest", the next to be
   * published; or the first at or after a time. A group that has read before goes on where it stopped.
   */
  from?: From | "newest" | undefined;
  /** Read as this consumer group: each call gives the next alert. */
  group?: string | undefined;
  /** Instead of from: the oldest of the newest so many messages, by their time stamps over all partitions. */
  last?: number | undefined;
  /** How long to wait for an alert. Default 5. */
  waitSeconds?: number | undefined;
  /**
   * What is done with the alert. The group counts it as read only when this has ended well; without it, when it is
   * handed over.
   */
  deliver?: ((alert: Alert) => void | Promise<void>) | undefined;
  /** Pass over messages that cannot be decoded, saying which, instead of stopping at the first. Default false. */
  skip?: boolean | undefined;
}

/** With alerts known to be there, what a consumer may take to join its group and fetch the first, seconds. */
const fetchSeconds = 5;

/**
 * One alert of a topic.
 *
 * A message that cannot be decoded is an error that names its place, and a group stays before it: with the right schema
 * it may well be read. Of a message that holds several alerts, which no survey sends, the first is given.
 *
 * @param topic its name
 * @throws TOPIC_ABSENT, TOPIC_EMPTY or NOTHING_NEW when none came within `waitSeconds`; what is wrong with the message
 *   (SCHEMA_UNKNOWN, NOT_AVRO, AVRO_CORRUPT, …); KAFKA_UNREACHABLE, KAFKA_REFUSED, USAGE, ABORTED
 * @example
 * const alert = await kafka.poll("elasticc", { group: "jo-2026", schema: readFileSync("elasticc.avsc", "utf8") });
 */
export async function pollAlert<P = any>(topic: string, asked: PollOptions = {}): Promise<Alert<P>> {
  checkTopicName(topic);
  expectArgument("object", asked, "options { from, group … }");
  const options = { ...asked, signal: untilInterrupted(asked.signal) };
  const { waitSeconds = 5, group, from = "earliest", deliver } = options;
  if (!(waitSeconds >= 0)) throw usageError("waitSeconds of 0 or more", waitSeconds);
  if (from === "newest" && group !== undefined)
    throw usageError('from "earliest" or "latest" with a group', from, 'without a group, "newest" is the last alert');
  const last = from === "newest" ? 1 : options.last;
  checkLast(options);
  const fixed =
    last === undefined
      ? await startPositions(topic, from as From, options)
      : ((await lastPositions(topic, last, options))?.oldest ?? null);
  const positions = group === undefined ? fixed : await committedOr(topic, group, fixed, options);
  const said = `${topic}: waiting up to ${waitSeconds} s for an alert`;
  const wait = { ...options, waitSeconds, say: () => say(said) };
  const extent = await waitForAlerts(topic, positions, wait);
  const settings = { ...options, starts: startsIn(extent, fixed), idleSeconds: Math.max(waitSeconds, fetchSeconds) };
  const reader = new Reader(topic, options);
  let isDelivered = false;
  let hasPartition = true;
  const source = consume(topic, {
    ...settings,
    ends: null,
    commitsStarts: fixed !== null,
    settled: () => isDelivered,
    onAssigned: (partitions) => {
      hasPartition = partitions.length > 0;
    },
  });
  for await (const message of source) {
    const alert = await reader.decode(message);
    if (options.signal?.aborted) break; // before the group counts this message as finished
    if (!alert) continue;
    await deliver?.(alert);
    isDelivered = true;
    return alert;
  }
  throw reader.nothing(waitSeconds, hasPartition);
}

/** Where a group goes on; null when the topic is not there yet. */
async function committedOr(
  topic: string,
  group: string,
  fixed: Positions | null,
  options: PollOptions,
): Promise<Positions | null> {
  const extent = await withAdmin(options, (admin) => extentOf(admin, topic));
  return extent && groupPositions(topic, group, extent, startsIn(extent, fixed), options);
}

/** Decodes messages one by one. */
class Reader {
  private readonly registry;

  constructor(
    private readonly topic: string,
    private readonly options: PollOptions,
  ) {
    this.registry = registryOf(options);
  }

  /** Undefined for a message that is to be passed over. */
  async decode(message: Message): Promise<Alert | undefined> {
    const { topic, options, registry } = this;
    const ledger = new Ledger();
    if (!registry || (await prepared(registry, message, options, ledger))) {
      for (const alert of decodeMessage(topic, message, { ...options, registry }, ledger)) return alert;
    }
    const [failure] = ledger.failures;
    if (!failure) return undefined;
    const { where, error } = failure;
    if (!isBootcampError(error) || !options.skip) throw undecodable(error, where);
    say(`${where}: ${error.message}; passed over`);
    return undefined;
  }

  /** The error for when no alert came. */
  nothing(waitSeconds: number, hasPartition: boolean): BootcampError {
    const { topic, options } = this;
    const { group } = options;
    if (options.signal?.aborted)
      return new BootcampError("ABORTED", `Stopped while waiting for an alert of "${topic}"`);
    if (!hasPartition)
      return new BootcampError(
        "NOTHING_NEW",
        `Expected a partition of topic "${topic}" for this member of group "${group}", other members have all of them`,
        {
          where: topic,
          remedy: `see who they are: npx alerts groups describe ${group}; or read as a group of your own`,
        },
      );
    return new BootcampError(
      "NOTHING_NEW",
      `Expected an alert of topic "${topic}" within ${waitSeconds} s, none came`,
      {
        where: topic,
        remedy:
          group === undefined
            ? "wait longer: waitSeconds (--wait)"
            : `wait longer, or see who else reads as this group: npx alerts groups describe ${group}`,
      },
    );
  }
}

function undecodable(error: unknown, where: string): BootcampError {
  const known = isBootcampError(error) ? error : undefined;
  return new BootcampError(known?.code ?? "AVRO_CORRUPT", messageOf(known?.message ?? error), {
    where,
    cause: error,
    remedy: `${known?.remedy ? `${known.remedy}; ` : ""}skip: true (--skip) passes over it`,
  });
}
