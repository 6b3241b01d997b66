import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { describeTopic } from "../../src/kafka/admin/topics";
import { makeAlert } from "../helpers/alerts";
import { alerts, ended, start } from "../helpers/alerts-command";
import { dataFolder, needs } from "../helpers/data";

const env = { KAFKA_BOOTSTRAP: inject("bootstrap") };
const runAlerts = (args: string[], extra: NodeJS.ProcessEnv) => alerts(args, { env: extra });
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bootcamp-cli-"));
  for (let n = 0; n < 6; n++) writeFileSync(join(folder, `${n}.avro`), makeAlert(n, { jd: 2460000.5 + n }).bytes);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("alerts send and print", () => {
  it("sends a folder visit by visit and prints it, with closing counts on stderr", async () => {
    const sent = await runAlerts(["send", folder, "--topic", "cli", "--fast"], env);
    expect(sent.code).toBe(0);
    expect(sent.stdout.trim().split("\n").length).toBe(6);
    expect(sent.stdout).toMatch(/^visit 1 {2}MJD 60000\.00000 {2}\S+ {2}1 alert$/m);
    expect(sent.stderr).toContain("6 alerts acknowledged in 6 visits");
    expect(sent.stderr).toContain("read 6, failed 0");

    const printed = await runAlerts(["print", "cli", "--nth", "2", "--json"], env);
    const rows = printed.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows.length).toBe(3);
    expect(rows[0]).toMatchObject({ survey: "ztf", mag: 18, key: expect.stringMatching(/^ZTF18/) });
    expect(typeof rows[0].alertId).toBe("string");
    expect(printed.stderr).toContain("read 6, printed 3, failed 0");
  });

  it("sends what can be read, names what cannot, and ends with 1", async () => {
    const bad = join(folder, "bad.avro");
    writeFileSync(bad, makeAlert(9).bytes.subarray(0, 500));
    const sent = await runAlerts(["send", folder, "--topic", "cli-bad", "--fast"], env);
    rmSync(bad);
    expect(sent.code).toBe(1);
    expect(sent.stderr).toContain("bad.avro");
    expect(sent.stderr).toContain("6 alerts acknowledged");
    expect(sent.stderr).toContain("read 6, failed 1");
  });

  it("waits for the alerts that --limit asks for", async () => {
    const sending = ended(start(["send", folder, "--topic", "cli-limit", "--every", "0.3"], { env }));
    const printed = await runAlerts(["print", "cli-limit", "--limit", "5"], env);
    expect(printed.code).toBe(0);
    expect(printed.stdout.trim().split("\n").length).toBe(5);
    expect((await sending).code).toBe(0);
  });

  it("says what was acknowledged when it is interrupted", async () => {
    const sending = start(["send", folder, "--topic", "cli-stop", "--every", "30"], { env });
    const end = ended(sending);
    await new Promise<void>((resolve) =>
      sending.stdout!.on("data", (text) => /^visit 1 /.test(String(text)) && resolve()),
    );
    sending.kill("SIGINT");
    const { code, stderr } = await end;
    expect(stderr).toContain("interrupted: 1 alerts acknowledged in 1 visits");
    expect(code).toBe(0);
    expect((await runAlerts(["topics", "describe", "cli-stop"], env)).stdout).toContain("cli-stop: 1 offsets");
  });

  it.skipIf(needs.data())("saves all three stamps under safe names, and overwrites nothing silently", async () => {
    const stamps = join(folder, "stamps");
    await runAlerts(
      ["send", dataFolder("ztf/2019_01_10_739260766315010006.avro"), "--topic", "cli-stamps", "--fast"],
      env,
    );
    const print = () => runAlerts(["print", "cli-stamps", "--stamps", stamps], env);
    expect((await print()).code).toBe(0);
    const names = readdirSync(stamps).sort();
    expect(names.length).toBe(3);
    expect(
      names.filter((name) => /_sci\.fits\.gz$|_ref\.fits\.gz$|_refmsci\.fits\.gz$|_scimref\.fits\.gz$/.test(name))
        .length,
    ).toBe(3);
    for (const name of names)
      expect(
        gunzipSync(readFileSync(join(stamps, name)))
          .subarray(0, 6)
          .toString(),
      ).toBe("SIMPLE");
    await print();
    expect(readdirSync(stamps).length).toBe(3);
    writeFileSync(join(stamps, names[0]!), "mine");
    await print();
    expect(readFileSync(join(stamps, names[0]!), "utf8")).toBe("mine");
    expect(readdirSync(stamps).length).toBe(4);
  });

  it("refuses what cannot be sent before it says, empties or sends anything", { tags: ["long"] }, async () => {
    const one = join(folder, "0.avro");
    expect((await runAlerts(["send", one, "--topic", "cli-refuse", "--partitions", "2", "--fast"], env)).code).toBe(0);
    const held = () => describeTopic("cli-refuse", { bootstrap: env.KAFKA_BOOTSTRAP });
    const before = await held();
    for (const [wrong, message] of [
      [["--every", "0"], /an interval above 0 s, got 0 \(number\)\n {2}→ as fast as possible is: --fast/],
      [["--every", "-1"], /an interval above 0 s, got -1/],
      [["--every", "NaN"], /a number after --every, got "NaN"/],
      [["--partitions", "1.5", "--fresh"], /1 partition or more, got 1.5/],
      [["--every", "0", "--fresh"], /an interval above 0 s, got 0/],
      [["--partitions", "3"], /at most 2 partitions, which "cli-refuse" has, got 3/],
    ] as [string[], RegExp][]) {
      const { code, stdout, stderr } = await runAlerts(["send", one, "--topic", "cli-refuse", ...wrong], env);
      expect([wrong, code, stdout]).toEqual([wrong, 2, ""]);
      expect(stderr).toMatch(message);
      expect(stderr).toMatch(/^alerts: Expected .*\n( {2}→ .*\n)?$/); // one sentence, nothing else
    }
    expect(await held()).toEqual(before);
    // an emptied topic is recreated, with as many as are asked for
    const more = ["send", one, "--topic", "cli-refuse", "--partitions", "3", "--fresh", "--fast"];
    expect((await runAlerts(more, env)).code).toBe(0);
    expect(await held()).toMatchObject({ messages: 1n, partitions: { length: 3 } });
  });

  it("ends with 2 for wrong usage and 1 for what is not there, in one sentence without a stack", {
    tags: ["long"],
  }, async () => {
    for (const args of [
      ["send"],
      ["send", folder, "--every", "soon"],
      ["print", "x", "--nth", "0"],
      ["print", "x", "--limit", "0"],
      ["print", "x", "--limit", "-1"],
      ["print", "x", "--limit", "1.5"],
      ["print", "x", "--from", "noon"],
      ["frobnicate"],
    ]) {
      const { code, stderr } = await runAlerts(args, env);
      expect([args, code]).toEqual([args, 2]);
      expect(stderr).not.toMatch(/^\s+at /m);
    }
    const absent = await runAlerts(["print", "not-there", "--wait", "0.2"], env);
    expect(absent.code).toBe(1);
    expect(absent.stderr).toContain("./launch_alert_system.sh --topic not-there");
    const nobody = await runAlerts(["topics", "list"], { KAFKA_BOOTSTRAP: "127.0.0.1:1" });
    expect(nobody.code).toBe(1);
    expect(nobody.stderr).toMatch(/Expected a Kafka broker at 127\.0\.0\.1:1, none answers\n {2}→ start one/);
    expect(nobody.stderr).not.toMatch(/^\s+at /m);
  });
});
