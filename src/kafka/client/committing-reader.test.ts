import { afterEach, describe, expect, it, vi } from "vitest";
import { CommittingReader } from "./committing-reader";

// a group that another member holds up: joining goes on, and nothing is assigned
vi.mock("./group-member", () => ({
  GroupMember: class {
    readonly hasJoined = false;
    join = async () => {};
    commit = async () => {};
    leave = async () => {};
  },
}));
vi.mock("./connection", async (original) => ({
  ...(await original<object>()),
  withAdmin: (_: unknown, work: (admin: object) => unknown) =>
    work({ describeGroup: async () => ({ state: "PreparingRebalance", members: 2 }) }),
}));

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("a group that does not form", () => {
  it("is named after five seconds and given up after a minute, with its state", async () => {
    vi.useFakeTimers();
    const said: string[] = [];
    vi.spyOn(process.stderr, "write").mockImplementation((text) => Boolean(said.push(String(text))));
    const reader = new CommittingReader("night", {
      bootstrap: "127.0.0.1:1",
      group: "slow",
      starts: new Map([[0, 0n]]),
      commitsStarts: false,
      ends: new Map([[0, 10n]]),
      sessionSeconds: 6,
    });
    const first = reader.batches().next();
    const outcome = first.then(
      () => "an end",
      (error) => error,
    );
    await vi.advanceTimersByTimeAsync(4900);
    expect(said).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(said).toEqual([
      expect.stringMatching(/night: group "slow" has not formed for 5 s \(.*PreparingRebalance, with 2/),
    ]);
    await vi.advanceTimersByTimeAsync(55_000);
    expect(await outcome).toMatchObject({
      code: "KAFKA_UNREACHABLE",
      message: expect.stringContaining('group "slow" to form within 60 s'),
      remedy: expect.stringContaining("alerts groups describe"),
    });
  });
});
