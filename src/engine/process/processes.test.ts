import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { isAlive } from "../../broker/process-alive";
import { beginningOf, commandLine, endProcess, residentBytes } from "./processes";

const start = async (script: string) => {
  const child = spawn(process.execPath, ["-e", `${script}; console.log("up")`], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(child.stdout!, "data");
  return child.pid!;
};

it("sees a process, ends it, and knows that it is gone", async () => {
  const pid = await start("setInterval(() => {}, 1000)");
  expect(isAlive(pid)).toBe(true);
  expect(await commandLine(pid)).toContain("setInterval");
  expect(await residentBytes(pid)).toBeGreaterThan(10e6);
  expect(await endProcess(pid, 10)).toBe("ended");
  expect(isAlive(pid)).toBe(false);
  expect(await endProcess(pid, 10)).toBe("gone");
});

it("knows when a process began, which no other of its pid did", async () => {
  const [first, second] = [await start("setInterval(() => {}, 1000)"), await start("setInterval(() => {}, 1000)")];
  expect(await beginningOf(first)).toMatch(/^\S+$/);
  expect(await beginningOf(first)).toBe(await beginningOf(first));
  // one starts when the other is up
  if (process.platform === "linux") expect(await beginningOf(second)).not.toBe(await beginningOf(first));
  for (const pid of [first, second]) await endProcess(pid, 10);
  expect(await beginningOf(first)).toBeUndefined();
});

it("kills a process that does not obey", async () => {
  const pid = await start('process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)');
  expect(await endProcess(pid, 0.2)).toBe("killed");
  expect(isAlive(pid)).toBe(false);
});

it("knows nothing of a pid that nobody has", async () => {
  const pid = await start("0");
  await endProcess(pid, 10);
  expect(await commandLine(pid)).toBeFalsy();
});
