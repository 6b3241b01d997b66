// @module-tag long
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, describe, expect, inject, it } from "vitest";
import { describeTopic } from "../../src/kafka/admin/topics";
import { subscribe } from "../../src/kafka/read/subscribe";
import { simulateNight } from "../../src/simulate/night";
import { scratch } from "../files/make";
import { makeAlert } from "../helpers/alerts";
import { alerts } from "../helpers/alerts-command";

const bootstrap = inject("bootstrap");
const folder = scratch();
const env = { KAFKA_BOOTSTRAP: bootstrap, BOOTCAMP_HOME: folder };
const run = (...args: string[]) => alerts(args, { env });
const held = async (topic: string) => Number((await describeTopic(topic, { bootstrap })).messages);
const bytesOf = async (topic: string) =>
  (await (await subscribe(topic, { bootstrap, progress: false })).toArray()).map(({ bytes }) =>
    bytes.toString("base64"),
  );

describe("alerts send --simulate", () => {
  it.each([
    ["ztf", ["--alerts", "30", "--visits", "3"]],
    ["lsst", ["--alerts", "20", "--visits", "2", "--stamps", "none"]],
  ] as const)("publishes the %s night of a seed, byte for byte", async (survey, size) => {
    const topic = `simulated-${survey}`;
    const sent = await run("send", "--simulate", survey, "--seed", "11", ...size, "--topic", topic, "--every", "0.1");
    expect(sent.code, sent.stderr).toBe(0);
    const [, count, , visits] = size;
    const options = {
      survey: survey as "ztf",
      seed: 11,
      alerts: Number(count),
      visits: Number(visits),
      stamps: "none" as const,
    };
    const night = [...simulateNight(options).visits()].flatMap((visit) => visit.alerts);
    expect(sent.stderr).toContain(`${night.length} alerts acknowledged in ${visits} visits`);
    expect((await bytesOf(topic)).sort()).toEqual(night.map(({ bytes }) => bytes.toString("base64")).sort());
  });

  it("goes with files no more than with an unknown survey", async () => {
    for (const args of [
      ["--simulate", "ztf", folder],
      ["--simulate", "des"],
    ])
      expect([args, (await run("send", ...args, "--topic", "simulated-wrong")).code]).toEqual([args, 2]);
  });
});

describe("alerts send --fresh", () => {
  it("empties the topic for files that hold an alert, and never for a folder that holds none", async () => {
    const [good, empty, damaged] = ["good", "empty", "damaged"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    for (const each of [good, empty, damaged]) mkdirSync(each);
    for (const n of [1, 2]) writeFileSync(join(good, `${n}.avro`), makeAlert(n).bytes);
    writeFileSync(join(damaged, "1.avro"), makeAlert(1).bytes.subarray(0, 100));
    const send = (path: string) => run("send", path, "--topic", "fresh", "--every", "0.1", "--fresh");
    expect((await send(good)).code).toBe(0);
    expect((await send(empty)).stderr).toContain("there are none");
    expect((await send(damaged)).stderr).toContain("1.avro");
    expect((await send(join(folder, "absent"))).code).toBe(1);
    expect(await held("fresh")).toBe(2);
    expect((await send(good)).code).toBe(0);
    expect(await held("fresh")).toBe(2);
  });
});

describe("alerts stream start --survey lsst", () => {
  afterAll(() => run("stream", "stop"));

  it("publishes a small LSST night in the background, of the size that is asked for", async () => {
    const size = ["--alerts", "20", "--visits", "2", "--stamps", "none", "--every", "0.1"];
    const start = await run(
      "stream",
      "start",
      "--survey",
      "lsst",
      "--topic",
      "lsst-small",
      "--engine",
      "external",
      ...size,
    );
    expect(start.code, start.stderr).toBe(0);
    expect(start.stderr).toMatch(/^visit 1 .*alerts$/m);
    let status: { running: boolean; finished: boolean; visits: number };
    do {
      await wait(50);
      status = JSON.parse((await run("stream", "status", "--json")).stdout);
    } while (status.running);
    expect(status).toMatchObject({ finished: true, visits: 2 });
    const [first] = await (await subscribe("lsst-small", { bootstrap, progress: false, limit: 1 })).toArray();
    expect(first!.survey).toBe("lsst");
    expect(await held("lsst-small")).toBe(simulateNight({ survey: "lsst", seed: 7, alerts: 20, visits: 2 }).alertCount);
    expect((await run("stream", "start", "--alerts", "5")).code).toBe(2);
  });
});
