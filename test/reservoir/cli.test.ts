// @module-tag long
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createTopic, describeTopic } from "../../src/kafka/admin/topics";
import { subscribe } from "../../src/kafka/read/subscribe";
import { makeAlert } from "../helpers/alerts";
import { alerts as run } from "../helpers/alerts-command";

const bootstrap = inject("bootstrap");
const folder = mkdtempSync(join(tmpdir(), "bootcamp-reservoir-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const alerts = (...args: string[]) => run(args, { env: { KAFKA_BOOTSTRAP: bootstrap, FINK_ALERT_SIMULATOR: folder } });
const data = join(folder, "datasim");
const made = Array.from({ length: 7 }, (_, n) => makeAlert(n, { jd: 2460000.5 + Math.floor(n / 3) / 86400 }));
const conf = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

beforeAll(() => {
  mkdirSync(join(data, "deeper"), { recursive: true });
  mkdirSync(join(folder, "empty"));
  for (const [n, alert] of made.entries()) writeFileSync(join(data, `${n}.avro`), alert.bytes);
  writeFileSync(join(data, "deeper", "8.avro"), made[0]!.bytes); // fink_simulator does not look there
});

describe("alerts load and play", () => {
  it("fill a reservoir and play it back", async () => {
    const load = await alerts("load", data, "--topic", "lp-reservoir", "--json");
    expect(JSON.parse(load.stdout)).toMatchObject({ alerts: 8, visits: 3, failed: 0 });
    const twice = await alerts("load", data, "--topic", "lp-reservoir");
    expect([twice.code, twice.stderr]).toEqual([2, expect.stringContaining("--force")]);
    const play = await alerts("play", "lp-reservoir", "lp-stream", "--every", "0.1");
    expect(play.code).toBe(0);
    expect(play.stdout.split("\n").map((line) => line.replace(/ +[\d.]+ s late$/, ""))).toEqual([
      "visit 1  +0.0 s  4 alerts",
      "visit 2  +1.0 s  3 alerts",
      "visit 3  +2.0 s  1 alert",
      "",
    ]);
    expect(play.stderr).toMatch(/^playing 8 alerts of lp-reservoir to lp-stream at /);
    expect(play.stderr).toContain("8 alerts acknowledged in 3 visits");
    expect(await (await subscribe("lp-stream", { bootstrap, progress: false })).count()).toBe(8);
  });

  it("refuse with 2 and a sentence", async () => {
    await createTopic("lp-plain", { bootstrap, partitions: 1 });
    for (const [args, message] of [
      [["play", "lp-reservoir", "lp-never", "--every", "0"], /an interval above 0 s, got 0/],
      [["play", "lp-reservoir", "lp-never", "--speed", "-1"], /a speed above 0/],
      [["play", "lp-reservoir", "lp-never", "--every", "soon"], /a number after --every/],
      [["play", "lp-plain", "lp-never"], /a reservoir with alerts/],
      [["load", join(folder, "empty"), "--topic", "lp-never"], /a night with alerts/],
      [["load"], /missing required argument/],
      [["play", "lp-reservoir", "lp-reservoir", "--fast"], /an output other than the reservoir/],
      [
        ["play", "lp-reservoir", "lp-stream", "--fast", "--append", "--partitions", "8"],
        /at most 4 partitions, which "lp-stream" has, got 8/,
      ],
      [["play", "lp-absent", "lp-never", "--fast"], /a reservoir "lp-absent"/],
      [["play", "lp-reservoir", "lp-never", "--fast", "--every", "1"], /one of speed, everySeconds and fast/],
      [["send", data, "--topic", "lp-never", "--every", "0"], /an interval above 0 s, got 0 .*\n.*--fast/],
      [["send", data, "--topic", "lp-never", "--every", "-1"], /an interval above 0 s, got -1/],
      [["send", data, "--topic", "lp-never", "--every", "1", "--fast"], /one of secondsPerVisit .*, got 2 of them/],
      [
        ["send", data, "--topic", "lp-plain", "--fast", "--partitions", "2"],
        /at most 1 partition, which "lp-plain" has, got 2/,
      ],
      [["send", join(folder, "empty"), "--topic", "lp-never", "--fast"], /Expected alerts in .*empty, there are none/],
      [
        ["send", data, "--topic", "lp-never", "--schema", join(folder, "absent.avsc")],
        /an Avro schema in .*absent\.avsc/,
      ],
      [["stream", "start", "--every", "0"], /--every above 0 s, got 0 .*\n.*--fast/],
    ] as [string[], RegExp][]) {
      const { code, stdout, stderr } = await alerts(...args);
      expect([code, stdout, stderr]).toEqual([2, "", expect.stringMatching(message)]);
      expect(stderr).not.toMatch(/^(playing|sending|loading) /m); // nothing is announced that is then refused
    }
    await expect(describeTopic("lp-never", { bootstrap })).rejects.toMatchObject({ code: "TOPIC_ABSENT" });
  });
});

describe("alerts send --conf", () => {
  const start = (topic: string) => `KAFKA_TOPIC=${topic}\nKAFKA_IPPORT_SIM=${bootstrap}\nTIME_INTERVAL=0.2\n`;

  it("does what fink_simulator does with the conf, and prints its lines", async () => {
    const path = conf(
      "all.conf",
      `${start("fink-all")}FINK_DATA_SIM=$FINK_ALERT_SIMULATOR/datasim\nNOBSERVATIONS=-1\nNPARTITIONS=2\n`,
    );
    const { code, stdout } = await alerts("send", "--conf", path);
    expect(code).toBe(0);
    const id = (n: number) => made[n]!.objectId;
    expect(stdout.split("\n").map((line) => line.replace(/\d+\.\d+( seconds)?$/, "#$1"))).toEqual([
      `Total alert available (${data}): 7`,
      "Total alert to be sent: 7",
      "t0: #",
      ...[3, 3, 1].flatMap((count, n) => [
        "Observation start: t0 + : # seconds",
        `${count} alerts sent (${id(3 * n)} to ${id(3 * n + count - 1)})`,
        `Observation ${n + 1} done...`,
      ]),
      "",
    ]);
    const { partitions, messages } = await describeTopic("fink-all", { bootstrap });
    expect([partitions.length, messages]).toEqual([2, 7n]);
    // bare records: readable with their schema
    const stream = await subscribe("fink-all", { bootstrap, progress: false, schema: made[0]!.schema.text });
    expect((await stream.toArray()).map(({ alertId }) => alertId).sort()).toEqual(
      made.map(({ alertId }) => alertId).sort(),
    );
  });

  it("sends what is there when more is asked for, and says so", async () => {
    const path = conf(
      "more.conf",
      `${start("fink-more")}NALERTS_PER_OBS=4\nNOBSERVATIONS=3\nDISPLAY_FIELD=candidate,jd\n`,
    );
    const { code, stdout, stderr } = await alerts("send", "--conf", path, data);
    expect([code, stderr]).toEqual([0, expect.stringContaining("12 alerts are asked for, 7 are there")]);
    expect(stdout).toContain("Total alert to be sent: 7\n");
    expect(stdout).toContain("4 alerts sent (2460000.5 to 2460000.50001");
  });

  it("refuses what cannot be, and sends nothing", async () => {
    await createTopic("fink-small", { bootstrap, partitions: 1 });
    for (const [text, message] of [
      [`${start("fink-never")}NALERT=3\n`, /one of the keys NALERTS_PER_OBS/],
      [`${start("fink-never")}TIME_INTERVAL=0\n`, /TIME_INTERVAL above 0 s/],
      [`${start("fink-never")}DISPLAY_FIELD=object\n`, /Expected a field/],
      [`${start("fink-small")}NPARTITIONS=3\n`, /NPARTITIONS of at most 1, which "fink-small" has, got 3/],
    ] as const) {
      const { code, stdout, stderr } = await alerts("send", "--conf", conf("wrong.conf", text), data);
      expect([code, stdout, stderr]).toEqual([2, "", expect.stringMatching(message)]);
    }
    const path = conf("plain.conf", start("fink-never"));
    expect((await alerts("send", "--conf", path)).code).toBe(2); // no data named
    expect((await alerts("send", "--conf", path, join(folder, "empty"))).code).toBe(2);
    expect((await alerts("send")).code).toBe(2);
    await expect(describeTopic("fink-never", { bootstrap })).rejects.toMatchObject({ code: "TOPIC_ABSENT" });
    expect((await describeTopic("fink-small", { bootstrap })).messages).toBe(0n);
  });
});
