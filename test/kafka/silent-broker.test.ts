// @module-tag long
import { createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { describeGroup } from "../../src/kafka/admin/groups";
import { BrokerConnection, silenceMs } from "../../src/kafka/client/broker-connection";
import { connectionOf } from "../../src/kafka/client/connection-settings";
import { Outage } from "../../src/kafka/client/outage";
import { monitorTopics } from "../../src/kafka/monitor/monitor";
import { consume } from "../../src/kafka/read/consume";
import { subscribe } from "../../src/kafka/read/subscribe";
import { pause } from "../../src/pause";

let server: Server;
let bootstrap: string;
let connections = 0;
const open = new Set<Socket>();

/** Takes every connection and says nothing, as a firewall or a host that is gone does. */
beforeAll(async () => {
  server = createServer((socket) => {
    connections++;
    open.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => open.delete(socket));
    socket.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  bootstrap = `127.0.0.1:${(server.address() as { port: number }).port}`;
});
afterAll(() => {
  for (const socket of open) socket.destroy();
  server.close();
});

describe("an address that takes connections and stays silent", () => {
  it("ends what waits for it within three seconds of the signal, for good", async () => {
    const before = connections;
    const controller = new AbortController();
    const source = consume("t", {
      bootstrap,
      group: "g",
      starts: new Map([[0, 0n]]),
      ends: null,
      signal: controller.signal,
    });
    const first = source.next();
    await vi.waitFor(() => expect(connections).toBeGreaterThan(before), 5000);
    const stopped = performance.now();
    controller.abort();
    expect(await first).toMatchObject({ done: true });
    expect(performance.now() - stopped).toBeLessThan(3500);
    await vi.waitFor(() => expect(open.size).toBe(0), 2000);
    const after = connections;
    await pause(3000); // longer than any wait of a client that would try again
    expect(connections).toBe(after);
  });

  it("lets go of a monitor that is stopped", async () => {
    const before = connections;
    const controller = new AbortController();
    const snapshots = monitorTopics({ bootstrap, topics: ["t"], signal: controller.signal });
    const first = snapshots.next();
    await vi.waitFor(() => expect(connections).toBeGreaterThan(before), 5000);
    controller.abort();
    expect(await first).toMatchObject({ done: true });
    await vi.waitFor(() => expect(open.size).toBe(0), 3000);
  });

  it("is named within 15 seconds by whoever asks", { timeout: 60_000 }, async () => {
    const started = performance.now();
    const named = { code: "KAFKA_UNREACHABLE", message: expect.stringContaining(bootstrap) };
    await Promise.all([
      expect(subscribe("t", { bootstrap, progress: false })).rejects.toMatchObject(named),
      expect(describeGroup("g", { bootstrap })).rejects.toMatchObject(named),
      expect(
        BrokerConnection.open(connectionOf({ bootstrap }), {
          host: "127.0.0.1",
          port: Number(bootstrap.split(":")[1]),
        }),
      ).rejects.toMatchObject({ message: expect.stringContaining(bootstrap) }),
    ]);
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});

describe("a reader without Kafka", () => {
  it("says so after three seconds, once a minute, and when it is back", () => {
    vi.useFakeTimers();
    try {
      const said: string[] = [];
      const outage = new Outage("t", (line) => said.push(line));
      outage.note([0, 1], new Error("Connection to 10.0.0.1:9092 lost: closed"), 0);
      vi.advanceTimersByTime(2000);
      expect(said).toEqual([]);
      vi.advanceTimersByTime(121_000);
      expect(said.length).toBe(3); // after 3, 63 and 123 s
      expect(said[0]).toMatch(/^t: Kafka is lost since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d UTC \(.*10\.0\.0\.1:9092/);
      outage.over([0]);
      expect(said.length).toBe(3);
      outage.over([1]);
      expect(said[3]).toBe("t: Kafka is back after 123 s");
      vi.advanceTimersByTime(600_000);
      expect(said.length).toBe(4);
      outage.note([0], new Error(`Expected 10.0.0.1:9092 to answer within ${silenceMs / 1000} s`), silenceMs);
      expect(said.length).toBe(5); // silence was noticed after its time, and is said at once
      outage.stop();
    } finally {
      vi.useRealTimers();
    }
  });
});
