import type { Alert } from "../../alert/alert";
import type { Visit } from "../../alert/types";
import { groupByVisit } from "../../alert/visits";
import { untilInterrupted } from "../../cell";
import { isBootcampError, usageError } from "../../errors";
import { expectArgument } from "../../expect";
import { checkPartitions, checkTopicName, createTopic } from "../admin/topics";
import { type Compression, compressionNumber } from "../client/codecs";
import { type ConnectionOptions, expectOwnBroker, kafkaError } from "../client/connection";
import { MessageSender } from "../client/message-sender";
import { maxMessageBytes } from "../client/record";
import { messageValue } from "./message-value";
import { type PaceOptions, Pacer } from "./pace";
import { markText, nameNight, VISIT_HEADER } from "./visit-mark";

/** What can be published: visits in order, or alerts in any order. */
export type Publishable = AsyncIterable<Visit<Alert> | Alert> | Iterable<Visit<Alert> | Alert>;

/** Options of {@link publish}. */
export interface PublishOptions extends ConnectionOptions, PaceOptions {
  topic: string;
  /** Partitions of the topic if it has to be created; 4 by default. More than a topic has that is there are refused. */
  partitions?: number | undefined;
  /**
   * `container`: the bytes as they were received, for ZTF the alert with its schema (default). `bare`: the record alone;
   * readers need the schema. `confluent`: five bytes that name the schema by its id, and the record, as Rubin sends it.
   */
  form?: "container" | "confluent" | "bare" | undefined;
  /** For `confluent`: id of the schema. Default: what the alert came with, or Rubin's own for its schemas. */
  schemaId?: number | undefined;
  /** At most so many alerts of a visit; the rest is counted as capped. Default: all. */
  maxPerVisit?: number | undefined;
  /** How the messages of a request are compressed. Default "none". */
  compression?: Compression | undefined;
  /** Further headers of every message. */
  headers?: Record<string, string> | undefined;
  /** Called when a visit's alerts are acknowledged. */
  onVisit?: ((visit: VisitReport) => void) | undefined;
  /** Stops before the next request; what was acknowledged until then is reported. */
  signal?: AbortSignal | undefined;
}

/** One visit, as it was sent. */
export interface VisitReport {
  /** 1, 2, … */
  readonly number: number;
  readonly id: string;
  readonly mjdUtc: number;
  /** Alerts acknowledged by Kafka. */
  readonly alerts: number;
  readonly capped: number;
  /** How much later than planned it started, seconds. */
  readonly lateSeconds: number;
}

/** What a call of publish did. Counts are of acknowledged deliveries. */
export interface PublishReport {
  visits: number;
  alerts: number;
  bytes: number;
  /** Left out by `maxPerVisit`. */
  capped: number;
  /** Visits that started more than 10 ms late, because the one before took longer than the interval. */
  overruns: number;
  maxLateSeconds: number;
  seconds: number;
  interrupted: boolean;
}

const overrunMs = 10;

/**
 * Publishes alerts to a topic, visit by visit: all alerts of a visit at once, visits paced by the clock.
 *
 * The topic is created when it is absent. Every message has the objectId as key (so one object stays in one partition,
 * in order), a `producer_timestamp` header (ms since 1970 UTC) to measure latency by, and a `bootcamp-visit` header, "3 of 50, 12
 * alerts, night …", by which a reader knows the end of the night.
 *
 * @param source visits (`files.readVisits`, `simulateNight`), or alerts, which are then gathered into visits in memory
 * @throws USAGE, KAFKA_UNREACHABLE, KAFKA_REFUSED
 * @example
 * await publish(files.readVisits("data/20181129"), { topic: "ztf-stream", secondsPerVisit: 1 });
 */
