import { untilInterrupted } from "../../cell";
import { usageError } from "../../errors";
import { expectArgument } from "../../expect";
import { pause } from "../../pause";
import { checkTopicName } from "../admin/topics";
import { type ConnectionOptions, connectionOf } from "../client/connection-settings";
import { type MessageDecoding, registryOf } from "../read/decode-message";
import { OffsetMonitor } from "./offsets";
import { MonitorReader } from "./reader";
import type { MonitorSnapshot } from "./types";
import { TopicWatch } from "./watch";

/** Options of {@link monitorTopics}. */
export interface MonitorOptions extends ConnectionOptions, MessageDecoding {
  /** Topics by name. Default: all but Kafka's own and those of dead letters, also those that appear later. */
  topics?: readonly string[] | undefined;
  /** Consumer groups by name. Default: all that have committed to one of the topics. */
  groups?: readonly string[] | undefined;
  /** Time from one snapshot to the next, seconds, on whole multiples of it since 1970 UTC. Default 2. */
  everySeconds?: number | undefined;
  /** Rates and latencies are over the last so many seconds. Default 30. */
  windowSeconds?: number | undefined;
  /**
   * Read every new alert once, for bytes, latency and what is no alert; one more subscriber for the broker. False asks
   * for offsets alone. Default true.
   */
  read?: boolean | undefined;
  /** At most so many that were not named; the rest is counted in `leftOut`. Default 50 topics, 50 groups. */
  maxTopics?: number | undefined;
  maxGroups?: number | undefined;
  /** Called for every alert whose latency was measured, e.g. for a histogram. */
  onLatency?: ((topic: string, seconds: number) => void) | undefined;
  /** Ends the iteration. */
  signal?: AbortSignal | undefined;
}

/** More intervals than these in a window only cost memory. */
const maxSlots = 1000;

/**
 * Watches topics and consumer groups: how much is there and comes, how far behind each group is, how long an alert takes
 * from its producer to a reader, and what could not be read. A snapshot at once, then one every `everySeconds`; an
 * interval that was overrun is left out and counted.
 *
 * Counts and lags are differences of offsets, as the broker gives them; see {@link MonitoredTopic} for what that means
 * with transactions. Bytes, latencies and unreadable messages come from reading each new alert once, as a subscriber
 * without a committed offset; latencies are those of alerts sent while it was waiting, so they hold for a reader that
 * keeps up. While no broker answers the snapshots say so, and measuring goes on when it is back.
 *
 * @throws USAGE for settings that make no sense. What the broker refuses is in `problems`, not thrown.
 * @example
 * for await (const { topics } of kafka.monitor({ topics: ["ztf-stream"] })) console.log(topics[0]?.alertsPerSecond);
 */
export async function* monitorTopics(options: MonitorOptions = {}): AsyncGenerator<MonitorSnapshot, void, undefined> {
  expectArgument("object", options, "options { topics … }");
  const { everySeconds = 2, windowSeconds = 30 } = options;
  const signal = untilInterrupted(options.signal);
  check(options, everySeconds, windowSeconds);
  const everyMs = everySeconds * 1000;
  const monitor = new Monitor({ ...options, signal }, windowSeconds, Math.ceil(windowSeconds / everySeconds));
  let due: number | undefined;
  let missed = 0;
  try {
    while (!signal?.aborted) {
      const snapshot = await monitor.take(missed);
      if (snapshot === undefined) return; // aborted
      yield snapshot;
      const next = nextDue(due ?? Math.floor(Date.now() / everyMs) * everyMs, Date.now(), everyMs);
      due = next.due;
      missed += next.missed;
      if (!(await pause(due - Date.now(), signal))) return;
    }
  } finally {
    await monitor.close();
  }
}

/**
 * When the next snapshot is due: on a whole multiple of the interval since 1970 UTC, after the last one. Sleeps are not
 * added up, so nothing drifts; multiples that went by meanwhile are left out and counted.
 *
 * @param lastDue when the last one was due, ms
 */
