import { describe, expect, it, vi } from "vitest";
import { type FetchSettings, type FetchState, FetchWorker, Wake } from "./fetch-worker";

/** Each fetch, with what ends it. */
const { fetches } = vi.hoisted(() => ({ fetches: [] as (() => void)[] }));
vi.mock("./fetch-request", () => ({
  fetchFrom: () => new Promise((resolve) => fetches.push(() => resolve([]))),
}));
vi.mock("./cluster", () => ({
  Cluster: class {
    at = async () => ({});
    close = () => {};
  },
}));

const untilFetches = (count: number) => vi.waitFor(() => expect(fetches.length).toBe(count), 10_000);
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("a partition that becomes another worker's while it is asked for", () => {
  it("is asked for by that one as soon as the answer is there", { timeout: 20_000 }, async () => {
    const state: FetchState = { partition: 0, fetchOffset: 0n, isFetching: false };
    let owner = 0;
    const over = new AbortController();
    const settings = {
      cluster: { topic: "in", partitions: [0], leaderOf: () => 1, addressOf: () => ({ host: "h", port: 1 }) },
      outage: { over: () => {} },
      wake: new Wake(),
      over: over.signal,
      wanted: (worker: number) => (worker === owner && !state.isFetching ? [state] : []),
      isCurrent: () => true,
    } as unknown as FetchSettings<FetchState>;
    const workers = [0, 1].map((number) => new FetchWorker(settings, number).run());
    await untilFetches(1);
    owner = 1; // the group has rebalanced
    settings.wake.now();
    await turn();
    expect(fetches.length).toBe(1); // not twice at once
    fetches[0]!();
    await untilFetches(2);
    over.abort();
    settings.wake.now();
    fetches[1]!();
    await Promise.all(workers);
  });
});
