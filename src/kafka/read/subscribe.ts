import type { Alert } from "../../alert/alert";
import type { LsstPacket } from "../../alert/packet-lsst";
import type { ZtfPacket } from "../../alert/packet-ztf";
import { untilInterrupted } from "../../cell";
import { BootcampError, refuse, usageError } from "../../errors";
import { expectArgument } from "../../expect";
import { checkCount } from "../../stream/alert-stream";
import type { Ledger } from "../../stream/ledger";
import { progressLine } from "../../stream/progress";
import { Subscription } from "../../stream/subscription";
import { say } from "../../terminal";
import { topicAbsentError } from "../admin/topic-access";
import { checkTopicName } from "../admin/topics";
import { problemError } from "../client/broker-problem";
import { type ConnectionOptions, withAdmin } from "../client/connection";
import { connectionOf, groupName } from "../client/connection-settings";
import { consume } from "./consume";
import { decodeMessage, type MessageDecoding, prepared, registryOf } from "./decode-message";
import { type From, parseFrom } from "./from";
import { checkLast, lastPositions } from "./last-positions";
import { readNight } from "./night-end";
import {
  type Extent,
  extentOf,
  groupPositions,
  offsetsBetween,
  type Positions,
  startPositions,
  startsIn,
  waitForAlerts,
} from "./positions";

/** Three times what Rubin and ZTF need from visit to visit. */
const nightSilenceSeconds = 120;

/** Options of {@link subscribe}. */
export interface SubscribeOptions<Survey extends string = string> extends ConnectionOptions, MessageDecoding {
  /** Whose packets they are, which gives `alert.packet` its type: "ztf" or "lsst". The first alert is checked against it. */
  survey?: Survey | undefined;
  /**
   * Where to begin. Default "earliest". "latest" is fixed when the stream is awaited, or else first iterated: what is
   * published after that is seen.
   */
  from?: From | undefined;
  /** Instead: with the newest so many messages of all partitions together, which are looked for at the same moment. */
  last?: number | undefined;
  /** Read this partition alone, not as a member of a group. Default: all of them. */
  partition?: number | undefined;
  /**
   * When to end. Default "caught-up": at what the topic held when the iteration began. "end": at the end of the first night,
   * however slowly it is sent and however often; what a loop sends after it is left out. "idle": when nothing new came for
   * `idleSeconds`. "forever": never.
   */
  until?: "caught-up" | "end" | "idle" | "forever" | undefined;
  /** Default 10; with `until: "end"` 120, after which a night counts as cut off. */
  idleSeconds?: number | undefined;
  /** How long to wait for the first alert of an absent or empty topic. Default 10. */
  waitSeconds?: number | undefined;
  /** End after so many alerts at the latest; with `until: "forever"` they are waited for as long as it takes. */
  limit?: number | undefined;
  /**
   * Read as a member of this consumer group, beginning where it stopped last, and commit what was finished, every 5 s and
   * at the end. The group reads each alert at least once: what a member that died had not committed is read again.
   */
  group?: string | undefined;
  /** Ends the iteration. */
  signal?: AbortSignal | undefined;
  /** Show a count on a terminal or in a cell while reading. Default true. */
  progress?: boolean | undefined;
}

/** The type of a packet by the name of its survey. */
export type PacketOf<Survey extends string> = Survey extends "ztf"
  ? ZtfPacket
  : Survey extends "lsst"
    ? LsstPacket
    : any;

/**
 * Subscribes to a topic.
 *
 * The stream is cold: each iteration begins anew at `from`. Leaving a loop closes the consumer. What cannot be decoded
 * is entered as failed in the stream's ledger, with its partition and offset, and the rest goes on.
 *
 * @param topic its name
 * @returns a stream to chain or iterate at once, which then connects; or to await, which connects now
 * @throws USAGE, GROUP_FORBIDDEN here; KAFKA_UNREACHABLE, KAFKA_TLS, KAFKA_LOGIN, TOPIC_FORBIDDEN, KAFKA_REFUSED when it is
 *   awaited or first iterated; TOPIC_ABSENT, TOPIC_EMPTY or NOTHING_NEW when nothing came within `waitSeconds`
 * @example
 * const bright = await subscribe("ztf-stream", { survey: "ztf" }).filter((a) => a.mag < 16).toArray();
 * for await (const alert of subscribe("ztf-stream")) console.log(alert);
 */
export function subscribe<const Survey extends string = string>(
  topic: string,
  options: SubscribeOptions<Survey> = {},
): Subscription<Alert<PacketOf<Survey>>> {
  checkTopicName(topic);
  expectArgument("object", options, "options { from, group … }");
  const { from = "earliest", until = "caught-up" } = options;
  parseFrom(from);
  if (options.group !== undefined) groupName(options.group, "", options); // a wrong one is said before anything is asked
  if (!["caught-up", "end", "idle", "forever"].includes(until))
    throw usageError('until: "caught-up", "end", "idle" or "forever"', until);
  if (until === "end" && options.group !== undefined)
    throw usageError(
      'until: "caught-up", "idle" or "forever" with a group',
      until,
      "a group reads on from night to night",
    );
  checkLast(options);
  checkPartition(options);
  if (options.limit !== undefined) checkCount(options.limit);
  const opened: SubscribeOptions = { ...options, registry: registryOf(options) }; // one for all iterations
  return Subscription.to(async () => {
    const starts = await startsOf(topic, opened);
    if (starts === null) await awaitTopic(topic, opened); // says at once that nobody is there, in the cell that asked
    return (ledger) => readTopic(topic, starts, opened, ledger);
  }, options.limit);
}

