import type { GroupInfo } from "../admin/groups";

/** Times from producer to here, seconds, over the window. NaN when nothing was measured in it. */
export interface LatencySummary {
  /** Alerts measured in the window. */
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
  /**
   * What it is counted from: the header `producer_timestamp` that {@link publish} sets, or Kafka's own time stamp of
   * messages without it; "mixed" when the window has both, "none" when it is empty.
   */
  readonly from: "producer_timestamp" | "kafka timestamp" | "mixed" | "none";
}

/** One topic at one moment. */
export interface MonitoredTopic {
  readonly topic: string;
  readonly partitions: number;
  /**
   * Offsets taken now: last offset + 1, minus first, summed over the partitions. Equals the number of alerts, except in
   * a topic written by transactions, where the end of each takes one more offset in each partition it wrote to and what
   * was aborted counts too, and in a compacted one, where what was removed still counts.
   */
  readonly held: bigint;
  /** Offsets taken since the topic was made, also of what has expired since; counted as `held` is. */
  readonly produced: bigint;
  /** Growth of `produced` over the window; NaN in the first snapshot of a topic. */
  readonly alertsPerSecond: number;
  /** Bytes of keys and values as the monitor read them (unpacked), over the window. NaN when the topic is not read. */
  readonly bytesPerSecond: number;
  /** Alerts and bytes read since the monitor knows the topic. */
  readonly readAlerts: number;
  readonly readBytes: number;
  /** Of those, the messages that are no alert, by error code: what {@link subscribe} would enter as failed. */
  readonly unreadable: Readonly<Record<string, number>>;
  readonly latency: LatencySummary;
  /**
   * Offsets taken in `<topic>.dead`, counted as `held` is: not less than the dead letters, and more where transactions wrote
   * them, as filter jobs do. Null when there is no such topic.
   */
  readonly dead: bigint | null;
  /** The same, also of what has expired since. */
  readonly deadProduced: bigint | null;
}

/** One consumer group at one moment, over the monitored topics. */
export interface MonitoredGroup extends Omit<GroupInfo, "type"> {
  /**
   * Sum of the lags. A partition that the group has never committed to, of a topic where it has committed to others,
   * counts from its first message; its `committed` is null.
   */
  readonly lag: bigint;
}

/** What {@link monitorTopics} gives every `everySeconds`. */
export interface MonitorSnapshot {
  /** When it was taken, ms since 1970 UTC. */
  readonly timeMs: number;
  readonly bootstrap: string;
  /** False while no broker answers, or it refuses; `topics` and `groups` are empty then. */
  readonly reachable: boolean;
  /** What could not be measured, and why, one sentence each. */
  readonly problems: readonly string[];
  /** By name. */
  readonly topics: readonly MonitoredTopic[];
  readonly groups: readonly MonitoredGroup[];
  /** Topics and groups beyond `maxTopics` and `maxGroups`, which are not looked at. */
  readonly leftOut: { readonly topics: number; readonly groups: number };
  /** Snapshots left out so far because the broker took longer than the interval. */
  readonly missed: number;
}
