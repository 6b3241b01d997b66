import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { GroupMember } from "./group-member";
import { kafkaCodes, protocolError } from "./protocol-error";

/** kafkajs's consumers in the order in which they were made, and what they are told. */
const { consumers } = vi.hoisted(() => ({ consumers: [] as FakeConsumer[] }));
interface FakeConsumer {
  emit(event: string, payload?: object): void;
  calls: string[];
  /** What `connect` is answered with. */
  failure?: Error;
  isClosed(): boolean;
}
vi.mock("./kafkajs", () => ({
  Sockets: class {
    isClosed = false;
    close = () => {
      this.isClosed = true;
    };
  },
  retryUntilClosed: () => ({}),
  kafkaClient: (_options: object, sockets: { isClosed: boolean }) => ({
    consumer: () => {
      const listeners = new Map<string, (event: object) => void>();
      const calls: string[] = [];
      const note = (call: string) => async () => void calls.push(call);
      const consumer = {
        events: { GROUP_JOIN: "join", HEARTBEAT: "heartbeat", REBALANCING: "rebalancing", CRASH: "crash" },
        on: (event: string, listener: (event: object) => void) => listeners.set(event, listener),
        emit: (event: string, payload: object = {}) => listeners.get(event)!({ payload }),
        connect: async () => {
          calls.push("connect");
          if (fake.failure) throw fake.failure;
        },
        subscribe: note("subscribe"),
        run: async () => {
          await joining;
          calls.push("run");
        },
        pause: () => calls.push("pause"),
        disconnect: note("disconnect"),
        calls,
        isClosed: () => sockets.isClosed,
      };
      const fake: FakeConsumer = consumer;
      if (nextFailure) fake.failure = nextFailure;
      consumers.push(fake);
      return consumer;
    },
  }),
}));
let nextFailure: Error | undefined;
/** Joining takes until this resolves. */
let joining: Promise<void> | undefined;

beforeEach(
  () =>
    void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "setTimeout", "clearTimeout", "performance"] }),
);
afterEach(() => {
  vi.useRealTimers();
  consumers.length = 0;
  nextFailure = joining = undefined;
});

const assigned = (...partitions: number[]) => ({ memberAssignment: { in: partitions } });

/** A member with a session of 6 s: a rebalance takes 12 s at most, joining 15 s more. */
function joined() {
  const heard: unknown[] = [];
  const member = new GroupMember(
    "in",
    { bootstrap: "127.0.0.1:1", group: "g", sessionSeconds: 6 },
    {
      assigned: (partitions) => heard.push(partitions),
      revoked: () => heard.push("revoked"),
      lost: (error) => heard.push(error),
    },
  );
  void member.join();
  consumers[0]!.emit("join", assigned(0, 1));
  return { member, heard };
}

it("stays what it is while its heartbeats are answered", async () => {
  const { member, heard } = joined();
  for (let s = 0; s < 120; s += 2) {
    await vi.advanceTimersByTimeAsync(2000);
    consumers[0]!.emit("heartbeat");
  }
  expect(consumers).toHaveLength(1);
  expect(heard).toEqual([[0, 1]]);
  await member.leave();
});

it("joins anew on new connections when it has heard nothing for longer than a rebalance takes", async () => {
  const { member, heard } = joined();
  consumers[0]!.emit("rebalancing");
  await vi.advanceTimersByTimeAsync(33_000);
  expect(consumers).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(2000);
  expect(consumers).toHaveLength(2);
  expect(consumers[0]!.isClosed()).toBe(true);
  expect(consumers[1]!.calls).toEqual(["connect", "subscribe", "run"]);
  consumers[1]!.emit("join", assigned(1));
  // what the first one finds out later counts no more
  consumers[0]!.emit("crash", { restart: false, error: new Error("of the old one") });
  consumers[0]!.emit("rebalancing");
  consumers[0]!.emit("join", assigned(0, 1));
  expect(heard).toEqual([[0, 1], "revoked", [1]]);
  await member.leave();
  expect(consumers[1]!.calls.at(-1)).toBe("disconnect");
});

it("tries for as long as Kafka is away, and passes on what does not pass", async () => {
  const { member, heard } = joined();
  nextFailure = protocolError(kafkaCodes.coordinatorNotAvailable);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(consumers.length).toBe(4);
  expect(heard).toEqual([[0, 1]]);
  nextFailure = protocolError(kafkaCodes.groupForbidden);
  await vi.advanceTimersByTimeAsync(40_000);
  expect(heard.slice(1)).toMatchObject([{ type: "GROUP_AUTHORIZATION_FAILED" }]);
  member.close();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(consumers.length).toBe(5);
});

it("that is asked to leave while it joins does so once it has joined, so that the group hears of it", async () => {
  let arrive = () => {};
  joining = new Promise((resolve) => {
    arrive = resolve;
  });
  const { member } = joined();
  await vi.advanceTimersByTimeAsync(1);
  const left = member.leave();
  await vi.advanceTimersByTimeAsync(1000);
  arrive();
  await left;
  expect(consumers[0]!.calls.filter((call) => call !== "pause")).toEqual(["connect", "subscribe", "run", "disconnect"]);
});
