import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withLock } from "./lock";
import { beginningOf } from "./processes";

let folder: string;
const lock = () => join(folder, "some.lock");
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bootcamp-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the lock of the engine", () => {
  it("lets one in at a time and leaves no file behind", async () => {
    let inside = 0;
    const most: number[] = [];
    const work = async () => {
      most.push(++inside);
      await new Promise((done) => setImmediate(done));
      inside--;
    };
    await Promise.all(Array.from({ length: 8 }, () => withLock(lock(), work)));
    expect(most).toEqual(Array(8).fill(1));
    expect(readdirSync(folder)).toEqual([]);
  });

  it.skipIf(!existsSync("/proc"))(
    "is a typed error where no file can be made, and no hindrance to what ends things",
    async () => {
      const closed = "/proc/some.lock"; // as on a full disk, also for the administrator
      await expect(withLock(closed, async () => "done")).rejects.toMatchObject({ code: "FILE_ACCESS" });
      expect(await withLock(closed, async () => "done", { goWithout: true })).toBe("done");
    },
  );

  it("is given back when the work fails", async () => {
    await expect(withLock(lock(), () => Promise.reject(new Error("work")))).rejects.toThrow("work");
    expect(existsSync(lock())).toBe(false);
  });

  it("takes over from a process that is gone, also when several find it", async () => {
    const gone = spawnSync(process.execPath, ["-e", ""]).pid;
    writeFileSync(lock(), `${gone} token`);
    let done = 0;
    await Promise.all([1, 2, 3].map(() => withLock(lock(), async () => void done++)));
    expect(done).toBe(3);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("takes over from a process whose pid another one has now", async () => {
    const stranger = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    try {
      writeFileSync(lock(), `${stranger.pid} token 1`);
      expect(await withLock(lock(), async () => "done")).toBe("done");
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      stranger.kill();
    }
  });

  it.each(["", "nobody"])("takes over a file that says %j, once it is old enough to stay so", async (content) => {
    writeFileSync(lock(), content);
    const stopped = withLock(lock(), async () => "never", { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: "ABORTED" });
    expect(existsSync(lock())).toBe(true);
    utimesSync(lock(), new Date("2026-01-01"), new Date("2026-01-01"));
    expect(await withLock(lock(), async () => "done")).toBe("done");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("waits for a living process, names it, and stops waiting on request", async () => {
    const holder = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    try {
      writeFileSync(lock(), `${holder.pid} token ${await beginningOf(holder.pid!)}`);
      const controller = new AbortController();
      const waited: number[] = [];
      const onWait = (pid: number) => {
        waited.push(pid);
        controller.abort();
      };
      const work = withLock(lock(), async () => "never", { signal: controller.signal, onWait });
      await expect(work).rejects.toMatchObject({ code: "ABORTED" });
      expect(waited).toEqual([holder.pid]);
      expect(existsSync(lock())).toBe(true);
    } finally {
      holder.kill();
    }
  });
});
