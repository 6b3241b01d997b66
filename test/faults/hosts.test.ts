import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FilterReport } from "../../src/kafka/filter/books";
import { pause } from "../../src/pause";
import { readCommittedThrough } from "../filter/committed";
import { needs } from "../helpers/data";
import { Child } from "./child";
import { cannotMakeHosts, Hosts } from "./hosts";
import { KafkaOnHosts } from "./kafka-on-hosts";
import { namesOf, visitOf } from "./sending";

const [perVisit, visits] = [100, 250];
const alerts = perVisit * visits;
/** A broker and a worker are on each of the first three, a worker on the fourth; what publishes and looks, on the last. */
const [brokerHosts, client] = [["one", "two", "three"], "client"];
const workerHosts = [...brokerHosts, "four"];

interface Look {
  state: string;
  members: number;
  done: number;
  lag: number;
}

describe.skipIf(cannotMakeHosts() || needs.python())("a host that is lost, with its broker and its worker", () => {
  const folder = mkdtempSync(join(tmpdir(), "bootcamp-lost-host-"));
  const night = join(folder, "night.json");
  let hosts: Hosts;
  let kafka: KafkaOnHosts;
  beforeAll(async () => {
    const text = Array.from({ length: visits }, (_, n) => {
      const visit = visitOf(n, perVisit);
      return { ...visit, alerts: visit.alerts.map(({ bytes }) => bytes.toString("base64")) };
    });
    writeFileSync(night, JSON.stringify(text));
    hosts = Hosts.make(...workerHosts, client);
    kafka = await KafkaOnHosts.start(hosts, brokerHosts, client);
  });
  afterAll(() => {
    hosts?.remove();
    kafka?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const on = (host: string, code: string) => new Child(code, { through: hosts.on(host) });

  const publisher = (topic: string) =>
    on(
      client,
      `const text = require("node:fs").readFileSync("${night}", "utf8");
      const read = (bytes) => bootcamp.decodeAlert(Buffer.from(bytes, "base64"));
      const night = JSON.parse(text).map(({ alerts, ...visit }) => ({ ...visit, alerts: alerts.map(read) }));
      const options = { topic: "${topic}", bootstrap: "${kafka.bootstrap}", secondsPerVisit: 0.1 };
      await bootcamp.publish(night, { ...options, onVisit: ({ number }) => say(number) });`,
    );

  const worker = (host: string, topic: string) =>
    on(
      host,
      `const stopping = new AbortController();
      process.on("SIGTERM", () => stopping.abort());
      const filters = [
        { name: "${topic}-bright", accepts: (alert) => alert.mag < 18 },
        { name: "${topic}-faint", accepts: (alert) => alert.mag >= 18 },
      ];
      const job = { bootstrap: "${kafka.bootstrap}", group: "${topic}", until: "forever", progress: false, filters };
      const report = await bootcamp.kafka.runFilters("${topic}", { ...job, capPerVisit: Infinity, signal: stopping.signal });
      say(JSON.stringify(report, (_, value) => (typeof value === "bigint" ? String(value) : value)));
      process.exit(0);`,
    );

  /** Says five times a second how far the group is. */
  const watcher = (group: string) =>
    on(
      client,
      `for (;; await new Promise((done) => setTimeout(done, 200))) {
        const info = await bootcamp.kafka.describeGroup("${group}", { bootstrap: "${kafka.bootstrap}" }).catch(() => undefined);
        if (!info) continue; // not there yet, or its coordinator is lost
        const done = info.partitions.reduce((sum, { committed }) => sum + Number(committed ?? 0), 0);
        say(JSON.stringify({ state: info.state, members: info.members, done, lag: Number(info.lag) }));
      }`,
    );

  /** Resolves with the first look from now on that is as wanted; a worker that ends meanwhile, or three minutes, are an error. */
  async function when(watch: Child, workers: Map<string, Child>, isWanted: (look: Look) => boolean): Promise<Look> {
    const since = performance.now();
    const seen = () =>
      `group: ${watch.lines.at(-1)}\n${[...workers].map((one) => `${one[0]}: ${one[1].stderr}`).join("\n")}`;
    for (let n = watch.lines.length + 1; ; n++) {
      while (watch.lines.length < n) {
        for (const [host, child] of workers) {
          if (child.isOver) throw new Error(`the worker on ${host} has ended: ${child.lines.join("\n")}\n${seen()}`);
        }
        if (performance.now() - since > 180_000) throw new Error(`not seen in three minutes; ${seen()}`);
        if (watch.isOver) throw new Error(`what watches the group has ended: ${watch.stderr}`);
        await pause(20);
      }
      const look = JSON.parse(watch.lines[n - 1]!) as Look;
      if (isWanted(look)) return look;
    }
  }

  it.each([
    ["its cable is out, and in again later", "cable", "two"],
    ["all that runs on it is killed", "killed", "three"],
  ])("changes nothing of what is selected: %s", { timeout: 600_000 }, async (_, fault, lost) => {
    const topic = `hosts-${fault}`;
    const hasGroup = (members: number) => (look: Look) => look.state === "Stable" && look.members === members;
    const create = on(
      client,
      `await bootcamp.kafka.createTopic("${topic}", { bootstrap: "${kafka.bootstrap}", partitions: 6 });`,
    );
    expect([await create.end, create.stderr]).toEqual([0, ""]);
    const workers = new Map(workerHosts.map((host) => [host, worker(host, topic)]));
    const watch = watcher(topic);
    await when(watch, workers, hasGroup(4));
    const sending = publisher(topic);
    await sending.said(50);
    const { done } = await when(watch, workers, (look) => look.done > 20 * perVisit);

    if (fault === "cable") hosts.unplug(lost);
    else {
      workers.delete(lost);
      hosts.killAll(lost);
    }
    await when(watch, workers, (look) => hasGroup(3)(look) && look.done > done + 50 * perVisit);
    if (fault === "cable") {
      hosts.plugIn(lost);
      await when(watch, workers, hasGroup(4));
    }

    expect([await sending.end, sending.stderr, sending.lines.length]).toEqual([0, "", visits]);
    await when(watch, workers, (look) => look.lag === 0 && look.done === alerts);
    watch.kill("SIGKILL");
    for (const child of workers.values()) child.kill("SIGTERM");
    await kafka.revive();
    const keysOf = (name: string) =>
      readCommittedThrough(hosts.on(client), kafka.bootstrap, name)
        .map(({ key }) => key)
        .sort();
    const isBright = (name: string) => 15 + (Number(name.slice(1)) % 8) < 18;
    const names = namesOf(alerts).sort();
    expect(keysOf(topic)).toEqual(names);
    expect(keysOf(`${topic}.${topic}-bright`)).toEqual(names.filter(isBright));
    expect(keysOf(`${topic}.${topic}-faint`)).toEqual(names.filter((name) => !isBright(name)));
    let read = 0;
    for (const child of workers.values()) {
      expect(await child.end).toBe(0);
      const report = JSON.parse(child.lines.at(-1)!) as FilterReport;
      expect(report).toMatchObject({ balanced: true, interrupted: true });
      expect(report.read).toBeGreaterThan(0);
      read += report.read;
    }
    if (fault === "cable") expect(read).toBe(alerts); // else the books of one are lost with it
  });
});
