import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeGroup } from "../../src/kafka/admin/groups";
import { createTopic, describeTopic } from "../../src/kafka/admin/topics";
import { pause } from "../../src/pause";
import { ended, start } from "../helpers/alerts-command";
import { caughtUp } from "./group-progress";
import { OwnKafka } from "./own-kafka";
import { Sending } from "./sending";

const folder = mkdtempSync(join(tmpdir(), "bootcamp-stop-"));
const file = join(folder, "any.ts");
let kafka: OwnKafka;
beforeAll(async () => {
  writeFileSync(file, "export default () => true;\n");
  kafka = await OwnKafka.start(1);
});
afterAll(async () => {
  await kafka?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts `alerts`; `says` waits for what it prints, or for its end. */
function command(args: readonly string[]) {
  const child = start(args, { env: { KAFKA_BOOTSTRAP: kafka.bootstrap } });
  let said = "";
  for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (piece) => (said += piece));
  const says = async (what: RegExp) => {
    while (!what.test(said) && child.exitCode === null) await pause(50);
  };
  return { child, says, end: ended(child) };
}

describe("what is stopped while Kafka is away", () => {
  it("a filter job says that Kafka is lost, ends with its books, and leaves its partitions to the next", {
    timeout: 300_000,
  }, async () => {
    const { bootstrap } = kafka;
    const topic = "stop-away";
    const args = ["filter", topic, "--filter", file, "--group", topic, "--no-cap", "--until", "forever", "--json"];
    const worker = () => command(args);
    await createTopic(topic, { bootstrap, partitions: 4 });
    const sending = new Sending({ bootstrap, topic, perVisit: 100, secondsPerVisit: 0.05 });
    await sending.more(3);
    const { alerts } = await sending.end();
    const first = worker();
    expect(await caughtUp(bootstrap, topic)).toBe(BigInt(alerts));
    await kafka.kill(1);
    await first.says(/Kafka is lost since/);
    const stoppedAt = performance.now();
    first.child.kill("SIGTERM");
    const { code, stdout } = await first.end;
    // three seconds, and what a busy machine needs to say so
    expect(performance.now() - stoppedAt).toBeLessThan(10_000);
    expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ read: alerts, balanced: true })]);
    await kafka.revive();
    const second = worker();
    const more = new Sending({ bootstrap, topic, perVisit: 100, secondsPerVisit: 0.05 });
    await more.more(3);
    const sum = BigInt(alerts + (await more.end()).alerts);
    while ((await caughtUp(bootstrap, topic)) < sum) await pause(50);
    // it has every partition: the first one did not come back
    expect((await describeGroup(topic, { bootstrap })).members).toBe(1);
    second.child.kill("SIGTERM");
    expect((await second.end).code).toBe(0);
  });

  it("a sender ends with the count of what was acknowledged", { timeout: 120_000 }, async () => {
    const { bootstrap } = kafka;
    const topic = "send-away";
    const night = ["--simulate", "ztf", "--visits", "400", "--alerts", "2000"];
    const sender = command(["send", ...night, "--topic", topic, "--every", "0.05"]);
    await sender.says(/^visit 3 /m);
    await kafka.kill(1);
    // by the time that another one has given up, the sender has begun to try again
    await expect(describeTopic(topic, { bootstrap })).rejects.toMatchObject({ code: "KAFKA_UNREACHABLE" });
    expect(sender.child.exitCode).toBe(null);
    const stoppedAt = performance.now();
    sender.child.kill("SIGTERM");
    const { code, stdout, stderr } = await sender.end;
    expect(performance.now() - stoppedAt).toBeLessThan(10_000);
    const alerts = [...stdout.matchAll(/^visit .* (\d+) alerts?/gm)].reduce((sum, found) => sum + Number(found[1]), 0);
    expect([code, stderr]).toEqual([0, expect.stringContaining(`interrupted: ${alerts} alerts acknowledged in `)]);
  });
});
