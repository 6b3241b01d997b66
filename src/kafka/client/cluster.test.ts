import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Cluster } from "./cluster";
import type { Connection } from "./connection-settings";
import { kafkaCodes } from "./protocol-error";

/** Which topics each broker knows; undefined for one that does not answer. */
let known: Record<string, string[] | undefined>;
const asked: string[] = [];
const brokers = new Map([1, 2, 3].map((node) => [node, { host: `b${node}`, port: 9092 }]));

vi.mock("./broker-connection", () => ({
  BrokerConnection: {
    open: async (_: unknown, { host }: { host: string }) =>
      known[host] ? { address: `${host}:9092`, host, isOpen: true, close: () => {} } : new Promise(() => {}),
  },
}));
vi.mock("./metadata", () => ({
  fetchMetadata: async ({ host }: { host: string }, topics: string[]) => {
    asked.push(`${host}: ${topics}`);
    const entry = (name: string) => ({
      error: known[host]!.includes(name) ? 0 : kafkaCodes.topicAbsent,
      knownTo: host,
    });
    return { brokers, controller: 1, topics: new Map(topics.map((name) => [name, entry(name)])) };
  },
}));

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  asked.length = 0;
});

const cluster = () => new Cluster({ address: "b1:9092" } as Connection);
const errorsOf = async (asking: ReturnType<Cluster["metadata"]>) =>
  [...(await asking).topics].map(([name, { error }]) => [name, error]);

it("asks one broker for what it knows", async () => {
  known = { b1: ["old"], b2: ["old"], b3: ["old"] };
  expect(await errorsOf(cluster().metadata(["old"]))).toEqual([["old", 0]]);
  expect(asked).toEqual(["b1: old"]);
});

it("calls a topic absent when no broker knows it, and not one that has not reached all of them yet", async () => {
  known = { b1: ["old"], b2: ["old"], b3: ["old", "new"] };
  expect(await errorsOf(cluster().metadata(["old", "new", "none"]))).toEqual([
    ["old", 0],
    ["new", 0],
    ["none", kafkaCodes.topicAbsent],
  ]);
  expect(asked).toEqual(["b1: old,new,none", "b1: new,none", "b2: new,none", "b3: new,none"]);
});

it("waits two seconds for a broker that does not answer", async () => {
  known = { b1: [], b2: ["new"], b3: undefined };
  const asking = errorsOf(cluster().metadata(["new", "none"]));
  await vi.advanceTimersByTimeAsync(1990);
  const isOver = await Promise.race([asking.then(() => true), Promise.resolve(false)]);
  expect(isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(20);
  expect(await asking).toEqual([
    ["new", 0],
    ["none", kafkaCodes.topicAbsent],
  ]);
});
