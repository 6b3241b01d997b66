// @module-tag long
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, expect, inject, it } from "vitest";
import { isAlive } from "../../src/broker/process-alive";
import { processesNaming } from "../../src/engine/process/find-processes";
import { describeTopic } from "../../src/kafka/admin/topics";
import { scratch } from "../files/make";
import { makeAlert } from "../helpers/alerts";
import { ended, type Run } from "../helpers/alerts-command";
import { root } from "../helpers/data";

const home = inject("bootcampHome");
const bootstrap = inject("bootstrap");
const folder = scratch();
const project = join(folder, "project");
const night = join(folder, "night");

/** A project with an `.env` of its own, which names a broker that is not there. */
beforeAll(() => {
  cpSync(join(root, "dist"), join(project, "dist"), { recursive: true });
  for (const each of ["package.json", "node_modules", "docker"]) symlinkSync(join(root, each), join(project, each));
  writeFileSync(join(project, ".env"), "KAFKA_BOOTSTRAP=127.0.0.1:1\n");
  mkdirSync(night);
  for (let n = 0; n < 3; n++) writeFileSync(join(night, `${n}.avro`), makeAlert(n, { jd: 2460000.5 + n }).bytes);
});
afterEach(() => stream("stop"));

function stream(...args: string[]): Promise<Run> {
  const env = { ...process.env, BOOTCAMP_HOME: home, KAFKA_BOOTSTRAP: undefined, KAFKA_PROFILE: undefined };
  const main = join(project, "dist", "cli", "main.js");
  return ended(spawn(process.execPath, [main, "stream", ...args], { env, stdio: ["ignore", "pipe", "pipe"] }));
}
const launch = (topic: string) =>
  stream("start", "--engine", "local", "--data", night, "--topic", topic, "--every", "600");
/** Senders to these topics that run. */
const senders = async () =>
  (await processesNaming(night)).filter(({ command }) => command.includes(" send ")).map(({ pid }) => pid);

it("goes to the Kafka that was asked for, whatever .env names", async () => {
  const run = await launch("stream-asked");
  expect(run.code, run.stderr).toBe(0);
  expect(run.stderr).toContain(`Kafka (local) runs at ${bootstrap}`);
  expect(await describeTopic("stream-asked", { bootstrap })).toMatchObject({ messages: 1n });
});

it.each(["damaged", "gone"])("is stopped, and replaced by the next one, when its state is %s", async (how) => {
  const lose = () =>
    how === "gone" ? rmSync(join(home, "stream.json")) : writeFileSync(join(home, "stream.json"), "{");
  expect((await launch("stream-lost")).code).toBe(0);
  lose();
  expect((await launch("stream-lost")).code).toBe(0);
  expect(await senders()).toHaveLength(1);
  lose();
  expect(await stream("stop")).toMatchObject({ code: 0, stderr: expect.stringContaining("stopped") });
  expect(await senders()).toEqual([]);
});

it("of two starts at once leaves one sender, which the command stops", async () => {
  const runs = await Promise.all([launch("stream-one"), launch("stream-two")]);
  expect(runs.map(({ code }) => code)).toEqual([0, 0]);
  const running = await senders();
  expect(running).toHaveLength(1);
  const status = JSON.parse((await stream("status", "--json")).stdout);
  expect(status).toMatchObject({ running: true, pid: running[0] });
  expect((await stream("stop")).stderr).toBe("the stream is stopped\n");
  expect(isAlive(running[0]!)).toBe(false);
  expect(await senders()).toEqual([]);
});
