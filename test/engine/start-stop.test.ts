import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readState, statePath, writeState } from "../../src/broker/engine-state";
import { isAlive } from "../../src/broker/process-alive";
import { startEngine, stopEngine } from "../../src/engine/engine";
import { listenerOn, portIsFree } from "../../src/engine/process/ports";
import { engineStatus } from "../../src/engine/status";
import { createTopic } from "../../src/kafka/admin/topics";

const local = { engine: "local", port: 0 } as const;
const before = { home: process.env.BOOTCAMP_HOME, bootstrap: process.env.KAFKA_BOOTSTRAP };
const home = mkdtempSync(join(tmpdir(), "bootcamp-engine-"));

beforeAll(() => {
  process.env.BOOTCAMP_HOME = home;
  delete process.env.KAFKA_BOOTSTRAP;
});
afterEach(() => stopEngine({ reset: true }));
afterAll(() => {
  for (const [name, value] of [
    ["BOOTCAMP_HOME", before.home],
    ["KAFKA_BOOTSTRAP", before.bootstrap],
  ] as const) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  rmSync(home, { recursive: true, force: true });
});

const withAdmin = async <T>(bootstrap: string, work: (admin: ReturnType<Kafka["admin"]>) => Promise<T>): Promise<T> => {
  const admin = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  return work(admin).finally(() => admin.disconnect());
};
const oneTopic = (bootstrap: string, topic: string) => createTopic(topic, { bootstrap, partitions: 1 });
const topics = (bootstrap: string) => withAdmin(bootstrap, (admin) => admin.listTopics());

describe("starting and stopping Kafka on this machine", () => {
  it("starts once however often it is asked, keeps its data, stops, and empties on request", async () => {
    const [first, second] = await Promise.all([startEngine(local), startEngine(local)]);
    const pid = first.brokers[0]!.pid;
    expect(second.brokers[0]!.pid).toBe(pid);
    expect([first.alreadyRunning, second.alreadyRunning].sort()).toEqual([false, true]);
    expect(await listenerOn(first.brokers[0]!.port)).toMatchObject({ pid });
    await oneTopic(first.bootstrap, "kept");
    const now = await engineStatus();
    expect(now).toMatchObject({ engine: "local", reachable: true, version: first.version, topics: 1 });
    expect(now.brokers).toMatchObject([{ id: 1, pid, answers: true }]);
    // the promise of the design, after a start; under load it is measured by the bench
    expect(now.memoryBytes).toBeLessThan(500e6);
    await expect(startEngine({ engine: "local", brokers: 3 })).rejects.toMatchObject({ code: "USAGE" });

    expect(await stopEngine()).toMatchObject({ engine: "local" });
    expect(isAlive(pid)).toBe(false);
    expect(await portIsFree(first.brokers[0]!.port)).toBe(true);
    expect(await stopEngine()).toBeUndefined();
    expect((await engineStatus()).brokers.filter((broker) => broker.pid)).toEqual([]);

    // the same port again, as at the default port: nothing of the old process may be in the way
    const again = await startEngine({ engine: "local", port: first.brokers[0]!.port });
    expect(await topics(again.bootstrap)).toContain("kept");
    const empty = await startEngine({ ...local, reset: true });
    expect(isAlive(again.brokers[0]!.pid)).toBe(false);
    expect(await topics(empty.bootstrap)).not.toContain("kept");
    await stopEngine({ reset: true });
    expect(existsSync(join(home, "kafka"))).toBe(false);
    expect(readdirSync(home)).toEqual(["logs"]);
  });

  it("takes up a Kafka whose starter was killed", { tags: ["long"] }, async () => {
    const started = await startEngine(local);
    // as if the command had been killed between starting the broker and waiting for it
    writeState({ ...started, startedAt: new Date(0).toISOString() });
    const taken = await startEngine(local);
    expect(taken).toMatchObject({ alreadyRunning: true, bootstrap: started.bootstrap });
  });

  it("keeps its port after it was killed, and is found by its folder when its record is damaged", {
    tags: ["long"],
  }, async () => {
    const first = await startEngine(local);
    process.kill(first.brokers[0]!.pid, "SIGKILL");
    await expect.poll(() => isAlive(first.brokers[0]!.pid)).toBe(false);
    expect((await engineStatus()).brokers).toMatchObject([{ id: 1, lastWords: expect.stringContaining("killed") }]);
    const again = await startEngine({ engine: "local" });
    expect(again.bootstrap).toBe(first.bootstrap);

    writeFileSync(statePath(), readFileSync(statePath(), "utf8").slice(0, 50));
    await expect(startEngine({ engine: "local" })).rejects.toMatchObject({ code: "FILE_ACCESS", where: statePath() });
    await stopEngine();
    expect(isAlive(again.brokers[0]!.pid)).toBe(false);
    expect(readState()).toBeUndefined();
  });

  it("ends the Kafka whose record was removed before it starts another on the same data, and stops it likewise", {
    tags: ["long"],
  }, async () => {
    const lost = await startEngine(local);
    rmSync(statePath());
    const said: string[] = [];
    const next = await startEngine({ engine: "local", onProgress: (line) => said.push(line) });
    expect(said).toContainEqual(expect.stringContaining("is gone; ending the brokers found by their folder"));
    expect([lost, next].map(({ brokers }) => isAlive(brokers[0]!.pid))).toEqual([false, true]);
    rmSync(statePath());
    await stopEngine();
    expect(isAlive(next.brokers[0]!.pid)).toBe(false);
  });

  it("leaves nothing behind when it is interrupted while Kafka starts", { tags: ["long"] }, async () => {
    const controller = new AbortController();
    let pid = 0;
    const start = startEngine({
      ...local,
      signal: controller.signal,
      onProgress: () =>
        setImmediate(() => {
          pid = readState()?.brokers[0]?.pid ?? 0;
          controller.abort();
        }),
    });
    await expect(start).rejects.toMatchObject({ code: "ABORTED" });
    expect(pid).toBeGreaterThan(0);
    expect(isAlive(pid)).toBe(false);
    expect(readState()).toBeUndefined();
  });

  it("says which process is on the port", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    await expect(startEngine({ engine: "local", port })).rejects.toMatchObject({
      code: "PORT_TAKEN",
      message: expect.stringContaining(`process ${process.pid} (`),
      remedy: expect.stringContaining("--port"),
    });
    server.close();
  });

  describe("with a pid file that is out of date", { tags: ["long"] }, () => {
    let stranger: ChildProcess;
    beforeAll(() => {
      stranger = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    });
    afterAll(() => stranger.kill());

    it("clears it away and leaves the process alone that has that pid now", async () => {
      const broker = { id: 1, port: 9092, controllerPort: 9093, config: join(home, "server.properties"), log: "" };
      const state = { engine: "local", version: "0", bootstrap: "127.0.0.1:1", startedAt: "" } as const;
      writeState({ ...state, brokers: [{ ...broker, pid: stranger.pid! }] });
      expect(await engineStatus()).toMatchObject({ engine: "none", reachable: false });
      await stopEngine();
      expect(readState()).toBeUndefined();
      expect(isAlive(stranger.pid!)).toBe(true);
    });
  });
});
