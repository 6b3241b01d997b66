import { mkdirSync, mkdtempSync, rmdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isAlive } from "../../broker/process-alive";
import {
  endStrays,
  isRunning,
  readBackground,
  readLog,
  saveBackground,
  startBackground,
  stopBackground,
} from "./background";
import { processesNaming } from "./find-processes";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "background-"));
  vi.stubEnv("BOOTCAMP_HOME", home);
});
afterEach(async () => {
  await stopBackground("job", 1);
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

const start = (code: string, ...more: string[]) =>
  startBackground("job", { program: process.execPath, args: ["-e", code, ...more], settings: { topic: "t" } });
const forever = "console.log('here'); setInterval(() => {}, 1000)";

describe("a process in the background", () => {
  it("is found again by what is written down, with its settings and its log", async () => {
    const started = start(forever);
    const found = readBackground<{ topic: string }>("job")!;
    expect(found).toEqual(started);
    expect(found.settings.topic).toBe("t");
    expect(await isRunning(found)).toBe(true);
    await vi.waitFor(() => expect(readLog("job")).toBe("here\n"));
    expect(statSync(join(home, "job.json")).mode & 0o077).toBe(0);
  });

  it("is ended, and forgotten; to end it again does nothing", async () => {
    const { pid } = start(forever);
    expect(await stopBackground("job", 5)).toBe(true);
    expect(isAlive(pid)).toBe(false);
    expect(readBackground("job")).toBeUndefined();
    expect(await stopBackground("job", 5)).toBe(false);
  });

  it("does not run when nobody could find it: its state cannot be kept", async () => {
    mkdirSync(join(home, "job.json"));
    expect(() => start(forever, home)).toThrow("Expected a place for files of the bootcamp");
    await vi.waitFor(async () => expect(await processesNaming(home)).toEqual([]));
    rmdirSync(join(home, "job.json"));
  });

  it("is found by its command line when its state is lost", async () => {
    const { pid } = start(forever, "--", `--kept-in=${home}`);
    await vi.waitFor(() => expect(readLog("job")).toBe("here\n")); // before, its command line is still that of its parent
    expect(await endStrays(`--kept-in=${home}`, 5)).toBe(true);
    expect(isAlive(pid)).toBe(false);
    expect(await endStrays(`--kept-in=${home}`, 5)).toBe(false);
  });

  it("that ended by itself does not count as running", async () => {
    const state = start("");
    await vi.waitFor(async () => expect(await isRunning(state)).toBe(false), 5000);
    expect(await stopBackground("job", 5)).toBe(false);
  });

  it("is not confused with another process that has its number by now: that one is left alone", async () => {
    const other = start(forever);
    saveBackground("job", { ...other, command: "node something-else.js" });
    expect(await stopBackground("job", 5)).toBe(false);
    expect(isAlive(other.pid)).toBe(true);
    saveBackground("job", other);
  });

  it("is ended alone, and another one that was started under its name meanwhile stays known", async () => {
    const [mine, other] = [start(forever), start(forever)];
    expect(await stopBackground("job", 5, mine)).toBe(true);
    expect([isAlive(mine.pid), isAlive(other.pid)]).toEqual([false, true]);
    expect(readBackground("job")).toEqual(other);
  });

  it("that cannot be started at all counts as ended", async () => {
    const state = startBackground("job", { program: join(home, "no-such-program"), args: [], settings: null });
    expect(await isRunning(state)).toBe(false);
  });
});

describe("processesNaming", () => {
  it("finds a process by an argument of its own, and not the one that asks", async () => {
    const mark = join(home, "kernel-1.json");
    const { pid } = start(forever, mark);
    await vi.waitFor(async () => expect((await processesNaming(mark)).map((found) => found.pid)).toEqual([pid]));
    const [, script] = process.argv;
    expect((await processesNaming(script!)).map((found) => found.pid)).not.toContain(process.pid);
  });
});
