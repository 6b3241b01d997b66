// @module-tag long
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { decodeAlert } from "../../src/alert/decode";
import { registerSchema } from "../../src/avro/schema-ids";
import { readAlerts } from "../../src/files/read-alerts";
import { readVisits } from "../../src/files/read-visits";
import { writeAlerts } from "../../src/files/write-alerts";
import { describeTopic } from "../../src/kafka/admin/topics";
import { publish } from "../../src/kafka/publish/publish";
import { subscribe } from "../../src/kafka/read/subscribe";
import { errorOf, scratch } from "../files/make";
import { makeAlert } from "../helpers/alerts";
import { alerts } from "../helpers/alerts-command";

const bootstrap = inject("bootstrap");
const env = { KAFKA_BOOTSTRAP: bootstrap };
const folder = scratch();
const many = (count: number) =>
  Array.from({ length: count }, (_, n) => makeAlert(n, { jd: 2460000.5 + Math.floor(n / 2) }));

/** What the older systems could do and no other test here happens to show; docs/five-systems.md names each. */
describe("alert_stream", () => {
  it("numbered schemas by CRC32: such an id, above 2^31, is read highest byte first", async () => {
    const { record, schema } = makeAlert(1);
    registerSchema(2730078479, schema.text);
    const message = (id: string) => Buffer.concat([Buffer.from(`00${id}`, "hex"), record]);
    expect(decodeAlert(message("a2b9b10f")).alertId).toBe(makeAlert(1).alertId);
    expect((await errorOf((async () => decodeAlert(message("0fb1b9a2")))())).code).toBe("WIRE_ORDER");
  });

  it("mirrored topics to further brokers: a stream is published as it was read, with keys and bytes", async () => {
    const night = many(8);
    await publish(night, { bootstrap, topic: "mirror-from", secondsPerVisit: 0.01 });
    const source = await subscribe("mirror-from", { bootstrap, progress: false });
    const report = await publish(source, { bootstrap, topic: "mirror-to", secondsPerVisit: 0.01 });
    expect(report.alerts).toBe(8);
    const copies = await (await subscribe("mirror-to", { bootstrap, progress: false })).toArray();
    const plain = (list: typeof night) =>
      list.map(({ bytes, objectId }) => `${objectId} ${bytes.toString("base64")}`).sort();
    expect(plain(copies)).toEqual(plain(night));
    expect(copies.every(({ origin, objectId }) => origin.kind === "kafka" && origin.key === objectId)).toBe(true);
  });
});

describe("alert-stream-simulator", () => {
  it("had scripts to count visits, cut a night by time, truncate it and put files together", async () => {
    const night = join(folder, "night");
    await writeAlerts(many(8), night);
    const sizes = await readVisits(night)
      .map((visit) => visit.alerts.length)
      .toArray();
    expect(sizes).toEqual([2, 2, 2, 2]);
    const late = join(folder, "late");
    const { written } = await writeAlerts(
      readAlerts(night)
        .filter((alert) => alert.mjdUtc >= 60001.5)
        .take(3),
      late,
    );
    expect([written, readdirSync(late).length]).toEqual([3, 3]);
    expect(await readAlerts([night, late]).count()).toBe(11);
  });

  it("printed the length of an alert's history; a field of a listing here", async () => {
    const one = join(folder, "one");
    mkdirSync(one);
    writeFileSync(join(one, "1.avro"), makeAlert(1).bytes);
    const run = await alerts(["read", one, "--fields", "alertId,history.length", "--csv"]);
    expect(run.stdout).toBe(`alertId,history.length\n${makeAlert(1).alertId},0\n`);
  });

  it("had -v: here it shows the stack of an error, which is otherwise one sentence", async () => {
    const absent = ["read", join(folder, "absent")];
    expect((await alerts(absent)).stderr).not.toMatch(/^\s+at /m);
    expect((await alerts(["--verbose", ...absent])).code).toBe(1);
    const broken = ["shell", "-e", "await subscribe('not a topic')"];
    expect((await alerts(broken)).stderr).not.toMatch(/^\s+at /m);
    expect((await alerts(["-v", ...broken])).stderr).toMatch(/^\s+at .*checkTopicName/m);
  });
});

describe("fink-alert-simulator", () => {
  it("explained itself with -h, as every command here does", async () => {
    for (const flag of ["-h", "--help"]) {
      const { code, stdout } = await alerts(["send", flag]);
      expect([code, stdout.split("\n")[0]]).toEqual([0, "Usage: alerts send [options] [paths...]"]);
    }
  });
});

describe("Pitt-Google mock_stream", () => {
  it("primed a topic as fast as possible with files as they are, up to a number of alerts", async () => {
    const night = join(folder, "prime");
    await writeAlerts(many(6), night);
    const run = await alerts(["send", night, "--topic", "primed", "--fast", "--max-per-visit", "1"], { env });
    expect(run).toMatchObject({ code: 0, stderr: expect.stringContaining("3 alerts acknowledged in 3 visits") });
    expect((await describeTopic("primed", { bootstrap })).messages).toBe(3n);
    const first = await publish(readAlerts(night).take(4), { bootstrap, topic: "primed-some", secondsPerVisit: 0.01 });
    expect(first.alerts).toBe(4);
  });

  it("had one topic made by compose; here topics are made, described and deleted by name", async () => {
    const topics = (...args: string[]) => alerts(["topics", ...args], { env });
    const made = await topics("create", "made", "--partitions", "3", "--retention-hours", "-1");
    expect(made).toMatchObject({ code: 0, stdout: "created made\n" });
    const described = JSON.parse((await topics("describe", "made", "--json")).stdout);
    expect([described.offsets, described.partitions.length]).toEqual([0, 3]);
    const listed = (await topics("list", "--json")).stdout.trim().split("\n");
    expect(listed.map((line) => JSON.parse(line))).toContainEqual({ topic: "made", partitions: 3, offsets: 0 });
    expect((await topics("delete", "made")).stdout).toBe("deleted made\n");
    expect((await topics("describe", "made")).code).toBe(1);
  });
});
