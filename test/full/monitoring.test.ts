import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { isAlive } from "../../src/broker/process-alive";
import { type StartedEngine, startEngine, stopEngine } from "../../src/engine/engine";
import { readBackground } from "../../src/engine/process/background";
import { engineStatus } from "../../src/engine/status";
import { runFilters } from "../../src/kafka/filter/filter";
import { alerts, ended, start } from "../helpers/alerts-command";
import { root } from "../helpers/data";
import { atHome } from "../helpers/kafka";

interface Panel {
  type: string;
  title: string;
  description?: string;
  fieldConfig?: { defaults: { unit?: string } };
  targets?: { expr: string }[];
}

const withoutPrometheus = !existsSync("/usr/bin/prometheus") && !process.env.CI;
const dashboard = JSON.parse(readFileSync(join(root, "docker/monitoring/dashboard.json"), "utf8"));
const panels: Panel[] = dashboard.panels.filter(({ type }: Panel) => type !== "row");
const topic = "watched";

describe.skipIf(withoutPrometheus)("alerts up --monitoring", () => {
  const home = mkdtempSync(join(tmpdir(), "bootcamp-monitoring-"));
  // settings of the person at this machine stay out of it
  const env = { BOOTCAMP_HOME: home, KAFKA_BOOTSTRAP: "", KAFKA_PROFILE: "" };
  const stop = new AbortController();
  let engine: StartedEngine;
  let work: Promise<unknown>;

  const query = async (expr: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]> => {
    const answer = await fetch(`${engine.monitoring!.prometheus}/api/v1/query?query=${encodeURIComponent(expr)}`);
    const body = (await answer.json()) as { status: string; error?: string; data: { result: [] } };
    if (body.status !== "success") throw new Error(`${expr}: ${body.error}`);
    return body.data.result;
  };
  const produced = async () => {
    const admin = new Kafka({ brokers: [engine.bootstrap], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const offsets = await admin.fetchTopicOffsets(topic);
    await admin.disconnect();
    return offsets.reduce((sum, { high }) => sum + Number(high), 0);
  };

  beforeAll(async () => {
    engine = await atHome(home, () => startEngine({ engine: "local", port: 0, monitoring: true }));
    const { bootstrap } = engine;
    const sending = start(["send", "--simulate", "ztf", "--stamps", "none", "--topic", topic, "--every", "0.5"], {
      env,
    });
    const sent = ended(sending);
    stop.signal.addEventListener("abort", () => sending.kill("SIGINT"));
    const producer = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).producer();
    await producer.connect();
    // once the monitor reads the topic, it finds this one
    await vi.waitUntil(async () => (await query(`alerts_topic_read_messages_total{topic="${topic}"} > 0`)).length > 0, {
      timeout: 120_000,
      interval: 500,
    });
    await producer.send({ topic, messages: [{ value: Buffer.from("no alert") }] });
    await producer.disconnect();
    const filters = [{ name: "all", accepts: () => true }];
    const filtering = runFilters(topic, { bootstrap, filters, until: "forever", progress: false, signal: stop.signal });
    work = Promise.all([sent, filtering]);
  });
  afterAll(async () => {
    stop.abort();
    await atHome(home, () => stopEngine({ reset: true }));
    rmSync(home, { recursive: true, force: true });
  });

  it("has a dashboard whose panels all have a unit and a description", () => {
    expect(panels.length).toBeGreaterThan(10);
    for (const { title, description, fieldConfig, targets } of panels) {
      expect([title, description?.length ?? 0, fieldConfig?.defaults.unit, targets?.length]).toEqual([
        title,
        expect.toSatisfy((length: number) => length > 20),
        expect.any(String),
        expect.toSatisfy((count: number) => count > 0),
      ]);
    }
  });

  it.each(panels.flatMap(({ title, targets }) => targets!.map(({ expr }) => [title, expr] as const)))(
    "%s: Prometheus has data for %s",
    async (_, expr) => {
      const rows = await vi.waitUntil(
        async () => {
          const found = await query(expr);
          return found.length > 0 && found.every(({ value }) => Number.isFinite(Number(value[1]))) && found;
        },
        { timeout: 120_000, interval: 500 },
      );
      if (expr.includes("topic")) expect(rows.map(({ metric }) => metric["topic"])).toContain(topic);
    },
  );

  it("shows where it is, and listens on the loopback address alone", async () => {
    const { stdout } = await alerts(["status"], { env });
    const { prometheus, metrics, brokers } = engine.monitoring!;
    expect(brokers.length).toBe(1);
    for (const url of [prometheus, metrics, ...brokers]) expect(stdout).toContain(url);
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address && !address.internal && address.family === "IPv4");
    for (const url of [prometheus, metrics, ...brokers]) {
      const place = new URL(url);
      expect(place.hostname).toBe("127.0.0.1");
      if (!outside) continue;
      place.hostname = outside.address;
      await expect(fetch(place)).rejects.toThrow();
    }
  });

  it("keeps what runs when it is asked again", async () => {
    const pid = readAt("prometheus");
    const again = await atHome(home, () => startEngine({ engine: "local", monitoring: true }));
    expect(again).toMatchObject({ alreadyRunning: true, monitoring: engine.monitoring });
    expect(readAt("prometheus")).toBe(pid);
  });

  it("counts at last what the broker counts", async () => {
    stop.abort();
    await work;
    const count = await produced();
    await vi.waitUntil(
      async () => Number((await query(`alerts_topic_messages_total{topic="${topic}"}`))[0]?.value[1]) === count,
      { timeout: 120_000, interval: 500 },
    );
    expect(count).toBeGreaterThan(10);
  });

  it("says that Kafka is gone, and goes on when it is back", async () => {
    const is = (value: string) =>
      vi.waitUntil(async () => (await query("alerts_broker_up"))[0]?.value[1] === value, {
        timeout: 120_000,
        interval: 500,
      });
    await is("1");
    const { pid, port } = engine.brokers[0]!;
    process.kill(pid, "SIGKILL");
    await is("0");
    engine = await atHome(home, () => startEngine({ engine: "local", port, monitoring: true }));
    expect(engine.alreadyRunning).toBe(false);
    await is("1");
    await vi.waitUntil(async () => (await query('up{job="kafka"} == 1')).length === 1, { timeout: 120_000 });
  });

  it("is stopped by down, with every process and its data", async () => {
    const pids = [readAt("prometheus"), readAt("monitor"), engine.brokers[0]!.pid];
    expect(pids.map(isAlive)).toEqual([true, true, true]);
    expect((await alerts(["down", "--reset"], { env })).code).toBe(0);
    expect(pids.map(isAlive)).toEqual([false, false, false]);
    expect(existsSync(join(home, "monitoring"))).toBe(false);
    expect(await atHome(home, async () => (await engineStatus()).monitoring)).toBeUndefined();
  });

  it("starts nothing without Prometheus, and says how it is installed", async () => {
    const path = process.env.PATH;
    process.env.PATH = home;
    try {
      const starting = atHome(home, () => startEngine({ engine: "local", port: 0, monitoring: true }));
      const remedy = expect.stringContaining("apt-get install prometheus");
      await expect(starting).rejects.toMatchObject({ code: "MISSING_PROGRAM", remedy });
    } finally {
      process.env.PATH = path;
    }
    expect(existsSync(join(home, "engine.json"))).toBe(false);
  });

  const readAt = (name: string): number => {
    const before = process.env.BOOTCAMP_HOME;
    process.env.BOOTCAMP_HOME = home;
    try {
      return readBackground(name)!.pid;
    } finally {
      if (before === undefined) delete process.env.BOOTCAMP_HOME;
      else process.env.BOOTCAMP_HOME = before;
    }
  };
});

