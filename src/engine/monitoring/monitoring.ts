import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { EngineState } from "../../broker/engine-state";
import { BootcampError } from "../../errors";
import { privateFolder, writePrivate } from "../../private-files";
import { checkoutFile, engineHome } from "../paths";
import {
  type Background,
  isRunning,
  readBackground,
  readLog,
  startBackground,
  stopBackground,
} from "../process/background";
import { freePort, LOOPBACK, portIsFree } from "../process/ports";
import { lastLines, missingProgram, run } from "../process/programs";
import { untilReady } from "../process/until-ready";
import { prometheusConfig } from "./config";

/** What watches the engine, and where it is to be seen. */
export interface MonitoringStatus {
  /** Prometheus: graphs, queries, and the data source of a Grafana. */
  prometheus: string;
  /** What `alerts monitor` measures, in Prometheus's format. */
  metrics: string;
  /** Brokers' own measurements, in the same format; empty when they were started without. */
  brokers: string[];
}

interface Place {
  url: string;
  /** The Kafka it watches. */
  bootstrap?: string;
}

const MONITOR = "monitor";
const PROMETHEUS = "prometheus";
const PROMETHEUS_PORT = 9090;
const READY_SECONDS = 60;
/** Prometheus writes what it holds in memory to disk first. */
const STOP_SECONDS = 15;

const folder = () => join(engineHome(), "monitoring");
const configFile = () => join(folder(), "prometheus.yml");

/** @throws MISSING_PROGRAM, before anything is started */
export async function requirePrometheus(signal?: AbortSignal): Promise<void> {
  const answer = await run("prometheus", ["--version"], { timeoutSeconds: 15, signal });
  if (answer?.code !== 0) throw missingProgram("prometheus", "Monitoring needs Prometheus; found none that answers");
}

/**
 * Starts `alerts monitor` as a source of metrics, and Prometheus that collects them with those of the brokers, all on
 * 127.0.0.1 with their data in the engine's folder. What runs already is kept when it watches the same.
 * The caller holds the engine's lock.
 *
 * @throws ENGINE_FAILED when one of them ends while it starts, with what it said; ABORTED. Neither runs then.
 */
export async function startMonitoring(
  state: EngineState,
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<MonitoringStatus> {
  const before = await monitoringStatus(state);
  const isSame = readBackground<Place>(MONITOR)?.settings.bootstrap === state.bootstrap;
  if (before && isSame && readConfig() === prometheusConfig(before)) return before;
  await stopMonitoring();
  try {
    const metrics = await startMonitor(state, signal);
    const brokers = brokersOf(state);
    const port = (await portIsFree(PROMETHEUS_PORT)) ? PROMETHEUS_PORT : await freePort();
    const status = { prometheus: `http://${LOOPBACK}:${port}`, metrics, brokers };
    await startPrometheus(status, port, signal);
    if (brokers.length === 0) say(withoutAgent(state));
    return status;
  } catch (error) {
    await stopMonitoring();
    throw error;
  }
}

/** What watches the engine now; undefined unless both processes run. */
export async function monitoringStatus(state: EngineState | undefined): Promise<MonitoringStatus | undefined> {
  const found = [readBackground<Place>(MONITOR), readBackground<Place>(PROMETHEUS)];
  const [metrics, prometheus] = await Promise.all(
    found.map(async (process) => (process && (await isRunning(process)) ? process.settings.url : undefined)),
  );
  return metrics && prometheus ? { prometheus, metrics, brokers: state ? brokersOf(state) : [] } : undefined;
}

/** Ends both processes and waits until they are gone; with `reset` their data are removed. */
export async function stopMonitoring(reset = false): Promise<void> {
  await Promise.all([stopBackground(PROMETHEUS, STOP_SECONDS), stopBackground(MONITOR, STOP_SECONDS)]);
  if (reset) rmSync(folder(), { recursive: true, force: true });
}

const brokersOf = (state: EngineState): string[] =>
  state.brokers.flatMap(({ metrics }) => (metrics ? [`http://${metrics}/metrics`] : []));

function withoutAgent(state: EngineState): string {
  if (state.engine !== "local") return "Brokers' own measurements are to be had with --engine local only";
  return "The brokers run without their measurements; to have them: npx alerts down, npx alerts up --monitoring";
}

async function startMonitor(state: EngineState, signal?: AbortSignal): Promise<string> {
  const port = await freePort();
  const url = `http://${LOOPBACK}:${port}/metrics`;
  const args = [checkoutFile("dist", "cli", "main.js"), "monitor", "--interval", "2", "--metrics", String(port)];
  // empty, not absent: what .env says must not lead it to another broker than the one that was started here
  const elsewhere = state.engine === "external" ? {} : { KAFKA_BOOTSTRAP: "", KAFKA_PROFILE: "" };
  const env = { ...process.env, ...elsewhere, BOOTCAMP_HOME: engineHome() };
  const settings = { url, bootstrap: state.bootstrap };
  const started = startBackground<Place>(MONITOR, { program: process.execPath, args, env, settings });
  await until(MONITOR, started, signal, () => answers(url));
  return url;
}

async function startPrometheus(status: MonitoringStatus, port: number, signal?: AbortSignal): Promise<void> {
  privateFolder(folder());
  writePrivate(configFile(), prometheusConfig(status));
  const started = startBackground<Place>(PROMETHEUS, {
    program: "prometheus",
    args: [
      `--config.file=${configFile()}`,
      `--storage.tsdb.path=${join(folder(), "data")}`,
      // a lesson's worth; the folder stays small
      "--storage.tsdb.retention.time=7d",
      "--storage.tsdb.retention.size=512MB",
      `--web.listen-address=${LOOPBACK}:${port}`,
    ],
    settings: { url: status.prometheus },
  });
  await until(PROMETHEUS, started, signal, () => answers(`${status.prometheus}/-/ready`));
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

/** Waits until it is ready; fails when the process ends or does not get there. */
async function until(
  name: string,
  started: Background,
  signal: AbortSignal | undefined,
  isReady: () => Promise<boolean>,
): Promise<void> {
  const lives = () => isRunning(started);
  if (!(await untilReady({ what: "Starting the monitoring", seconds: READY_SECONDS, signal, lives, isReady }))) return;
  throw new BootcampError("ENGINE_FAILED", `The ${name} process did not get ready:\n${lastLines(readLog(name), 3)}`, {
    where: started.log,
    remedy: "mend what its last line says, then run npx alerts up --monitoring again",
  });
}

const readConfig = (): string | undefined =>
  existsSync(configFile()) ? readFileSync(configFile(), "utf8") : undefined;
