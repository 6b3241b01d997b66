import type * as kafka from "../kafka";
import { printable } from "../terminal";
import { table } from "./run";

/** Everything of a snapshot as tables, for a terminal. */
export function monitorTables(now: kafka.MonitorSnapshot, windowSeconds: number): string {
  const lines = [`${now.bootstrap}  ${utc(now.timeMs)}  rates, latencies: last ${windowSeconds} s`];
  lines.push(...now.problems.map((problem) => `! ${printable(problem)}`));
  if (now.topics.length > 0) lines.push("", table(now.topics.map(topicRow)));
  else if (now.reachable) lines.push("", "no topics yet");
  if (now.groups.length > 0) lines.push("", table(now.groups.map(groupRow)));
  const { topics, groups } = now.leftOut;
  if (topics + groups > 0) lines.push("", `not shown: ${topics} topics, ${groups} groups; name those to watch`);
  const byKafka = now.topics.filter(({ latency }) => /kafka|mixed/.test(latency.from)).map(({ topic }) => topic);
  if (byKafka.length > 0) lines.push("", `latency from Kafka's own time stamp: ${byKafka.join(", ")}`);
  return lines.join("\n");
}

/** One line per topic and group, for a file or a pipe. */
export function monitorLines(now: kafka.MonitorSnapshot): string[] {
  const time = utc(now.timeMs);
  const line = (kind: string, row: Record<string, unknown>) =>
    printable(
      `${time} ${kind} ${Object.entries(row)
        .filter(([name]) => name !== kind)
        .reduce((text, [name, value]) => `${text}  ${name} ${value}`, String(row[kind]))}`,
    );
  return [
    ...now.topics.map((topic) => line("topic", topicRow(topic))),
    ...now.groups.map((group) => line("group", groupRow(group))),
  ];
}

function topicRow(t: kafka.MonitoredTopic): Record<string, unknown> {
  const failed = Object.entries(t.unreadable).map(([code, count]) => `${count} ${code}`);
  return {
    topic: t.topic,
    "held offsets": t.held,
    "alerts/s": fixed(t.alertsPerSecond, 1),
    "MB/s": fixed(t.bytesPerSecond / 1e6, 2),
    ...latencies(t.latency),
    "dead offsets": t.dead ?? "-",
    unreadable: failed.join(", ") || "0",
  };
}

const latencies = ({ p50, p90, p99, max }: kafka.LatencySummary) => ({
  p50: duration(p50),
  p90: duration(p90),
  p99: duration(p99),
  max: duration(max),
});

function groupRow(g: kafka.MonitoredGroup): Record<string, unknown> {
  const topics = new Map<string, bigint[]>();
  for (const { topic, lag } of g.partitions) topics.set(topic, [...(topics.get(topic) ?? []), lag]);
  const parts = [...topics].map(([topic, lags]) => `${topic} ${shorten(lags)}`);
  return { group: g.group, state: g.state, members: g.members, lag: g.lag, "by partition": parts.join("; ") };
}

const shorten = (lags: bigint[]): string => (lags.length > 12 ? `${lags.slice(0, 12).join(" ")} …` : lags.join(" "));

/** Seconds in the unit that reads best; "-" when nothing was measured. */
function duration(seconds: number): string {
  if (Number.isNaN(seconds)) return "-";
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  return seconds < 120 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} min`;
}

const fixed = (value: number, digits: number): string => (Number.isNaN(value) ? "-" : value.toFixed(digits));
const utc = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
