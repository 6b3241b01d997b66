import { compareTimes } from "../../alert/visits";
import { untilInterrupted } from "../../cell";
import { refuse } from "../../errors";
import { expectArgument } from "../../expect";
import { progressLine } from "../../stream/progress";
import { checkTopicName, resetTopic } from "../admin/topics";
import { type ConnectionOptions, expectOwnBroker } from "../client/connection";
import { BufferedSender } from "../publish/buffered-sender";
import { asVisits, type Publishable } from "../publish/publish";
import { messagesIn, occupiedError, timeOffsetHeader } from "./reservoir";

/** Options of {@link loadReservoir}. */
export interface LoadOptions extends ConnectionOptions {
  topic: string;
  /** Empty the topic first if it holds anything. Default false: that is an error. */
  force?: boolean | undefined;
  /** `container` (default) or `bare`, as for publish. */
  form?: "container" | "bare" | undefined;
  /** Further headers of every message. */
  headers?: Record<string, string> | undefined;
  /** Called once nothing stands in the way, before the first alert. */
  onStart?: (() => void) | undefined;
  /** A line with the alerts so far, on a terminal or in a cell. Default true. */
  progress?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

/** Counts are of acknowledged deliveries. */
export interface LoadReport {
  readonly alerts: number;
  readonly bytes: number;
  readonly visits: number;
  /** From the first alert to the last, by the survey's own clock. */
  readonly spanSeconds: number;
  /** Alerts that give no time: they got the offset of the alert before. */
  readonly withoutTime: number;
  readonly seconds: number;
  readonly interrupted: boolean;
}

const secondsPerDay = 86_400;

/**
 * Fills a reservoir: a topic from which a night can be played back as often as wanted (`kafka.playReservoir`).
 *
 * One partition, so that the alerts stay in the order of time; nothing in it expires. Every message has the objectId as
 * key and in the header `alertsim-time-offset` the seconds since the first alert (6 decimals).
 *
 * @param source visits in the order of time (`files.readVisits`, `simulateNight`), or alerts, which are gathered in memory
 * @throws USAGE for an empty night, visits out of order, or a topic that holds something and no `force` – before anything
 *   is overwritten; KAFKA_UNREACHABLE, KAFKA_REFUSED
 * @example
 * await kafka.loadReservoir(files.readVisits("data/20181129"), { topic: "reservoir" });
 */
export async function loadReservoir(source: Publishable, options: LoadOptions): Promise<LoadReport> {
  expectArgument("rows", source, "visits or alerts, as of files.readVisits() or simulateNight()");
  expectArgument("object", options, "options { topic }");
  const { topic } = options;
  const signal = untilInterrupted(options.signal);
  checkTopicName(topic);
  expectOwnBroker(options);
  const held = (await messagesIn(topic, options)) ?? 0n;
  if (held > 0n && !options.force) throw occupiedError(topic, held, "--force (force: true) empties it first");
  const started = performance.now();
  const clock = new NightClock();
  const progress = options.progress === false ? undefined : progressLine(`loading ${topic}`);
  let sender: BufferedSender | undefined;
  let visits = 0;
  try {
    for await (const visit of asVisits(source)) {
      if (signal?.aborted) break;
      if (!sender) {
        await resetTopic(topic, {
          bootstrap: options.bootstrap,
          profile: options.profile,
          partitions: 1,
          retentionHours: -1,
        });
        sender = new BufferedSender(topic, options);
        await sender.connect();
        options.onStart?.();
      }
      for (const alert of [...visit.alerts].sort((a, b) => compareTimes(a.mjdUtc, b.mjdUtc))) {
        const headers = { ...options.headers, [timeOffsetHeader]: clock.next(alert.mjdUtc).toFixed(6) };
        const value = options.form === "bare" ? alert.record : alert.bytes;
        await sender.add({ key: String(alert.objectId ?? ""), value, headers });
      }
      await sender.flush();
      visits++;
      progress?.update(sender.messages);
    }
  } finally {
    sender?.close();
    progress?.done(sender?.messages ?? 0);
  }
  const interrupted = signal?.aborted === true;
  if (!sender && !interrupted) throw refuse("a night with alerts", "none", "name files or folders with alerts");
  return {
    alerts: sender?.messages ?? 0,
    bytes: sender?.bytes ?? 0,
    visits,
    spanSeconds: clock.span,
    withoutTime: clock.withoutTime,
    seconds: (performance.now() - started) / 1000,
    interrupted,
  };
}

/** Seconds since the first alert, never going back. */
class NightClock {
  span = 0;
  withoutTime = 0;
  private first: number | undefined;

  next(mjdUtc: number): number {
    if (Number.isNaN(mjdUtc)) {
      this.withoutTime++;
      return this.span;
    }
    this.first ??= mjdUtc;
    const seconds = (mjdUtc - this.first) * secondsPerDay;
    // visits may overlap by an exposure; more than that is a mistake in the order
    if (seconds < this.span - 60) {
      throw refuse("visits in the order of time", `one ${(this.span - seconds).toFixed(0)} s before another`);
    }
    return (this.span = Math.max(this.span, seconds));
  }
}