export function nextDue(lastDue: number, nowMs: number, everyMs: number): { due: number; missed: number } {
  const coming = Math.ceil(nowMs / everyMs) * everyMs;
  const planned = lastDue + everyMs;
  // the clock was set back: begin anew instead of waiting until it is where it was
  if (planned - nowMs > 1.5 * everyMs) return { due: coming, missed: 0 };
  // a timer may end a little early; the same multiple does not come twice
  if (coming <= planned) return { due: planned, missed: 0 };
  return { due: coming, missed: Math.round((coming - planned) / everyMs) };
}

function check(options: MonitorOptions, everySeconds: number, windowSeconds: number): void {
  for (const topic of options.topics ?? []) checkTopicName(topic);
  if (!(everySeconds >= 0.1 && everySeconds <= 86_400)) throw usageError("everySeconds of 0.1 to 86400", everySeconds);
  if (!(windowSeconds >= everySeconds && windowSeconds <= everySeconds * maxSlots)) {
    throw usageError(`windowSeconds of 1 to ${maxSlots} intervals of ${everySeconds} s`, windowSeconds);
  }
  for (const [name, most] of Object.entries({ maxTopics: options.maxTopics, maxGroups: options.maxGroups })) {
    if (most !== undefined && !(Number.isInteger(most) && most >= 1)) throw usageError(`${name} of 1 or more`, most);
  }
}

class Monitor {
  readonly #offsets: OffsetMonitor;
  readonly #reader: MonitorReader | undefined;
  readonly #watches = new Map<string, TopicWatch>();

  constructor(
    private readonly options: MonitorOptions,
    private readonly windowSeconds: number,
    private readonly slots: number,
  ) {
    const { topics = [], groups = [], maxTopics = 50, maxGroups = 50 } = options;
    this.#offsets = new OffsetMonitor(options, { topics, groups, maxTopics, maxGroups }, options.signal);
    const decoding = { ...options, registry: registryOf(options) };
    if (options.read === false) return;
    this.#reader = new MonitorReader(options, async (topic, message, sinceMs) => {
      const seconds = await this.#watches.get(topic)?.add(message, sinceMs, decoding);
      if (seconds !== undefined) options.onLatency?.(topic, seconds);
    });
  }

  async take(missed: number): Promise<MonitorSnapshot | undefined> {
    const answer = await this.#offsets.ask();
    if (this.options.signal?.aborted) return undefined;
    const common = { timeMs: Date.now(), bootstrap: connectionOf(this.options).address, missed };
    if ("problem" in answer) {
      const nothing = { topics: [], groups: [], leftOut: { topics: 0, groups: 0 } };
      return { ...common, ...nothing, reachable: false, problems: [answer.problem] };
    }
    const { extents, dead, absent, groups, leftOut } = answer;
    this.#keepOnly(extents);
    const problems = absent.map((topic) => `topic "${topic}" is not there`);
    const notRead = this.#reader?.problem;
    if (notRead) problems.push(`alerts are not read: ${notRead}`);
    const isRead = this.#reader !== undefined && !notRead;
    const topics = [...extents].map(([topic, extent]) =>
      this.#watches.get(topic)!.take(extent, dead.get(topic), isRead),
    );
    this.#reader?.follow(extents);
    return { ...common, reachable: true, problems, topics, groups, leftOut };
  }

  async close(): Promise<void> {
    this.#offsets.close();
    await this.#reader?.close();
  }

  #keepOnly(extents: ReadonlyMap<string, unknown>): void {
    for (const topic of this.#watches.keys()) if (!extents.has(topic)) this.#watches.delete(topic);
    for (const topic of extents.keys()) {
      if (!this.#watches.has(topic)) {
        this.#watches.set(topic, new TopicWatch(topic, this.windowSeconds, this.slots));
      }
    }
  }
}
