import { type ChildProcess, spawn } from "node:child_process";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { describeGroup, resetGroup } from "../../src/kafka/admin/groups";
import { createTopic } from "../../src/kafka/admin/topics";
import { monitorTopics } from "../../src/kafka/monitor/monitor";
import { publish } from "../../src/kafka/publish/publish";
import { subscribe } from "../../src/kafka/read/subscribe";
import { makeAlert } from "../helpers/alerts";
import { needs, python } from "../helpers/data";

const bootstrap = inject("bootstrap");
const topic = "others-in";
const members: ChildProcess[] = [];

/** A member of another language, by librdkafka; resolves once it has partitions. */
function join(group: string, protocol: "classic" | "consumer"): Promise<void> {
  const code = `
import sys
from confluent_kafka import Consumer
bootstrap, group, protocol, topic = sys.argv[1:5]
c = Consumer({"bootstrap.servers": bootstrap, "group.id": group, "group.protocol": protocol, "auto.offset.reset": "earliest"})
c.subscribe([topic])
while True:
    m = c.poll(0.2)
    if c.assignment(): print("has", flush=True)
    if m and not m.error(): c.commit(m)
`;
  const child = spawn(python, ["-c", code, bootstrap, group, protocol, topic], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  members.push(child);
  return new Promise((resolve, reject) => {
    child.stdout!.once("data", () => resolve());
    child.once("exit", (code) => reject(new Error(`the member ended with ${code}`)));
  });
}

beforeAll(async () => {
  await createTopic(topic, { bootstrap, partitions: 2 });
  await publish(
    Array.from({ length: 10 }, (_, n) => makeAlert(n)),
    { bootstrap, topic, fast: true },
  );
});
afterAll(() => {
  for (const member of members) member.kill("SIGKILL");
});

describe.skipIf(needs.python())("a group of another language", () => {
  it("by the protocol of KIP-848 is described with its type, state and members, and neither moved nor read up to its end", async () => {
    await join("others-new", "consumer");
    expect(await describeGroup("others-new", { bootstrap })).toMatchObject({
      type: "consumer",
      state: "Stable",
      members: 1,
    });
    await expect(resetGroup("others-new", topic, "earliest", { bootstrap })).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringContaining("it has 1"),
    });
    const monitor = monitorTopics({ bootstrap, topics: [topic], groups: ["others-new"], read: false });
    const { value } = await monitor.next();
    expect(value!.groups[0]).toMatchObject({ state: "Stable", members: 1 });
    await monitor.return();
    const stream = await subscribe(topic, { bootstrap, group: "others-new", progress: false });
    await expect(stream.count()).rejects.toMatchObject({ message: expect.stringContaining("another client") });
  });

  it("is named at once as held by another client, instead of being waited for", async () => {
    await join("others-old", "classic");
    const stream = await subscribe(topic, { bootstrap, group: "others-old", progress: false, until: "idle" });
    await expect(stream.count()).rejects.toMatchObject({ message: expect.stringContaining("another client") });
  });
});
