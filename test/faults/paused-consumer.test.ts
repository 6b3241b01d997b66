import { describe, expect, inject, it } from "vitest";
import { describeGroup } from "../../src/kafka/admin/groups";
import { publish } from "../../src/kafka/publish/publish";
import { pause } from "../../src/pause";
import { Child } from "./child";
import { namesOf, visitOf } from "./sending";

const bootstrap = inject("bootstrap");
/** The session time-out of every reader. */
const sessionSeconds = 30;
const longerMs = (sessionSeconds + 3) * 1000;
const count = 2000;

/** Reads as a member of a group and says what it reads; takes a nap in the middle of one alert, or is put to sleep. */
const reader = (topic: string, group: string | undefined, more: string) =>
  new Child(
    `const { consume } = require("./dist/kafka/read/consume.js");
    const { extentOf } = require("./dist/kafka/read/positions.js");
    const { withAdmin } = require("./dist/kafka/client/connection.js");
    const options = { bootstrap: "${bootstrap}", sessionSeconds: ${sessionSeconds}, group: ${JSON.stringify(group)} };
    const extent = await withAdmin(options, (admin) => extentOf(admin, "${topic}"));
    const go = new Promise((resolve) => process.once("SIGUSR2", resolve));
    let n = 0;
    for await (const { message } of consume("${topic}", { ...options, starts: extent.first, ends: extent.next })) {
      say(message.key.toString());
      n++;
      ${more}
    }`,
  );

const nap = `if (n === 300) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${longerMs});`;
const waiting = "if (n === 20) await go;";

async function stock(topic: string): Promise<void> {
  const visits = Array.from({ length: count / 100 }, (_, n) => visitOf(n, 100));
  await publish(visits, { bootstrap, topic, fast: true });
}

describe.concurrent("a reader that is away for longer than its session", () => {
  const timeout = 300_000;

  it.each(["paused-alone", undefined])(
    "is given each alert once when nobody else is there (group %s)",
    {
      timeout,
    },
    async (group) => {
      const topic = `${group ?? "paused-ungrouped"}-in`;
      await stock(topic);
      const busy = reader(topic, group, nap);
      expect([await busy.end, busy.stderr]).toEqual([0, ""]);
      expect(busy.lines.sort()).toEqual(namesOf(count).sort());
      if (group !== undefined) expect(await lagOf(group)).toBe(0n);
    },
  );

  it("shares with the other member of its group: every alert at least once, and no crash", { timeout }, async () => {
    const [topic, group] = ["paused-pair-in", "paused-pair"];
    await stock(topic);
    const readers = [reader(topic, group, waiting), reader(topic, group, waiting)];
    await Promise.all(readers.map((one) => one.said(20)));
    readers[0]!.kill("SIGSTOP");
    for (const one of readers) one.kill("SIGUSR2");
    await pause(longerMs);
    readers[0]!.kill("SIGCONT");
    for (const one of readers) expect([await one.end, one.stderr]).toEqual([0, ""]);
    const read = readers.flatMap(({ lines }) => lines);
    expect([...new Set(read)].sort()).toEqual(namesOf(count).sort());
    for (const { lines } of readers) expect(new Set(lines).size).toBe(lines.length);
    expect(await lagOf(group)).toBe(0n);
  });
});

async function lagOf(group: string): Promise<bigint> {
  const { partitions } = await describeGroup(group, { bootstrap });
  return partitions.reduce((sum, { lag }) => sum + lag, 0n);
}