export async function publish(source: Publishable, options: PublishOptions): Promise<PublishReport> {
  expectArgument("rows", source, "visits or alerts, as of files.readVisits() or simulateNight()");
  await checkPublish(options);
  const { maxPerVisit = Number.POSITIVE_INFINITY } = options;
  const signal = untilInterrupted(options.signal);
  const pacer = new Pacer(options);
  let sender: MessageSender | undefined;
  const report = emptyReport();
  const night = nameNight();
  let filled = 0;
  const started = performance.now();
  try {
    for await (const visit of asVisits(source)) {
      sender ??= await openTopic({ ...options, signal }); // an empty night leaves no topic behind
      const lateMs = await pacer.next(visit.mjdUtc, signal); // undefined: stopped
      if (lateMs === undefined) break;
      const chosen = visit.alerts.slice(0, maxPerVisit);
      const before = report.alerts;
      if (chosen.length > 0) filled++;
      const mark = markText({ visit: filled, of: visit.of, alerts: chosen.length, night });
      const headers = { ...options.headers, [VISIT_HEADER]: mark };
      await sendVisit(sender, chosen, { ...options, headers, signal }, report);
      note(report, visit, lateMs, options.onVisit, report.alerts - before, visit.alerts.length - chosen.length);
      if (signal?.aborted) break;
    }
  } catch (error) {
    // a source that stops on the same signal says so by an error: what was acknowledged is reported all the same
    if (!(signal?.aborted && isBootcampError(error, "ABORTED"))) {
      throw await kafkaError(error, options, { topic: options.topic, writes: true });
    }
  } finally {
    sender?.close(); // every batch was awaited: nothing is left to flush
  }
  report.interrupted = signal?.aborted === true;
  report.seconds = (performance.now() - started) / 1000;
  return report;
}

/**
 * Sees that {@link publish} can do what it is asked for. It does so itself; a program that empties the topic or announces
 * something first does better to know before.
 *
 * @param options.fresh the topic will be recreated, so that the partitions it has now do not matter
 * @throws USAGE, KAFKA_UNREACHABLE, KAFKA_REFUSED
 * @example
 * await checkPublish({ topic: "ztf-stream", secondsPerVisit: 1 });
 */
export async function checkPublish(options: PublishOptions & { fresh?: boolean | undefined }): Promise<void> {
  expectArgument("object", options, "options { topic }");
  const { topic, maxPerVisit, compression } = options;
  checkTopicName(topic);
  if (maxPerVisit !== undefined && !(maxPerVisit >= 1)) throw usageError("maxPerVisit of 1 or more", maxPerVisit);
  compressionNumber(compression);
  new Pacer(options);
  expectOwnBroker(options);
  await checkPartitions(topic, options);
}

async function openTopic(options: PublishOptions): Promise<MessageSender> {
  await createTopic(options.topic, options);
  const { topic, compression, signal, bootstrap, profile } = options;
  return MessageSender.open({ topic, compression, signal, bootstrap, profile, stamps: true });
}

function emptyReport(): PublishReport {
  return { visits: 0, alerts: 0, bytes: 0, capped: 0, overruns: 0, maxLateSeconds: 0, seconds: 0, interrupted: false };
}

/** Visits as they come; alerts are gathered into visits, in memory. */
export async function* asVisits(source: Publishable): AsyncGenerator<Visit<Alert>> {
  const loose: Alert[] = [];
  for await (const item of source) {
    expectArgument("object", item, "a visit or an alert");
    if ("alerts" in item) yield item;
    else loose.push(item);
  }
  yield* groupByVisit(loose);
}

async function sendVisit(
  sender: MessageSender,
  alerts: readonly Alert[],
  options: PublishOptions,
  report: PublishReport,
): Promise<void> {
  const messages = alerts.map((alert) => {
    const value = messageValue(alert, options);
    if (value.length > maxMessageBytes) {
      throw usageError(
        `alerts of at most ${maxMessageBytes / 1e6} MB`,
        value.length,
        "raise the limit of broker and topic",
      );
    }
    return { key: alert.objectId === null ? null : String(alert.objectId), value, headers: options.headers };
  });
  await sender.send(messages, (count, bytes) => {
    report.alerts += count;
    report.bytes += bytes;
  });
}

function note(
  report: PublishReport,
  visit: Visit<Alert>,
  lateMs: number,
  onVisit: PublishOptions["onVisit"],
  alerts: number,
  capped: number,
): void {
  report.visits++;
  report.capped += capped;
  if (lateMs > overrunMs) report.overruns++;
  const lateSeconds = lateMs / 1000;
  report.maxLateSeconds = Math.max(report.maxLateSeconds, lateSeconds);
  onVisit?.({ number: report.visits, id: visit.id, mjdUtc: visit.mjdUtc, alerts, capped, lateSeconds });
}
