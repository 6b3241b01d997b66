// @module-tag long
import { spawnSync } from "node:child_process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, inject, it, vi } from "vitest";
import type { Alert } from "../../src/alert/alert";
import { describeGroup, resetGroup } from "../../src/kafka/admin/groups";
import { createTopic, describeTopic } from "../../src/kafka/admin/topics";
import { listDead } from "../../src/kafka/dead-letters/dead-letters";
import { publish } from "../../src/kafka/publish/publish";
import { pollAlert } from "../../src/kafka/read/poll";
import { subscribe } from "../../src/kafka/read/subscribe";
import { makeAlert, realZtf } from "../helpers/alerts";
import { dataFolder, needs, python, reportFile } from "../helpers/data";

const bootstrap = inject("bootstrap");
const quiet = { bootstrap, progress: false };

describe.skipIf(needs.python() || needs.data())("messages of librdkafka that are legal and rare", () => {
  it("headers without a value, and twice: all are read, by a group too, which is through then", () => {
    const script = reportFile("..", "produce_odd.py");
    const made = spawnSync(python, [script, bootstrap, "headers", "odd-headers", dataFolder("ztf")], {
      encoding: "utf8",
    });
    expect(made.stderr).toBe("");
    return readAll();
  });

  async function readAll(): Promise<void> {
    const headersOf = ({ origin }: Alert) => (origin.kind === "kafka" ? Object.entries(origin.headers) : []);
    for (const group of [undefined, "odd-readers"]) {
      const stream = await subscribe("odd-headers", { ...quiet, group });
      const read = await stream.toArray();
      expect(String(stream.ledger)).toBe("read 6 = selected 6 + rejected 0 + failed 0");
      expect(headersOf(read[2]!)).toEqual([["trace", null]]);
      expect(headersOf(read[3]!)).toEqual([
        ["a", Buffer.from("1")],
        ["bin", Buffer.from([255, 254, 0])],
      ]);
      expect(headersOf(read[4]!)).toEqual([["empty", Buffer.alloc(0)]]);
    }
    expect(await describeGroup("odd-readers", { bootstrap })).toMatchObject({ lag: 0n });
    const polled = [];
    for (let n = 0; n < 6; n++)
      polled.push((await pollAlert("odd-headers", { bootstrap, group: "odd-pollers" })).origin);
    expect(polled.map((origin) => (origin.kind === "kafka" ? Number(origin.offset) : -1))).toEqual([0, 1, 2, 3, 4, 5]);
  }
});

describe.skipIf(needs.data())("what is kept of alerts", () => {
  it("does not keep what they were fetched with: origins of megabytes are a few bytes", async () => {
    const topic = "odd-origins";
    const sent = Array.from({ length: 10 }, () => realZtf()).flat();
    await publish(sent, { bootstrap, topic, fast: true });
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const origins: unknown[] = [];
    collect();
    const before = process.memoryUsage().arrayBuffers;
    const bytes = sent.reduce((sum, alert) => sum + alert.bytes.length, 0);
    for await (const alert of await subscribe(topic, quiet)) origins.push(alert.origin);
    expect(origins.length).toBe(sent.length);
    // V8 gives buffers back on a thread of its own, some time after they were collected
    await vi.waitFor(
      () => {
        collect();
        expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(bytes / 10);
      },
      { timeout: 20_000 },
    );
  });
});

describe("the survey that is asked for", () => {
  it("is checked at the first alert, which says what the topic holds", async () => {
    await publish([makeAlert(1)], { bootstrap, topic: "odd-survey", fast: true });
    const wrong = await subscribe("odd-survey", { ...quiet, survey: "lsst" });
    await expect(wrong.toArray()).rejects.toMatchObject({
      code: "USAGE",
      message: 'Expected alerts of survey "lsst" in topic "odd-survey", it holds "ztf"',
    });
    expect(await (await subscribe("odd-survey", { ...quiet, survey: "ztf" })).count()).toBe(1);
  });
});

describe("a topic that is not there", () => {
  it("is not waited for when one is there that is meant, which is named first", async () => {
    await createTopic("odd-misspelt-stream", { bootstrap, partitions: 1 });
    const started = performance.now();
    await expect(subscribe("odd_mispelt_stream", { ...quiet, waitSeconds: 60 })).rejects.toMatchObject({
      code: "TOPIC_ABSENT",
      remedy: expect.stringContaining('did you mean "odd-misspelt-stream"?'),
    });
    const absent = { code: "TOPIC_ABSENT", remedy: expect.stringContaining('did you mean "odd-misspelt-stream"?') };
    await expect(describeTopic("odd_mispelt_stream", { bootstrap })).rejects.toMatchObject(absent);
    await expect(resetGroup("g", "odd_mispelt_stream", "latest", { bootstrap })).rejects.toMatchObject(absent);
    const letters = listDead("odd-misspelt-stream", { bootstrap });
    await expect(letters.next()).rejects.toMatchObject({
      remedy: expect.stringContaining("alerts filter odd-misspelt-stream"),
    });
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});
