import type { EventEmitter } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { mendKafkajs } from "./mend-kafkajs";

interface Queue extends EventEmitter {
  pending: unknown[];
  inflight: Map<number, unknown>;
  throttledUntil: number;
  checkPendingRequests(): void;
  waitForPendingRequests(): Promise<void>;
  destroy(): void;
}

function queue(): Queue {
  const RequestQueue = require("kafkajs/src/network/requestQueue") as new (settings: object) => Queue;
  const logger = { debug: () => {} };
  const settings = { requestTimeout: 1000, clientId: "test", broker: "a:1", logger, isConnected: () => true };
  return new RequestQueue({ ...settings, maxInFlightRequests: 1, enforceRequestTimeout: false });
}

interface Connection {
  connect(): Promise<boolean>;
  isConnected(): boolean;
  send(protocol: object): Promise<unknown>;
}

describe("the request queue of kafkajs", () => {
  afterEach(() => vi.restoreAllMocks());

  it("sets no timer for a pause that nobody asked for, and one for a real one", () => {
    mendKafkajs();
    const timer = vi.spyOn(globalThis, "setTimeout");
    const one = queue();
    one.checkPendingRequests();
    expect(timer).not.toHaveBeenCalled();
    one.throttledUntil = Date.now() + 500;
    one.checkPendingRequests();
    expect(timer).toHaveBeenCalledTimes(1);
    expect(timer.mock.calls[0]![1]).toBeGreaterThan(0);
    one.destroy();
  });

  it("listens once, however often its end is waited for", async () => {
    mendKafkajs();
    mendKafkajs();
    const one = queue();
    one.inflight.set(1, {});
    const waits = Array.from({ length: 20 }, () => one.waitForPendingRequests());
    expect(one.eventNames().map((name) => one.listenerCount(name))).toEqual([1]);
    one.emit(one.eventNames()[0]!);
    await Promise.all(waits);
    one.inflight.clear();
    await one.waitForPendingRequests();
    expect(one.eventNames()).toEqual([]);
  });
});

describe("a connection of kafkajs", () => {
  it("is closed when a request had no answer in time, so that none waits on it again", async () => {
    mendKafkajs();
    const sockets: Socket[] = [];
    // takes every connection, and says nothing
    const server = createServer((socket) => void sockets.push(socket.on("error", () => {})));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const Connection = require("kafkajs/src/network/connection") as new (options: object) => Connection;
    const { createLogger } = require("kafkajs/src/loggers") as { createLogger(options: object): object };
    const socketFactory = (require("kafkajs/src/network/socketFactory") as () => object)();
    const connection = new Connection({
      host: "127.0.0.1",
      port: (server.address() as AddressInfo).port,
      logger: createLogger({ level: 0, logCreator: () => () => {} }),
      socketFactory,
      requestTimeout: 100,
      connectionTimeout: 5000,
    });
    await connection.connect();
    const request = (require("kafkajs/src/protocol/requests/apiVersions/v0/request") as () => object)();
    await expect(connection.send({ request, response: {} })).rejects.toMatchObject({
      name: "KafkaJSRequestTimeoutError",
    });
    await expect.poll(() => connection.isConnected()).toBe(false);
    for (const socket of sockets) socket.destroy();
    server.close();
  });
});
