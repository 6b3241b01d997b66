import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { describeGroup } from "../../src/kafka/admin/groups";
import { createTopic, deleteTopic, listTopics } from "../../src/kafka/admin/topics";
import { publish } from "../../src/kafka/publish/publish";
import { subscribe } from "../../src/kafka/read/subscribe";
import { makeAlert, realZtf } from "../helpers/alerts";
import { needs } from "../helpers/data";

const bootstrap = inject("bootstrap");
const quiet = { bootstrap, progress: false };
const many = (count: number, first = 0) => Array.from({ length: count }, (_, n) => makeAlert(first + n));
const send = (topic: string, alerts = many(40)) => publish(alerts, { bootstrap, topic, fast: true });

const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
const admin = kafka.admin();
beforeAll(() => admin.connect());
afterAll(() => admin.disconnect());

describe("subscribe", () => {
  it.skipIf(needs.data())("gives back real alerts byte for byte, and the counts of the classic lesson", async () => {
    const alerts = realZtf();
    await send("real", alerts);
    const night = await subscribe("real", quiet);
    const back = new Map((await night.toArray()).map((alert) => [alert.alertId, alert]));
    expect(back.size).toBe(alerts.length);
    for (const alert of alerts) {
      const copy = back.get(alert.alertId)!;
      expect(copy.bytes.equals(alert.bytes)).toBe(true);
      expect(copy.origin).toMatchObject({ kind: "kafka", topic: "real", key: alert.objectId });
    }
    expect(await night.filter((alert) => alert.mag < 16).count()).toBe(39);
    expect(String(night.ledger)).toBe("read 115 = selected 39 + rejected 76 + failed 0");
  });

  it("starts again at each iteration, ends when caught up, and leaves no group behind", async () => {
    await send("again");
    const stream = await subscribe("again", quiet);
    expect(await stream.count()).toBe(40);
    expect((await stream.take(3).toArray()).length).toBe(3);
    await send("again", many(5, 100));
    expect(await stream.count()).toBe(45);
    // those of this process: other test files read from the same broker at the same time
    const { groups } = await admin.listGroups();
    expect(groups.filter(({ groupId }) => groupId.startsWith(`alert-bootcamp-${process.pid}-`))).toEqual([]);
  });

  it("from latest sees what is published after it was awaited, and nothing before", async () => {
    await send("latest");
    const news = await subscribe("latest", { ...quiet, from: "latest" });
    await send("latest", many(7, 200));
    expect(await news.count()).toBe(7);
  });

  it("from a time begins at the first message of that time", async () => {
    await send("times", many(6));
    const middle = new Date(Date.now() + 1);
    while (Date.now() <= middle.getTime()); // the next messages get a later millisecond
    await send("times", many(4, 50));
    expect(await (await subscribe("times", { ...quiet, from: middle })).count()).toBe(4);
    expect(await (await subscribe("times", { ...quiet, from: "2020-01-01" })).count()).toBe(10);
    expect(() => subscribe("times", { ...quiet, from: "yesterday" })).toThrow(/got "yesterday"/);
  });

  it("with a limit and no other end waits for alerts that come later", async () => {
    await send("limit", many(3));
    const first = (await subscribe("limit", { ...quiet, until: "forever", limit: 5 })).toArray();
    await send("limit", many(4, 10));
    expect((await first).length).toBe(5);
  });

  it.each([undefined, "limit-group"])("with a limit ends at what the topic holds, group %s", async (group) => {
    const topic = `limit-held-${group}`;
    await send(topic, many(3));
    expect(await (await subscribe(topic, { ...quiet, group, limit: 5 })).count()).toBe(3);
    expect(await (await subscribe(topic, { ...quiet, limit: 2 })).count()).toBe(2);
  });

  it("until idle goes on while alerts come", async () => {
    await send("idle", many(3));
    const seen: unknown[] = [];
    for await (const alert of await subscribe("idle", { ...quiet, until: "idle", idleSeconds: 1 })) {
      seen.push(alert.alertId);
      if (seen.length === 3) void send("idle", many(3, 30));
    }
    expect(seen.length).toBe(6);
  });

  it("until forever ends with its signal", async () => {
    await send("forever", many(3));
    const controller = new AbortController();
    let count = 0;
    for await (const _ of await subscribe("forever", { ...quiet, until: "forever", signal: controller.signal })) {
      if (++count === 3) controller.abort();
    }
    expect(count).toBe(3);
  });

  it("a named group goes on where it stopped, by what the reader finished", async () => {
    await send("named", many(20));
    const read = async (take: number) =>
      (
        await (
          await subscribe("named", { ...quiet, group: "lesson", until: "idle", idleSeconds: 1 })
        )
          .take(take)
          .toArray()
      ).map((alert) => String(alert.alertId));
    const first = await read(8);
    const rest = await read(100);
    expect(first.length).toBe(8);
    expect(new Set([...first, ...rest]).size).toBe(20);
    expect(rest.length).toBe(12);
  });

  it("a named group that is caught up ends at once, and sees what comes later", async () => {
    await send("caught", many(6));
    const stream = await subscribe("caught", { ...quiet, group: "caught-up" });
    expect(await stream.count()).toBe(6);
    expect(await stream.count()).toBe(0);
    await send("caught", many(3, 40));
    expect(await stream.count()).toBe(3);
  });

  /** Reads on as a member of a group, until `stop`. */
  function follow(topic: string, group: string) {
    const controller = new AbortController();
    const seen: string[] = [];
    const ended = (async () => {
      const options = { ...quiet, group, until: "forever" as const, signal: controller.signal };
      for await (const { alertId } of await subscribe(topic, options)) seen.push(String(alertId));
    })();
    return { seen, ended, stop: () => controller.abort() };
  }
  const patience = { timeout: 20_000, interval: 100 };
  const membersOf = (group: string, count: number) =>
    vi.waitFor(async () => {
      expect(await describeGroup(group, { bootstrap })).toMatchObject({ members: count, state: "Stable" });
    }, patience);

  it("gives nothing twice to a group that another member joins, and the newcomer what comes", async () => {
    await send("joined", many(40));
    const one = follow("joined", "joined");
    await vi.waitFor(() => expect(one.seen.length).toBe(40), patience);
    const two = follow("joined", "joined");
    await membersOf("joined", 2);
    await send("joined", many(40, 100));
    await vi.waitFor(() => expect(new Set([...one.seen, ...two.seen]).size).toBe(80), patience);
    for (const { stop } of [one, two]) stop();
    await Promise.all([one.ended, two.ended]);
    expect(two.seen.length).toBeGreaterThan(0);
    expect(one.seen.length + two.seen.length).toBe(80);
  });

  it("a member without a partition waits until it gets one", async () => {
    await createTopic("one-partition", { bootstrap, partitions: 1 });
    await send("one-partition", many(3));
    const members = [follow("one-partition", "standby"), follow("one-partition", "standby")];
    await membersOf("standby", 2);
    const first = await vi.waitFor(() => members.find(({ seen }) => seen.length === 3) ?? Promise.reject(), patience);
    const other = members.find((member) => member !== first)!;
    first.stop();
    await first.ended;
    await send("one-partition", many(2, 100));
    await vi.waitFor(() => expect(other.seen.slice(-2)).toHaveLength(2), patience);
    other.stop();
    await other.ended;
  });

  it("commits what a member has finished also when nothing follows", async () => {
    await send("quiet-group", many(3));
    const one = follow("quiet-group", "quiet-group");
    await vi.waitFor(async () => {
      const { partitions, lag } = await describeGroup("quiet-group", { bootstrap });
      expect({ read: partitions.length, lag }).toEqual({ read: expect.any(Number), lag: 0n });
      expect(partitions.length).toBeGreaterThan(0);
    }, patience);
    one.stop();
    await one.ended;
  });

  it("leaves no timer behind that would keep the process, with a group", async () => {
    await send("no-timer", many(2));
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const before = timers();
    expect(await (await subscribe("no-timer", { ...quiet, group: "no-timer" })).count()).toBe(2);
    expect(timers()).toBeLessThanOrEqual(before);
  });

  it("gives an alert again to its group when the reader left in the middle of it", async () => {
    await send("crash", many(5));
    const options = { ...quiet, group: "crasher", until: "idle" as const, idleSeconds: 1 };
    const broken = (async () => {
      for await (const _ of await subscribe("crash", options)) throw new Error("in the middle");
    })();
    await expect(broken).rejects.toThrow("in the middle");
    expect(await (await subscribe("crash", options)).count()).toBe(5);
  });

  it("enters what cannot be decoded with its place, and reads the rest", async () => {
    const topic = "poison";
    await createTopic(topic, { bootstrap, partitions: 1 });
    const producer = kafka.producer();
    await producer.connect();
    const good = makeAlert(1).bytes;
    const values = [good, Buffer.from("garbage"), Buffer.alloc(0), good.subarray(0, good.length - 20), null, good];
    await producer.send({ topic, messages: values.map((value) => ({ value })) });
    await producer.disconnect();
    const stream = await subscribe(topic, quiet);
    expect(await stream.count()).toBe(2);
    expect(String(stream.ledger)).toBe("read 6 = selected 2 + rejected 0 + failed 4");
    expect(stream.ledger.failures.map(({ where, error }) => [where, (error as { code?: string }).code])).toEqual([
      ["poison[0]@1", "NOT_AVRO"],
      ["poison[0]@2", "AVRO_TRUNCATED"],
      ["poison[0]@3", "AVRO_TRUNCATED"],
      ["poison[0]@4", "NOT_AVRO"],
    ]);
  });

  it("ends at a transaction's marker and skips what was aborted", async () => {
    const topic = "transactions";
    await createTopic(topic, { bootstrap, partitions: 1 });
    const producer = kafka.producer({ transactionalId: "tx-test", maxInFlightRequests: 1, idempotent: true });
    await producer.connect();
    for (const [count, commit] of [
      [3, true],
      [4, false],
      [2, true],
      [1, false],
    ] as const) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: many(count).map((alert) => ({ value: alert.bytes })) });
      await (commit ? transaction.commit() : transaction.abort());
    }
    await producer.disconnect();
    expect(await (await subscribe(topic, quiet)).count()).toBe(5);
  });

  it("names what is missing, within seconds and with the command that helps", async () => {
    const failure = (topic: string, options: object) =>
      subscribe(topic, { ...quiet, waitSeconds: 0.3, ...options }).then(String, (error) => error);
    expect(await failure("absent", {})).toMatchObject({
      code: "TOPIC_ABSENT",
      remedy: expect.stringContaining("./launch_alert_system.sh"),
    });
    await createTopic("empty", { bootstrap });
    expect(await failure("empty", {})).toMatchObject({
      code: "TOPIC_EMPTY",
      remedy: expect.stringContaining("./launch_alert_system.sh"),
    });
    expect(await failure("x", { bootstrap: "127.0.0.1:1" })).toMatchObject({
      code: "KAFKA_UNREACHABLE",
      remedy: expect.stringContaining("alerts up"),
    });
    expect(await failure("x", { bootstrap: "no-such-host.invalid:9092" })).toMatchObject({
      code: "KAFKA_UNREACHABLE",
      message: expect.stringContaining("host name is unknown"),
    });
    expect(() => subscribe("bad name", quiet)).toThrow(/Expected a topic name/); // at once: nothing is asked
  });

  it("is chained and iterated without being awaited, connecting then, and again after a failure", async () => {
    const early = subscribe("not-yet", { ...quiet, waitSeconds: 0.1 });
    await expect(early.count()).rejects.toMatchObject({ code: "TOPIC_ABSENT" });
    await send("not-yet", many(6));
    expect(await early.count()).toBe(6);
    expect(await early.take(4).map(String).toArray()).toHaveLength(4);
    const seen: string[] = [];
    for await (const alert of early) seen.push(String(alert.alertId));
    expect(new Set(seen).size).toBe(6);
    expect(early.ledger).toMatchObject({ read: 6, selected: 6 });
    const limited = subscribe("not-yet", { ...quiet, limit: 2 });
    expect([await limited.count(), await (await limited).count(), limited.ledger.read]).toEqual([2, 2, 2]);
  });

  it("fixes latest when it is awaited, or else when it is first iterated", async () => {
    await send("moments", many(3));
    const newest = { ...quiet, from: "latest", waitSeconds: 0.3 } as const;
    const [awaited, not] = [await subscribe("moments", newest), subscribe("moments", newest)];
    await send("moments", many(2, 10));
    expect(await awaited.count()).toBe(2);
    await expect(not.count()).rejects.toMatchObject({ code: "NOTHING_NEW" });
  });

  it("deletes topics for good", async () => {
    await createTopic("gone", { bootstrap });
    expect(await deleteTopic("gone", { bootstrap })).toBe(true);
    expect(await deleteTopic("gone", { bootstrap })).toBe(false);
    expect(await listTopics({ bootstrap })).not.toContain("gone");
  });
});
