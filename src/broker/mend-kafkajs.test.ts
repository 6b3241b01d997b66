import type { EventEmitter } from "node:events";
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
