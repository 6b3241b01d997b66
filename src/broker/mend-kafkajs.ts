/** What is used here of the queue of requests that kafkajs keeps for each connection. */
interface RequestQueue {
  pending: unknown[];
  /** ms since 1970; -1 when the broker never asked for a pause. */
  throttledUntil: number;
  scheduleCheckPendingRequests(): void;
  waitForPendingRequests(): Promise<void>;
}

/** What is used of a connection of kafkajs. */
interface Connection {
  socket?: { destroy(error: Error): void };
  send(request: object): Promise<unknown>;
}

let isMended = false;

/**
 * Mends three things in kafkajs 2.2.4, once for all connections; it does not matter who loaded it before.
 *
 * After each answer it sets a timer for the end of a pause that the broker never asked for: at a time more than 50 years
 * ago, again and again every millisecond, with a TimeoutNegativeWarning from Node 24 on. And each attempt to close a
 * connection that waits for an answer adds a listener to the same event, until Node warns of a leak; while a broker is
 * away for long, there are many.
 *
 * A request that had no answer in time leaves its connection open, and each later one waits as long on it: with a host that
 * vanished, from which no reset comes, a filter job stood still for minutes (test/faults/hosts.test.ts). So it is closed.
 */
export function mendKafkajs(): void {
  if (isMended) return;
  isMended = true;
  const { prototype } = require("kafkajs/src/network/requestQueue") as { prototype: RequestQueue };
  const { scheduleCheckPendingRequests, waitForPendingRequests } = prototype;
  prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) scheduleCheckPendingRequests.call(this);
  };
  const waits = new WeakMap<RequestQueue, Promise<void>>();
  prototype.waitForPendingRequests = function () {
    const wait = waits.get(this) ?? waitForPendingRequests.call(this).finally(() => waits.delete(this));
    waits.set(this, wait);
    return wait;
  };
  closeSilent();
}

function closeSilent(): void {
  const { prototype } = require("kafkajs/src/network/connection") as { prototype: Connection };
  const { send } = prototype;
  prototype.send = async function (request) {
    try {
      return await send.call(this, request);
    } catch (error) {
      if (error instanceof Error && error.name === "KafkaJSRequestTimeoutError") this.socket?.destroy(error);
      throw error;
    }
  };
}
