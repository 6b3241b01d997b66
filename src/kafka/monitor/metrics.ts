import type { Counter, Gauge } from "prom-client";
import type { MonitorSnapshot } from "./types";

/** What {@link monitorTopics} measures, for Prometheus. */
export interface MonitorMetrics {
  /** Puts a snapshot in the place of the last one. */
  update(snapshot: MonitorSnapshot): void;
  /** Enters one alert into the histogram: what `onLatency` of {@link monitorTopics} is given. */
  latency(topic: string, seconds: number): void;
  /** All metrics in Prometheus's text format. */
  text(): Promise<string>;
  /** MIME type of that text. */
  readonly contentType: string;
}

/** Series of `alerts_group_lag` by partition; beyond, the partitions of each group and topic are summed into one. */
const maxLagSeries = 2000;
/** From a local broker's milliseconds to the minute in which Rubin is to send an alert, and beyond. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/**
 * Metrics in a registry of their own, so that nothing of the program around appears among them. Labels are names of
 * topics, groups and error codes, whose number the monitor bounds.
 *
 * @example
 * const metrics = monitorMetrics();
 * for await (const snapshot of kafka.monitor({ onLatency: metrics.latency })) metrics.update(snapshot);
 */
export function monitorMetrics(): MonitorMetrics {
  const prometheus = require("prom-client") as typeof import("prom-client");
  const registry = new prometheus.Registry();
  const registers = [registry];
  const gauge = (name: string, help: string, ...labelNames: string[]) =>
    new prometheus.Gauge({ name, help, labelNames, registers });
  const counter = (name: string, help: string, ...labelNames: string[]) =>
    new prometheus.Counter({ name, help, labelNames, registers });

  const up = gauge("alerts_broker_up", "1 while a broker answers, else 0.");
  const seen = gauge("alerts_monitor_last_answer_timestamp_seconds", "When a broker answered last, Unix time.");
  const missed = counter("alerts_monitor_missed_snapshots_total", "Snapshots left out because the broker was slow.");
  const produced = counter(
    "alerts_topic_messages_total",
    "Offsets used in the topic since it was made; the ends of transactions count too.",
    "topic",
  );
  const held = gauge("alerts_topic_retained_messages", "Offsets the topic holds now.", "topic");
  const bytes = counter("alerts_topic_read_bytes_total", "Bytes of keys and values that the monitor read.", "topic");
  const read = counter("alerts_topic_read_messages_total", "Messages that the monitor read.", "topic");
  const unreadable = counter(
    "alerts_topic_unreadable_messages_total",
    "Messages read that are no alert, by error code.",
    "topic",
    "code",
  );
  const dead = counter(
    "alerts_topic_dead_letters_total",
    "Offsets used in the topic's dead letters; the ends of transactions count too, so it is no less than the letters.",
    "topic",
  );
  const lag = gauge(
    "alerts_group_lag",
    "Offsets a consumer group is behind the end; the ends of transactions count too.",
    "topic",
    "group",
    "partition",
  );
  const members = gauge("alerts_group_members", "Members of a consumer group.", "group");
  const histogram = new prometheus.Histogram({
    name: "alerts_latency_seconds",
    help: "Time from the producer of an alert to a reader that waits for it.",
    labelNames: ["topic"],
    buckets,
    registers,
  });
  const timed = new Set<string>();

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    latency(topic, seconds) {
      timed.add(topic);
      histogram.observe({ topic }, seconds);
    },
    update(snapshot) {
      up.set(snapshot.reachable ? 1 : 0);
      replace(missed, [[{}, snapshot.missed]]);
      // a broker that is away says nothing about its topics: their series end, and go on when it is back
      const { topics, groups } = snapshot;
      if (snapshot.reachable) {
        seen.set(snapshot.timeMs / 1000);
        for (const topic of timed) {
          if (topics.some((known) => known.topic === topic)) continue;
          histogram.remove({ topic });
          timed.delete(topic);
        }
      }
      replace(
        produced,
        topics.map((t) => [{ topic: t.topic }, Number(t.produced)]),
      );
      replace(
        held,
        topics.map((t) => [{ topic: t.topic }, Number(t.held)]),
      );
      replace(
        bytes,
        topics.map((t) => [{ topic: t.topic }, t.readBytes]),
      );
      replace(
        read,
        topics.map((t) => [{ topic: t.topic }, t.readAlerts]),
      );
      replace(
        dead,
        topics.flatMap((t) => (t.deadProduced === null ? [] : [[{ topic: t.topic }, Number(t.deadProduced)]])),
      );
      replace(
        unreadable,
        topics.flatMap((t) =>
          Object.entries(t.unreadable).map(([code, count]): Sample => [{ topic: t.topic, code }, count]),
        ),
      );
      replace(lag, lagsOf(snapshot));
      replace(
        members,
        groups.map((g) => [{ group: g.group }, g.members]),
      );
    },
  };
}

type Sample = [labels: Record<string, string>, value: number];

/** The totals are the broker's, not counted here: each round sets them anew, and series that ended are gone. */
function replace(metric: Counter | Gauge, samples: readonly Sample[]): void {
  metric.reset();
  for (const [labels, value] of samples) metric.inc(labels, value);
}

function lagsOf({ groups }: MonitorSnapshot): Sample[] {
  const series = groups.reduce((sum, { partitions }) => sum + partitions.length, 0);
  const lags = new Map<string, Sample>();
  for (const { group, partitions } of groups) {
    for (const { topic, partition, lag } of partitions) {
      const name = series > maxLagSeries ? "all" : String(partition);
      const key = JSON.stringify([group, topic, name]);
      const sum = (lags.get(key)?.[1] ?? 0) + Number(lag);
      lags.set(key, [{ topic, group, partition: name }, sum]);
    }
  }
  return [...lags.values()];
}
