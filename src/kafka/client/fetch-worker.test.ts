import { beforeEach, describe, expect, it, vi } from "vitest";
import { type FetchSettings, type FetchState, FetchWorker, Wake } from "./fetch-worker";
import { kafkaCodes, protocolError } from "./protocol-error";

/** Each fetch, with what ends it. */
const { fetches } = vi.hoisted(() => ({ fetches: [] as ((failure?: Error) => void)[] }));
vi.mock("./fetch-request", () => ({
  fetchFrom: () =>
    new Promise((resolve, reject) => fetches.push((failure) => (failure ? reject(failure) : resolve([])))),
}));
vi.mock("./cluster", () => ({
  Cluster: class {
    at = async () => ({});
    close = () => {};
  },
}));

beforeEach(() => void fetches.splice(0));

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

describe("partitions that cannot be read", () => {
  it("are an outage only as long as they are this member's", { timeout: 20_000 }, async () => {
    const states: FetchState[] = [0, 1].map((partition) => ({ partition, fetchOffset: 0n, isFetching: false }));
    const noted: number[][] = [];
    const over = new AbortController();
    let own = [...states];
    const settings = {
      cluster: {
        topic: "in",
        partitions: [0, 1],
        leaderOf: () => 1,
        addressOf: () => ({ host: "h", port: 1 }),
        refresh: async () => {},
      },
      outage: { over: () => {}, ms: 0, note: (partitions: number[]) => noted.push(partitions) },
      wake: new Wake(),
      over: over.signal,
      giveUpMs: Number.POSITIVE_INFINITY,
      wanted: () => own.filter(({ isFetching }) => !isFetching),
      isCurrent: (state: FetchState) => own.includes(state),
    } as unknown as FetchSettings<FetchState>;
    const worker = new FetchWorker(settings, 0).run();
    await untilFetches(1);
    fetches[0]!(protocolError(kafkaCodes.notLeader));
    await untilFetches(2);
    own = [states[1]!]; // the group gave the other one away
    fetches[1]!(protocolError(kafkaCodes.notLeader));
    await untilFetches(3);
    own = [];
    fetches[2]!(protocolError(kafkaCodes.notLeader));
    await vi.waitFor(() => expect(states.some(({ isFetching }) => isFetching)).toBe(false));
    over.abort();
    settings.wake.now();
    await worker;
    expect(noted).toEqual([[0, 1], [1]]);
  });
});