function checkPartition({ partition, group }: SubscribeOptions): void {
  if (partition === undefined) return;
  if (!(Number.isSafeInteger(partition) && partition >= 0))
    throw usageError("a partition: a whole number from 0", partition);
  if (group !== undefined)
    throw refuse("one of partition and group", "both", "a group shares out the partitions itself");
}

async function startsOf(topic: string, options: SubscribeOptions): Promise<Positions | null> {
  const { from = "earliest", last } = options;
  if (last === undefined) return startPositions(topic, from, options);
  return (await lastPositions(topic, last, options))?.starts ?? null;
}

/** With `from: "earliest"` the wait for the first alert happens here. */
async function awaitTopic(topic: string, options: SubscribeOptions): Promise<Extent | undefined> {
  if (options.until === "forever" || options.group !== undefined) {
    return withAdmin(options, async (admin) => (await extentOf(admin, topic, options.partition)) ?? undefined);
  }
  return waitForAlerts(topic, null, waiting(options));
}

const waiting = (options: SubscribeOptions) => ({
  ...options,
  signal: untilInterrupted(options.signal),
  waitSeconds: options.waitSeconds ?? 10,
  say: (line: string) => void say(line),
});

async function* readTopic(
  topic: string,
  fixed: Positions | null,
  opened: SubscribeOptions,
  ledger: Ledger,
): AsyncGenerator<Alert> {
  // of the cell that iterates, which may be a later one
  const options = { ...opened, signal: untilInterrupted(opened.signal) };
  const { until = "caught-up", limit, group } = options;
  const unbounded = until === "forever" || group !== undefined;
  const extent = unbounded ? await extentNow(topic, options) : await waitForAlerts(topic, fixed, waiting(options));
  const starts = startsIn(extent, fixed);
  const bounded = until === "caught-up";
  if (bounded && group !== undefined) await expectClassic(group, options);
  const positions = group === undefined ? starts : await groupPositions(topic, group, extent, starts, options);
  if (bounded && offsetsBetween(positions, extent.next) === 0n) {
    // nothing to read is no error for a group, but an empty list alone does not say why it is empty
    say(`${nothingToRead(topic, group, extent)}`);
    return;
  }
  const expected = bounded
    ? Math.min(Number(offsetsBetween(positions, extent.next)), limit ?? Number.POSITIVE_INFINITY)
    : limit;
  const progress = options.progress === false ? undefined : progressLine(topic, expected);
  const { idleSeconds = until === "end" ? nightSilenceSeconds : 10 } = options;
  const reading = { ...options, starts, commitsStarts: fixed !== null, settled: () => ledger.settled };
  const source =
    until === "end"
      ? readNight(topic, { ...reading, ends: null, idleSeconds }, extent.next, (line) => progress?.note(line))
      : consume(topic, {
          ...reading,
          ends: bounded ? extent.next : null,
          idleSeconds: until === "idle" ? idleSeconds : undefined,
        });
  const registry = registryOf(options);
  try {
    let isChecked = options.survey === undefined;
    for await (const message of source) {
      if (registry && !(await prepared(registry, message, options, ledger))) return;
      for (const alert of decodeMessage(topic, message, { ...options, registry }, ledger)) {
        if (!isChecked) expectSurvey(topic, alert, options.survey);
        isChecked = true;
        yield alert;
      }
      progress?.update(ledger.read);
    }
  } finally {
    progress?.done(ledger.read);
  }
}

/**
 * A group of the protocol of KIP-848 gives a new member its partitions one by one, none at first: it would seem to be at the end.
 * @throws KAFKA_REFUSED while such a group has members
 */
async function expectClassic(group: string, options: ConnectionOptions): Promise<void> {
  const isHeld = await withAdmin({ ...options, group }, async (admin) => {
    const listed = (await admin.listGroups()).find((one) => one.group === group);
    return listed?.type === "consumer" && (await admin.describeGroup(group)).members > 0;
  });
  if (isHeld) throw problemError("group-held", connectionOf(options), { group });
}

/** The type of the packets is believed from here on, so that it is checked once. */
function expectSurvey(topic: string, { survey, schema }: Alert, expected: string | undefined): void {
  if (survey === expected) return;
  throw new BootcampError(
    "USAGE",
    `Expected alerts of survey "${expected}" in topic "${topic}", it holds "${survey}"`,
    {
      remedy: `the schema of the first one is ${schema.name}: leave survey out, or read the topic that you mean`,
      where: topic,
    },
  );
}

async function extentNow(topic: string, options: SubscribeOptions): Promise<Extent> {
  const extent = await withAdmin(options, (admin) => extentOf(admin, topic, options.partition));
  if (!extent) throw await topicAbsentError(topic, options);
  return extent;
}

function nothingToRead(topic: string, group: string | undefined, extent: Extent): string {
  if (offsetsBetween(extent.first, extent.next) === 0n) return `${topic}: no alert yet`;
  return group === undefined
    ? `${topic}: nothing new`
    : `${topic}: nothing new, group "${group}" has read all there is`;
}
