import { describe, expect, it } from "vitest";
import { SameTopic } from "./same-topic";

/** A consumer whose events are told by hand, and a topic whose id is set. */
function watched() {
  const listeners = new Map<string, (event: never) => void>();
  const state = { id: "a" as string | undefined, asked: 0, others: 0 };
  const same = new SameTopic(
    async () => {
      state.asked++;
      return state.id;
    },
    () => {
      state.others++;
    },
  );
  const events = { GROUP_JOIN: "join", FETCH_START: "start", FETCH: "fetch" };
  const on = (name: string, listener: (event: never) => void) => void listeners.set(name, listener);
  same.watch({ events, on } as never);
  const tell = (name: string, nodeId = 1) => listeners.get(name)!({ payload: { nodeId } } as never);
  return { same, state, tell };
}

describe("whether a topic is still the same", () => {
  it("is asked at first, after joining again, and after a fetch that failed, but not while all is well", async () => {
    const { same, state, tell } = watched();
    await same.settled();
    tell("join");
    for (let i = 0; i < 3; i++) for (const event of ["start", "fetch"]) tell(event);
    tell("start", 2);
    await same.settled();
    expect(state.asked).toBe(1);
    tell("join");
    await same.settled();
    expect(state.asked).toBe(2);
    tell("start", 1);
    tell("start", 1); // without an answer in between
    await same.settled();
    expect(state).toEqual({ id: "a", asked: 3, others: 0 });
  });

  it("is no more when its id is another, which is said once to all who wait", async () => {
    const { same, state } = watched();
    await same.settled();
    state.id = "b";
    same.doubt();
    await Promise.all([same.settled(), same.settled()]);
    await same.settled();
    expect(state).toEqual({ id: "b", asked: 2, others: 1 });
  });

  it("is assumed where it cannot be told, and remembered from before", async () => {
    const { same, state } = watched();
    await same.settled();
    for (const id of [undefined, "a", undefined]) {
      state.id = id;
      same.doubt();
      await same.settled();
    }
    expect(state.others).toBe(0);
    state.id = "b";
    same.doubt();
    await same.settled();
    expect(state.others).toBe(1);
  });
});
