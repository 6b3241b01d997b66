import { expectArgument } from "../expect";
import { groupColors } from "./bands";
import { axis, type Figure, GREY, type LayoutOptions, makeFigure, note, plain, type Trace } from "./figure";

/** What is drawn of one moment; the snapshots of `kafka.monitor` have it. */
export interface MonitorPoint {
  /** ms since 1970 UTC. */
  readonly timeMs: number;
  readonly topics: readonly {
    readonly topic: string;
    readonly alertsPerSecond: number;
    /** Seconds. */
    readonly latency: { readonly p50: number; readonly p99: number };
  }[];
  readonly groups: readonly { readonly group: string; readonly lag: bigint }[];
}

/** Options of {@link plotMonitor}. */
export interface PlotMonitorOptions {
  title?: string;
}

/** From the top; the last one only when there is a group. */
const titles = ["alerts per second", "latency (s)", "lag (alerts)"] as const;
/** Empty space between two panels, as a part of the whole height. */
const gap = 0.05;
/** Beyond these, points of a long watch are left out one by one between others: a screen has no more pixels. */
const maxPoints = 500;

/**
 * Rates and latencies of topics and lags of groups against time. The latency is the median, and dotted the value that 99 %
 * stay below. A moment at which no broker answered is a gap.
 *
 * @param snapshots in order of time
 * @example
 * for await (const now of watch(kafka.monitor(), plot.monitor)) if (!now.reachable) console.log(now.problems);
 */
export function plotMonitor(snapshots: readonly MonitorPoint[], options: PlotMonitorOptions = {}): Figure {
  expectArgument("moments", snapshots, "a list of snapshots");
  const step = Math.ceil(snapshots.length / maxPoints);
  const points = snapshots.filter((_, i) => (snapshots.length - 1 - i) % step === 0);
  const x = points.map(({ timeMs }) => new Date(timeMs).toISOString().slice(0, -1));
  const topics = namesIn(points.flatMap((point) => point.topics.map(({ topic }) => topic)));
  const groups = namesIn(points.flatMap((point) => point.groups.map(({ group }) => group)));
  const data: Trace[] = [];
  const line = (panel: number, name: string, color: string, y: (number | null)[], more: object = {}) =>
    data.push({
      type: "scatter",
      mode: "lines",
      name: plain(name),
      x,
      y,
      xaxis: `x${suffix(panel)}`,
      yaxis: `y${suffix(panel)}`,
      line: { color, width: 2 },
      connectgaps: false,
      hovertemplate: `%{x}<br>${plain(name)}: %{y:.3~s}<extra></extra>`,
      ...more,
    });
  topics.forEach((name, i) => {
    const color = colorOf(i);
    const of = (value: (topic: MonitorPoint["topics"][number]) => number) =>
      points.map((point) => {
        const found = point.topics.find(({ topic }) => topic === name);
        return found ? numberOrGap(value(found)) : null;
      });
    line(
      0,
      name,
      color,
      of((topic) => topic.alertsPerSecond),
      { legendgroup: plain(name) },
    );
    const tied = { legendgroup: plain(name), showlegend: false };
    line(
      1,
      `${name}, median`,
      color,
      of((topic) => topic.latency.p50),
      tied,
    );
    const dotted = { line: { color, width: 1.5, dash: "dot" } };
    line(
      1,
      `${name}, 99 %`,
      color,
      of((topic) => topic.latency.p99),
      { ...tied, ...dotted },
    );
  });
  groups.forEach((name, i) => {
    const lags = points.map((point) => {
      const found = point.groups.find(({ group }) => group === name);
      return found ? Number(found.lag) : null;
    });
    line(2, `lag of ${name}`, colorOf(topics.length + i), lags);
  });
  const count = groups.length > 0 ? 3 : 2;
  return makeFigure(data, {
    title: plain(options.title ?? "Streams and their readers"),
    subtitle: subtitleOf(snapshots, topics),
    height: 120 + 150 * count,
    ...axes(count, points.length > 0),
  });
}

const namesIn = (names: readonly string[]): string[] => [...new Set(names)].sort();
const colorOf = (index: number): string => groupColors[index % groupColors.length] ?? GREY;
const numberOrGap = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** What follows "x" or "y" in the name of a panel's axis. */
const suffix = (panel: number): string => (panel === 0 ? "" : String(panel + 1));

function subtitleOf(snapshots: readonly MonitorPoint[], topics: readonly string[]): string {
  const [first, last] = [snapshots[0], snapshots.at(-1)];
  if (!first || !last) return "";
  const seconds = Math.round((last.timeMs - first.timeMs) / 1000);
  // a single line has no legend
  const name = topics.length === 1 ? `${plain(topics[0])} · ` : "";
  return `${name}${snapshots.length} looks in ${seconds} s · latency: median, dotted 99 %`;
}

/** Panels over one another with the same times; only the lowest has them written under it. */
function axes(count: number, hasPoints: boolean): Omit<LayoutOptions, "title"> {
  const height = (1 - gap * (count - 1)) / count;
  const more: Record<string, unknown> = hasPoints ? {} : { annotations: [note("not measured yet")] };
  const options = Array.from({ length: count }, (_, i) => {
    const isLowest = i === count - 1;
    const top = 1 - i * (height + gap);
    const x = { type: "date", showgrid: false, showticklabels: hasPoints && isLowest, anchor: `y${suffix(i)}` };
    const y = { domain: [Math.max(0, top - height), top], anchor: `x${suffix(i)}`, rangemode: "tozero" };
    if (i > 0) {
      more[`xaxis${suffix(i)}`] = axis(isLowest ? "time (UTC)" : "", { ...x, matches: "x" });
      more[`yaxis${suffix(i)}`] = axis(titles[i]!, y);
    }
    return { x, y };
  });
  return { xTitle: "", yTitle: titles[0], xaxis: options[0]!.x, yaxis: options[0]!.y, more };
}