describe.skipIf(!existsSync("/usr/bin/docker-compose") && !process.env.CI)("docker-compose.yml", () => {
  it("has the monitoring in a profile of its own, every port on the loopback address, every image pinned", () => {
    const text = execFileSync("docker-compose", ["config"], { cwd: root, encoding: "utf8" });
    const services = text
      .slice(text.indexOf("services:"), text.indexOf("\nvolumes:"))
      .split(/^ {2}(?=\w+:$)/m)
      .slice(1);
    const inProfile = (name: string) =>
      services.filter((service) => service.includes(`    profiles:\n    - ${name}\n`)).map((s) => s.split(":")[0]);
    expect(inProfile("monitoring")).toEqual(["agent", "grafana", "monitor", "prometheus"]);
    expect(services.filter((service) => !service.includes("    profiles:")).map((s) => s.split(":")[0])).toEqual([
      "kafka",
      "notebook",
    ]);
    const published = [...text.matchAll(/^ {4}- (\S+)\/tcp$/gm)].map(([, port]) => port);
    expect(published.length).toBe(4);
    for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:/);
    for (const [, tag] of text.matchAll(/^ {4}image: \S+:(\S+)$/gm)) expect(tag).toMatch(/^v?\d+\.\d+\.\d+$/);
  });
});
