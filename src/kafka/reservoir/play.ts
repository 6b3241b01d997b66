import { untilInterrupted } from "../../cell";
import { BootcampError, refuse, usageError } from "../../errors";
import { expectArgument } from "../../expect";
import { pause } from "../../pause";
import { placeText } from "../../stream/place";
import { checkTopicName } from "../admin/topics";
import { type ConnectionOptions, expectOwnBroker, withAdmin } from "../client/connection";
import { connectionOf } from "../client/connection-settings";
import { BufferedSender } from "../publish/buffered-sender";
import { checkInterval } from "../publish/pace";
import { consume, type Message } from "../read/consume";
import { type Extent, extentOf, heldIn } from "../read/positions";
import { prepareOutput } from "./output";
import { timeOffsetHeader, timeOffsetOf } from "./reservoir";

/** Options of {@link playReservoir}. */
export interface PlayOptions extends ConnectionOptions {
  /** The true gaps, so many times faster. Default 1: real time. */
  speed?: number | undefined;
  /** Instead: so many seconds from visit to visit. */
  everySeconds?: number | undefined;
  /** Instead: as fast as possible. */
  fast?: boolean | undefined;
  /** Begin again so many seconds after the last beginning, or when that pass is over, until stopped. */
  repeatSeconds?: number | undefined;
  /** With `repeatSeconds`: stop after so many passes. */
  passes?: number | undefined;
  /**
   * Empty the output first if it holds anything; `append` adds to it, if it keeps messages as old as the reservoir's.
   * Without either that is an error.
   */
  force?: boolean | undefined;
  append?: boolean | undefined;
  /** Partitions of an output that is made here. Default 4, or as many as one had that is there and empty. */
  partitions?: number | undefined;
  /** Called once nothing stands in the way, with the number of alerts in the reservoir. */
  onStart?: ((alerts: bigint) => void) | undefined;
  /** Called when a visit's alerts are acknowledged. */
  onVisit?: ((visit: PlayedVisit) => void) | undefined;
  /** Called when a pass is over. */
  onPass?: ((pass: PlayedPass) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** The alerts of one moment: those that have one offset in common. */
export interface PlayedVisit {
  /** 1, 2, … over all passes. */
  readonly number: number;
  /** Seconds since the first alert of the night. */
  readonly offsetSeconds: number;
  readonly alerts: number;
  /** How much later than planned it began, seconds. */
  readonly lateSeconds: number;
}

/** One pass through the reservoir. */
export interface PlayedPass {
  /** 1, 2, … */
  readonly number: number;
  readonly seconds: number;
  /** It took longer than `repeatSeconds`. */
  readonly isLate: boolean;
}

/** Counts are of acknowledged deliveries. */
export interface PlayReport {
  alerts: number;
  bytes: number;
  visits: number;
  passes: number;
  /** Visits that began more than 10 ms late, and by how much at most. */
  lateVisits: number;
  maxLateSeconds: number;
  /** Passes that took longer than `repeatSeconds`. */
  latePasses: number;
  seconds: number;
  interrupted: boolean;
}

const lateSeconds = 0.01;

/**
 * Plays a reservoir back into a topic: at the true gaps between the exposures, faster, at a fixed interval, or as fast as
 * possible. Key, headers and Kafka timestamp of every message are kept; only `producer_timestamp` is set anew, so that a
 * latency can be measured. An output made here keeps its messages for ever, since their timestamps may be old; one that
 * is there and empty is recreated for that.
 *
 * @param from the reservoir; one partition, every message with the header `alertsim-time-offset`
 * @throws USAGE for a pace that cannot be, a reservoir that is empty, has no offsets or several partitions, an output that
 *   is the reservoir, holds something, or would not keep what is added – before anything is sent; TOPIC_ABSENT, KAFKA_UNREACHABLE
 * @example
 * await kafka.playReservoir("reservoir", "ztf-stream", { speed: 10 });
 */
export async function playReservoir(from: string, to: string, asked: PlayOptions = {}): Promise<PlayReport> {
  checkTopicName(from);
  checkTopicName(to);
  expectArgument("object", asked, "options { speed, fast … }");
  const options = { ...asked, signal: untilInterrupted(asked.signal) };
  const dueOf = paceOf(options);
  expectOwnBroker(options);
  if (from === to) throw usageError("an output other than the reservoir", to);
  const { extent, firstMs } = await checkReservoir(from, options);
  await prepareOutput(to, firstMs, options);
  const { signal, repeatSeconds } = options;
  const passes = options.passes ?? (repeatSeconds === undefined ? 1 : Number.POSITIVE_INFINITY);
  const report: PlayReport = {
    alerts: 0,
    bytes: 0,
    visits: 0,
    passes: 0,
    lateVisits: 0,
    maxLateSeconds: 0,
    latePasses: 0,
    seconds: 0,
    interrupted: false,
  };
  const sender = new BufferedSender(to, options);
  const started = performance.now();
  try {
    await sender.connect();
    options.onStart?.(heldIn(extent));
    const begin = performance.now();
    let passBegin = begin;
    while (report.passes < passes && !signal?.aborted) {
      await playOnce(from, extent, passBegin, dueOf, sender, report, options);
      if (signal?.aborted) break;
      report.passes++;
      const seconds = (performance.now() - passBegin) / 1000;
      const isLate = repeatSeconds !== undefined && repeatSeconds > 0 && seconds > repeatSeconds; // 0: at once
      if (isLate) report.latePasses++;
      options.onPass?.({ number: report.passes, seconds, isLate });
      if (report.passes >= passes) break;
      const next = passBegin + (repeatSeconds ?? 0) * 1000;
      if (next > performance.now() && !(await pause(next - performance.now(), signal))) break;
      passBegin = Math.max(next, performance.now());
    }
  } finally {
    sender.close();
  }
  report.seconds = (performance.now() - started) / 1000;
  report.interrupted = signal?.aborted === true;
  return report;
}

async function playOnce(
  from: string,
  extent: Extent,
  begin: number,
  dueOf: (visit: number, offsetSeconds: number) => number,
  sender: BufferedSender,
  report: PlayReport,
  options: PlayOptions,
): Promise<void> {
  const { bootstrap, profile, signal } = options;
  let visit: { offset: number; late: number; before: number; number: number } | undefined;
  const finish = async () => {
    await sender.flush();
    if (!visit) return;
    report.visits++;
    report.alerts = sender.messages;
    report.bytes = sender.bytes;
    if (visit.late > lateSeconds) report.lateVisits++;
    report.maxLateSeconds = Math.max(report.maxLateSeconds, visit.late);
    const alerts = sender.messages - visit.before;
    options.onVisit?.({ number: report.visits, offsetSeconds: visit.offset, alerts, lateSeconds: visit.late });
  };
  for await (const read of consume(from, { bootstrap, profile, signal, starts: extent.first, ends: extent.next })) {
    const offset = offsetOrThrow(from, read);
    if (visit === undefined || offset !== visit.offset) {
      await finish();
      const number: number = visit === undefined ? 0 : visit.number + 1;
      visit = undefined;
      const due = begin + dueOf(number, offset) * 1000;
      if (due > performance.now() && !(await pause(due - performance.now(), signal))) return;
      const late = options.fast ? 0 : Math.max(0, (performance.now() - due) / 1000);
      visit = { offset, late, before: sender.messages, number };
    }
    const { key, value, headers, timestamp } = read.message;
    const now = { ...headers, producer_timestamp: String(Date.now()) };
    await sender.add({ key: key ?? null, value, headers: now, timestampMs: Number(timestamp) });
  }
  await finish();
}

/** When a visit is due, in seconds since the beginning of the pass. */
function paceOf(options: PlayOptions): (visit: number, offsetSeconds: number) => number {
  const { speed, everySeconds, fast, repeatSeconds, passes } = options;
  const given = [speed !== undefined, everySeconds !== undefined, fast === true].filter(Boolean).length;
  if (given > 1) throw refuse("one of speed, everySeconds and fast", `${given} of them`);
  if (speed !== undefined && !(speed > 0)) throw usageError("a speed above 0", speed);
  if (everySeconds !== undefined) checkInterval(everySeconds);
  if (repeatSeconds !== undefined && !(repeatSeconds >= 0))
    throw usageError("repeatSeconds of 0 or more", repeatSeconds);
  if (passes !== undefined && !(Number.isInteger(passes) && passes >= 1)) throw usageError("1 pass or more", passes);
  if (options.force && options.append) throw refuse("force or append", "both");
  if (fast) return () => 0;
  if (everySeconds !== undefined) return (visit) => visit * everySeconds;
  return (_, offset) => offset / (speed ?? 1);
}

/** What the reservoir holds, and the timestamp of its first message. */
async function checkReservoir(from: string, options: PlayOptions): Promise<{ extent: Extent; firstMs: number }> {
  const extent = await withAdmin(options, (admin) => extentOf(admin, from));
  const again = `load it: npx alerts load PATH… --topic ${from}`;
  if (!extent) {
    const message = `Expected a reservoir "${from}" at ${connectionOf(options).address}, there is no topic of that name`;
    throw new BootcampError("TOPIC_ABSENT", message, { remedy: again, where: from });
  }
  if (extent.next.size !== 1) {
    throw refuse("a reservoir of one partition, in the order of time", `"${from}" with ${extent.next.size}`, again);
  }
  if (heldIn(extent) === 0n) {
    throw refuse("a reservoir with alerts", `"${from}", which is empty`, again);
  }
  const { bootstrap, profile, signal } = options;
  for await (const first of consume(from, { bootstrap, profile, signal, starts: extent.first, ends: extent.next })) {
    offsetOrThrow(from, first);
    return { extent, firstMs: Number(first.message.timestamp) };
  }
  return { extent, firstMs: Date.now() }; // stopped, or nothing but what was never committed
}

function offsetOrThrow(topic: string, { partition, offset, message }: Message): number {
  const seconds = timeOffsetOf(message.headers);
  if (seconds !== undefined) return seconds;
  throw refuse(
    `a reservoir whose messages have the header ${timeOffsetHeader}`,
    `${placeText(topic, partition, offset)} without`,
    `load it: npx alerts load PATH… --topic ${topic} --force`,
  );
}
