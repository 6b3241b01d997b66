import { execFileSync, spawn, spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { cannotMakeHosts, Hosts } from "./hosts";

it.skipIf(cannotMakeHosts())(
  "hosts of a run that was killed are taken away by the next, with what runs there",
  async () => {
    const ip = (...args: string[]) => execFileSync("ip", ["netns", ...args], { encoding: "utf8" });
    const dead = spawnSync("true").pid;
    const [left, own] = [`bootcamp-run-${dead}-left-a`, `bootcamp-run-${process.pid}-own-a`];
    for (const namespace of [left, own]) ip("add", namespace);
    try {
      const program = spawn("ip", ["netns", "exec", left, "sleep", "1000"]);
      const ended = new Promise((resolve) => program.once("exit", (_, signal) => resolve(signal)));
      await expect.poll(() => ip("pids", left).trim()).toBe(String(program.pid));
      Hosts.make("one").remove();
      expect(await ended).toBe("SIGKILL");
      expect(ip("list")).not.toContain(left);
      expect(ip("list")).toContain(own);
    } finally {
      const there = ip("list");
      for (const namespace of [left, own]) if (there.includes(namespace)) ip("del", namespace);
    }
  },
);
