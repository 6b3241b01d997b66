// @module-tag long
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { createTopic } from "../../src/kafka/admin/topics";
import { withAdmin } from "../../src/kafka/client/connection";
import { makeAlert } from "../helpers/alerts";
import { inProcess } from "../helpers/in-process";
import { sendMessages } from "../helpers/send-messages";

const topic = `reports-${process.pid}`;
const group = `${topic}-reader`;

beforeAll(async () => {
  const bootstrap = inject("bootstrap");
  vi.stubEnv("KAFKA_BOOTSTRAP", bootstrap);
  await createTopic(topic, { bootstrap, partitions: 3 });
  const messages = Array.from({ length: 12 }, (_, n) => ({ value: makeAlert(n).bytes, partition: n % 3 }));
  await sendMessages(bootstrap, topic, messages);
  // of one partition alone: what the group has never read counts as well
  await withAdmin({ bootstrap }, (admin) => admin.commitOffsets(group, topic, new Map([[1, 3n]])));
});
afterAll(() => void vi.unstubAllEnvs());

/** The objects of an output of JSON lines. */
async function lines(...args: string[]): Promise<any[]> {
  const { stdout } = await inProcess([...args, "--json"]);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("--json", () => {
  it("is one object per line: counts are numbers, lists are lists, ids are text", async () => {
    const [listed] = (await lines("topics", "list")).filter((row) => row.topic === topic);
    expect(listed).toEqual({ topic, partitions: 3, offsets: 12 });
    const [described] = await lines("topics", "describe", topic);
    expect(described).toMatchObject({ topic, offsets: 12 });
    expect(described.partitions[0]).toMatchObject({ partition: 0, first: 0, next: 4, offsets: 4 });
    expect(described.partitions[0].replicas).toEqual([expect.any(Number)]);
    const printed = await lines("print", topic);
    expect(printed.length).toBe(12);
    expect(printed.find((row) => row.partition === 0 && row.offset === 0).alertId).toBe(String(2n ** 60n));
    const checks = await lines("doctor");
    expect(checks.length).toBeGreaterThan(3);
    for (const check of checks) expect(check.state).toMatch(/^(ok|missing|unused)$/);
    expect((await lines("filter", "--list")).length).toBeGreaterThan(20);
  });

  it("gives the same lag of a group in every command, also of partitions it has never read", async () => {
    const inList = (await lines("groups", "list")).find((row) => row.group === group);
    const [described] = await lines("groups", "describe", group);
    const [monitored] = await lines("monitor", topic, "--group", group, "--once", "--interval", "0.2");
    expect([inList.lag, described.lag, monitored.groups[0].lag]).toEqual([9, 9, 9]);
    expect(inList.topics).toEqual([topic]);
    expect(described.partitions).toEqual(monitored.groups[0].partitions);
    expect(described.partitions.map((row: any) => [row.partition, row.committed, row.lag])).toEqual([
      [0, null, 4],
      [1, 3, 1],
      [2, null, 4],
    ]);
  });
});
