// @module-tag long
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Kafka, logLevel, type Producer } from "kafkajs";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { createTopic } from "../../src/kafka/admin/topics";
import { makeAlert } from "../helpers/alerts";
import { alerts, ended, start } from "../helpers/alerts-command";

const bootstrap = inject("bootstrap");
const env = { KAFKA_BOOTSTRAP: bootstrap };
const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
const promtool = "/usr/bin/promtool";
const withoutPromtool = !existsSync(promtool) && !process.env.CI;
const topic = "mon-cli";
/** A group may have any name; this one would end a label, and move a terminal's cursor. */
const group = 'odd"} 1\n\\name\u001b[2J';
let producer: Producer;

beforeAll(async () => {
  await createTopic(topic, { bootstrap, partitions: 2 });
  await createTopic(`${topic}.dead`, { bootstrap, partitions: 1 });
  producer = kafka.producer();
  const admin = kafka.admin();
  await Promise.all([producer.connect(), admin.connect()]);
  await send(topic, 8);
  await send(`${topic}.dead`, 3);
  await admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 0, offset: "1" }] });
  await admin.disconnect();
});
afterAll(() => producer.disconnect());

const send = (to: string, count: number) =>
  producer.send({
    topic: to,
    messages: Array.from({ length: count }, (_, i) => ({ value: makeAlert(i).bytes, partition: 0 })),
  });

describe("alerts monitor", () => {
  it("--once --json is one snapshot with rates, counts as numbers", async () => {
    const groups = ["--group", "mon-cli-none", "--group", group];
    const run = await alerts(["monitor", ...groups, topic, "--once", "--json", "--interval", "0.5"], { env });
    expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: "" });
    const lines = run.stdout.trim().split("\n");
    expect(lines.length).toBe(1);
    const now = JSON.parse(lines[0]!);
    expect(now.topics).toMatchObject([{ topic, held: 8, alertsPerSecond: 0, dead: 3, latency: { p50: null } }]);
    expect(now.groups).toMatchObject([
      { group: "mon-cli-none", state: "Absent" },
      { group, state: "Empty", lag: 7 },
    ]);
  });

  it("prints tables once, or a line per topic and group and look, without anything that moves a cursor", async () => {
    const once = await alerts(["monitor", topic, "--once", "--interval", "0.2"], { env });
    expect(once.stdout).toMatch(/^mon-cli +8 +0\.0 +0\.00 +- +- +- +- +3 +0$/m);
    expect(once.stdout).toMatch(/^odd"\} 1·\\name·\[2J +Empty +0 +7 +mon-cli 7 0$/m);
    const child = start(["monitor", topic, "--interval", "0.2", "--duration", "600"], { env });
    const end = ended(child);
    let looks = 0;
    child.stdout!.on("data", (text) => {
      const before = looks;
      looks += String(text).split("Z topic mon-cli").length - 1;
      if (before < 3 && looks >= 3) child.kill("SIGINT");
    });
    const lines = await end;
    expect(lines.code).toBe(0);
    expect(lines.stdout.match(/^\S+Z topic mon-cli {2}held offsets 8 .*$/gm)!.length).toBeGreaterThanOrEqual(3);
    const short = await alerts(["monitor", topic, "--interval", "0.2", "--duration", "0.1"], { env });
    expect(short.code).toBe(0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
    expect(once.stdout + lines.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  it("says what is not there, with exit code 1", async () => {
    const run = await alerts(["monitor", "mon-nothing", "--once", "--interval", "0.2"], { env });
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('topic "mon-nothing" is not there');
    const away = await alerts(["monitor", "--once", "--interval", "0.2"], { env: { KAFKA_BOOTSTRAP: "127.0.0.1:1" } });
    expect(away.code).toBe(1);
    expect(away.stderr).toContain("127.0.0.1:1");
  });

  it("refuses wrong usage with exit code 2, and a port that is taken with 1", async () => {
    for (const wrong of [
      ["--interval", "0"],
      ["--metrics", "x"],
      ["--metrics", "70000"],
      ["--duration", "-1"],
      ["a/b"],
    ]) {
      expect((await alerts(["monitor", ...wrong], { env })).code).toBe(2);
    }
    const server = createServer().listen(0, "127.0.0.1");
    await vi.waitUntil(() => server.listening);
    const { port } = server.address() as AddressInfo;
    const taken = await alerts(["monitor", "--metrics", String(port)], { env });
    server.close();
    expect(taken).toMatchObject({ code: 1, stdout: "" });
    expect(taken.stderr).toMatch(new RegExp(`port ${port} .*\\n +→ `));
  });

  it.skipIf(withoutPromtool)("--metrics serves what promtool approves of, on the loopback address alone", async () => {
    const child = start(["monitor", topic, "--metrics", "0", "--interval", "0.2"], { env });
    const end = ended(child);
    const url = await new Promise<string>((resolve, reject) => {
      void end.then(({ stderr }) => reject(new Error(`it ended: ${stderr}`)));
      child.stderr!.on("data", (text) => {
        const found = /metrics at (http:\S+)/.exec(String(text))?.[1];
        if (found) resolve(found);
      });
    });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    const text = await vi.waitUntil(
      async () => {
        await send(topic, 1);
        const now = await (await fetch(url)).text();
        return /^alerts_latency_seconds_count\{topic="mon-cli"\} [1-9]/m.test(now) && now;
      },
      { timeout: 30_000, interval: 200 },
    );
    const check = spawnSync(promtool, ["check", "metrics"], { input: text, encoding: "utf8" });
    expect({ status: check.status, said: check.stdout + check.stderr }).toEqual({ status: 0, said: "" });
    expect(text).toContain('alerts_topic_dead_letters_total{topic="mon-cli"} 3');
    expect(text).toContain("alerts_broker_up 1");
    const messages = Number(/^alerts_topic_messages_total\{topic="mon-cli"\} (\d+)$/m.exec(text)?.[1]);
    const name = 'odd\\"} 1\\n\\\\name\u001b[2J';
    expect(text).toContain(`alerts_group_lag{topic="mon-cli",group="${name}",partition="0"} ${messages - 1}\n`);
    expect((await fetch(url.replace("/metrics", "/"))).status).toBe(404);
    expect((await fetch(url, { method: "POST" })).status).toBe(404);
    child.kill("SIGTERM");
    expect(await end).toMatchObject({ code: 0, stdout: "" });
  });
});
