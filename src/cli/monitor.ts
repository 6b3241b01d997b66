import type { Command } from "commander";
import { usageError } from "../errors";
import * as kafka from "../kafka";
import { monitorMetrics } from "../kafka/monitor/metrics";
import { Screen, say } from "../terminal";
import { json } from "./json";
import { type MetricsServer, serveMetrics } from "./monitor-server";
import { monitorLines, monitorTables } from "./monitor-view";
import { Output } from "./output";
import { action, interruptSignal, number, renamed } from "./run";
import { readSchemaFile, registryHelp, schemaHelp } from "./schema-file";

interface MonitorCommandOptions {
  group?: string[];
  interval: string;
  window: string;
  duration?: string;
  once?: boolean;
  offsetsOnly?: boolean;
  json?: boolean;
  metrics?: string;
  metricsHost: string;
  schema?: string;
  registry?: string;
}

/** `alerts monitor [TOPIC…]` */
export function register(program: Command): void {
  program
    .command("monitor [topics...]")
    .description("counts, rates, lag of groups, latency and what cannot be read, until interrupted")
    .option("-g, --group <name>", "only this consumer group; may be repeated (default: all that read the topics)", more)
    .option("--interval <seconds>", "from one look to the next", "2")
    .addOption(renamed("--every <seconds>", "--interval", "seconds from visit to visit"))
    .option("--window <seconds>", "time that rates and latencies are taken over", "30")
    .option("--duration <seconds>", "end after so long")
    .option("--once", "print one snapshot, after one interval, and end; exit code 1 if something is not there")
    .option("--offsets-only", "ask for offsets alone: no bytes, no latency, and no alert is read")
    .option("--json", "one JSON object per snapshot and line")
    .option("--metrics <port>", "serve Prometheus metrics on this port; 0 for any free one")
    .option("--metrics-host <address>", "address to serve them on", "127.0.0.1")
    .option("--schema <file>", schemaHelp)
    .option("--registry <url>", registryHelp)
    .action(action(monitor));
}

const more = (name: string, names: string[] = []): string[] => [...names, name];

async function monitor(topics: string[], options: MonitorCommandOptions): Promise<number> {
  const windowSeconds = number("--window", options.window)!;
  const port = number("--metrics", options.metrics);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw usageError("a port between 0 and 65535 after --metrics", options.metrics);
  }
  const metrics = monitorMetrics();
  const server = port === undefined ? undefined : await serveMetrics(metrics, port, options.metricsHost);
  if (server) say(`metrics at ${server.url}`);
  const output = new Output();
  const show = printer(options, windowSeconds, server, output);
  let shown: kafka.MonitorSnapshot | undefined;
  let count = 0;
  try {
    for await (const snapshot of kafka.monitor({
      topics,
      groups: options.group,
      everySeconds: number("--interval", options.interval),
      windowSeconds,
      read: options.offsetsOnly !== true,
      schema: readSchemaFile(options.schema),
      registry: options.registry,
      onLatency: metrics.latency,
      signal: signalFor(number("--duration", options.duration)),
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
function printer(
  options: MonitorCommandOptions,
  windowSeconds: number,
  server: MetricsServer | undefined,
  output: Output,
) {
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
