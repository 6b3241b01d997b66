import { usageError } from "../../errors";
import * as kafka from "../../kafka";
import { monitorMetrics } from "../../kafka/monitor/metrics";
import { Screen, say } from "../../terminal";
import { command } from "../command";
import { json } from "../json";
import { type MetricsServer, serveMetrics } from "../monitor-server";
import { monitorLines, monitorTables } from "../monitor-view";
import { flag, number, port, renamed, repeated, text, type Values } from "../option";
import { Output } from "../output";
import { interruptSignal } from "../run";
import { broker, schemas } from "../shared-options";

const options = {
  group: repeated("-g, --group <name>", "only this consumer group; repeatable (default: all that read the topics)"),
  interval: number("--interval <seconds>", "time between two snapshots", 2),
  every: renamed("--every <seconds>", "--interval", "seconds from visit to visit"),
  window: number("--window <seconds>", "time window for rates and latencies", 30),
  duration: number("--duration <seconds>", "end after this time"),
  once: flag("--once", "print one snapshot, after one interval, and end; exit code 1 if something is missing"),
  offsetsOnly: flag("--offsets-only", "ask for offsets alone: no bytes, no latency, and no alert is read"),
  json: flag("--json", "print JSON: one object per snapshot"),
  metrics: port("--metrics <port>", "serve Prometheus metrics on this port; 0 for any free one"),
  metricsHost: text("--metrics-host <address>", "address to serve them on", "127.0.0.1"),
  ...schemas,
  ...broker,
};
type Given = Values<typeof options>;

export default command("monitor [topics...]", {
  summary: "watch counts, rates, lag of groups, latency and what cannot be read, until interrupted",
  section: "Alerts in Kafka",
  arguments: { topics: "default: all of them" },
  options,
  examples: ["alerts monitor", "alerts monitor ztf-stream --once --json"],
  run: monitor,
});

async function monitor(topics: string[], options: Given): Promise<number> {
  const { window: windowSeconds, metrics: metricsPort } = options;
  const metrics = monitorMetrics();
  const server = metricsPort === undefined ? undefined : await serveMetrics(metrics, metricsPort, options.metricsHost);
  if (server) say(`metrics at ${server.url}`);
  const output = new Output();
  const show = printer(options, windowSeconds, server, output);
  let shown: kafka.MonitorSnapshot | undefined;
  let count = 0;
  try {
    for await (const snapshot of kafka.monitor({
      topics,
      groups: options.group,
      everySeconds: options.interval,
      windowSeconds,
      read: options.offsetsOnly !== true,
      schema: options.schema,
      registry: options.registry,
      onLatency: metrics.latency,
      signal: signalFor(options.duration),
    })) {
      metrics.update(snapshot);
      // the first one has no interval behind it: no rate and no latency yet
      if (options.once && count++ === 0) continue;
      shown = snapshot;
      await show(snapshot);
      if (options.once || output.isClosed) break;
    }
  } finally {
    await server?.close();
  }
  return options.once && (!shown?.reachable || shown.problems.length > 0) ? 1 : 0;
}

function signalFor(durationSeconds: number | undefined): AbortSignal {
  const interrupt = interruptSignal();
  if (durationSeconds === undefined) return interrupt;
  if (!(durationSeconds > 0)) throw usageError("a --duration above 0", durationSeconds);
  // not AbortSignal.any() of a timeout: Node 20 lets such a signal be collected before it fires
  const controller = new AbortController();
  interrupt.addEventListener("abort", () => controller.abort(), { once: true });
  setTimeout(() => controller.abort(), durationSeconds * 1000).unref();
  return controller.signal;
}

/** Shows a snapshot as asked for: JSON, in place on a terminal, or lines; problems go to stderr when they change. */
function printer(options: Given, windowSeconds: number, server: MetricsServer | undefined, output: Output) {
  const screen = !options.json && process.stdout.isTTY ? new Screen(process.stdout) : undefined;
  let last = "";
  return async (now: kafka.MonitorSnapshot): Promise<void> => {
    if (screen) {
      screen.show(monitorTables(now, windowSeconds));
      return;
    }
    const problems = now.problems.join("\n");
    if (problems !== last) say(problems === "" ? "alerts: all is there" : `alerts: ${problems}`);
    last = problems;
    if (options.json) await output.line(json(now));
    else if (options.once) await output.line(monitorTables(now, windowSeconds));
    // who asks for metrics looks at those; lines besides would only fill a log
    else if (!server) for (const line of monitorLines(now)) await output.line(line);
  };
}
