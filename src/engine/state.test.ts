import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { brokerFolder, dataFolderOf, type EngineState, readState, statePath, writeState } from "../broker/engine-state";
import { startEngine, stopEngine } from "./engine";
import { brokersFor, dataLayout } from "./local/data-layout";
import { describeBroker } from "./local/local";
import { engineStatus } from "./status";

let home: string;
const before = { home: process.env.BOOTCAMP_HOME, bootstrap: process.env.KAFKA_BOOTSTRAP };
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "bootcamp-state-"));
  process.env.BOOTCAMP_HOME = home;
  delete process.env.KAFKA_BOOTSTRAP;
});
afterEach(() => {
  if (before.home === undefined) delete process.env.BOOTCAMP_HOME;
  else process.env.BOOTCAMP_HOME = before.home;
  if (before.bootstrap !== undefined) process.env.KAFKA_BOOTSTRAP = before.bootstrap;
  rmSync(home, { recursive: true, force: true });
});

const stateOf = (brokers = [describeBroker(1, 9192, 9193)]): EngineState => ({
  engine: "local",
  version: "4.2.1",
  bootstrap: brokers.map(({ port }) => `127.0.0.1:${port}`).join(","),
  startedAt: "2026-11-30T00:00:00Z",
  brokers,
});

describe("the record of what was started", () => {
  it("is read as it was written", () => {
    expect(readState()).toBeUndefined();
    writeState(stateOf());
    expect(readState()).toEqual(stateOf());
  });

  it.each([
    ["cut short", (text: string) => text.slice(0, text.length / 2)],
    ["empty", () => ""],
    ["nothing but zeros", (text: string) => "\0".repeat(text.length)],
    ["null", () => "null"],
    ["a list", () => "[]"],
    ["null for its address", (text: string) => text.replace(/"127.*?"/, "null")],
    ["null for its brokers", (text: string) => text.replace(/"brokers": \[.*\]/s, '"brokers": null')],
    ["null for one broker", (text: string) => text.replace(/"brokers": \[.*\]/s, '"brokers": [null]')],
    ["null for a pid", (text: string) => text.replace(/"pid": 0/, '"pid": null')],
    ["a word for options of the JVM", (text: string) => text.replace(/"pid": 0/, '"pid": 0, "jvm": "-x"')],
  ])("%s: an error, and not the Kafka of somebody else", async (_, damage) => {
    writeState(stateOf());
    writeFileSync(statePath(), damage(readFileSync(statePath(), "utf8")));
    expect(() => readState()).toThrow(expect.objectContaining({ code: "FILE_ACCESS", where: statePath() }));
    await expect(engineStatus()).rejects.toMatchObject({ code: "FILE_ACCESS" });
    // no broker of this folder runs: the next start or stop clears it away
    expect(await stopEngine()).toBeUndefined();
    expect(readState()).toBeUndefined();
  });
});

describe("a broker that has ended", () => {
  it.each([
    ["2026 ERROR Shutdown broker because all log dirs have failed\n2026 INFO bye", /all log dirs have failed$/],
    ["2026 INFO fine", /names no failure; it was killed/],
    ["java.io.IOException: No space left on device", /the disk of .*broker-1 is full$/],
  ])("is told with its last words: %s", async (log, words) => {
    const broker = describeBroker(1, 9192, 9193);
    mkdirSync(join(home, "logs"));
    writeFileSync(broker.log, log);
    writeState(stateOf([broker]));
    for (const _ of ["once", "and again"]) {
      const status = await engineStatus();
      expect(status).toMatchObject({ engine: "none", reachable: false, bootstrap: "127.0.0.1:9192" });
      expect(status.brokers[0]!.lastWords).toMatch(words);
    }
  });
});

describe("the brokers of the data", () => {
  /** Folders as brokers leave them. */
  function data(count: number, formatted = count): void {
    for (let id = 1; id <= count; id++) {
      mkdirSync(dataFolderOf(id), { recursive: true });
      if (id <= formatted) writeFileSync(join(dataFolderOf(id), "meta.properties"), "");
      const voters = Array.from({ length: count }, (_, i) => `${i + 1}@127.0.0.1:${7000 + i}`);
      const listeners = `PLAINTEXT://127.0.0.1:${9500 + id},CONTROLLER://127.0.0.1:${7000 + id}`;
      writeFileSync(
        join(brokerFolder(id), "server.properties"),
        `controller.quorum.voters=${voters}\nlisteners=${listeners}\n`,
      );
    }
  }

  it("none yet: as many as are asked for", () => {
    expect(dataLayout()).toBeUndefined();
    expect([brokersFor(undefined, undefined), brokersFor(undefined, 3)]).toEqual([1, 3]);
  });

  it.each([1, 3])("%s: their number and ports", (count) => {
    data(count);
    expect(dataLayout()).toEqual({ brokers: count, ports: [9501, 9502, 9503].slice(0, count) });
    expect([brokersFor(dataLayout(), undefined), brokersFor(dataLayout(), count)]).toEqual([count, count]);
  });

  it("three of which one was prepared, as an interrupted start leaves them", () => {
    data(3, 1);
    expect(dataLayout()?.brokers).toBe(3);
  });

  it.each([
    [3, 1],
    [1, 3],
  ] as const)("%s are not started as %s, with both ways out", async (there, asked) => {
    data(there);
    const error = await startEngine({ engine: "local", brokers: asked }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "USAGE", message: expect.stringContaining(`Expected ${there} broker`) });
    expect((error as { remedy: string }).remedy).toBe(
      `go on with them: npx alerts up --brokers ${there}; or start empty: npx alerts up --brokers ${asked} --reset`,
    );
  });
});
