// @module-tag long
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, inject, it } from "vitest";
import { describeTopic } from "../../src/kafka/admin/topics";
import { publish } from "../../src/kafka/publish/publish";
import { scratch } from "../files/make";
import { makeAlert } from "../helpers/alerts";
import { ended, type Run, start } from "../helpers/alerts-command";

const bootstrap = inject("bootstrap");
const topic = "closed-pipe";
const folder = scratch();
const night = [0, 1, 2].map((n) => makeAlert(n, { jd: 2460000.5 + n }));

beforeAll(async () => {
  for (const [n, alert] of night.entries()) writeFileSync(join(folder, `${n}.avro`), alert.bytes);
  await publish(night, { bootstrap, topic, fast: true, partitions: 1 });
});

/** Runs a command whose output nobody reads, as after `| head -1` has its line. */
function unread(args: readonly string[], streams: readonly ("stdout" | "stderr")[] = ["stdout"]): Promise<Run> {
  const child = start(args, { env: { KAFKA_BOOTSTRAP: bootstrap } });
  for (const name of streams) child[name]!.destroy();
  return ended(child);
}

it.each([[[]], [["--json"]], [["--follow"]]])("print ends when nobody reads what it prints: %j", async (more) => {
  expect(await unread(["print", topic, ...more])).toEqual({
    code: 0,
    stdout: "",
    stderr: "read 1, printed 0, failed 0\n",
  });
});

it("print counts an alert that nobody read as not read: the group gets it again", async () => {
  const args = ["print", topic, "--group", "closed-pipe-jo"];
  await unread([...args, "--wait", "5"]);
  const { stdout } = await ended(start([...args, "--limit", "3"], { env: { KAFKA_BOOTSTRAP: bootstrap } }));
  expect(stdout.match(/\[0\]@\d /g)).toEqual(["[0]@0 ", "[0]@1 ", "[0]@2 "]);
});

it("monitor ends, with no time to end at", async () => {
  for (const more of [[], ["--json"]]) {
    const args = ["monitor", topic, "--offsets-only", "--interval", "0.1", ...more];
    expect(await unread(args)).toMatchObject({ code: 0, stderr: "" });
  }
});

it("simulate ends with its output", async () => {
  for (const more of [[], ["--truth"], ["--json"]]) {
    const run = await unread(["simulate", ...more]);
    expect([more, run.code]).toEqual([more, 0]);
    expect(run.stderr).not.toMatch(/EPIPE|^\s+at /m);
  }
});

it.each([[[]], [["--json"]]])("send sends the whole night all the same: %j", async (more) => {
  const to = ["--topic", `${topic}-sent`, "--fresh", "--every", "0.05"];
  const run = await unread(["send", folder, ...to, ...more]);
  expect(run).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/\n3 alerts acknowledged in 3 visits.*\nread 3,/),
  });
  expect((await unread(["send", folder, ...to, ...more], ["stdout", "stderr"])).code).toBe(0);
  expect(await describeTopic(`${topic}-sent`, { bootstrap })).toMatchObject({ messages: 3n });
});
