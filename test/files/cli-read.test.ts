import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { readAlerts } from "../../src/files/read-alerts";
import { alerts, ended, start } from "../helpers/alerts-command";
import { dataFolder, needs } from "../helpers/data";
import { scratch } from "./make";

const folder = scratch();
const defaults = "survey alertId objectId ra dec mjdUtc band mag magErr realBogus".split(" ");

describe.skipIf(needs.data())("alerts read", () => {
  it("prints a table with sensible digits and a closing count", async () => {
    const run = await alerts(["read", dataFolder("ztf", "472263571115115000.avro")]);
    expect(run).toMatchObject({ code: 0, stderr: "read 1, failed 0\n" });
    const [header, row, ...rest] = run.stdout.trimEnd().split("\n");
    expect(header!.trim().split(/\s+/)).toEqual(defaults);
    const words = "ztf 472263571115115000 ZTF17aaajnnn 179.64020 52.02972 58226.26358 r 18.362 0.094 0.987645";
    expect(row!.trim().split(/\s+/)).toEqual(words.split(" "));
    expect(rest).toEqual([]);
    expect(row!.indexOf("ZTF17")).toBe(header!.indexOf("objectId"));
  });

  it("writes JSON lines: exact ids as strings, NaN as null, bytes as their length or base64", async () => {
    const fields = "survey,alertId,objectId,realBogus,mag,packet.diaSource.snr,packet.cutoutScience";
    const run = await alerts(["read", dataFolder("elasticc"), dataFolder("ztf"), "--json", "--fields", fields]);
    expect(run.code).toBe(0);
    const rows = run.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const truth = await readAlerts([dataFolder("elasticc"), dataFolder("ztf")]).toArray();
    expect(rows.map((row) => [row.survey, row.alertId, row.objectId])).toEqual(
      truth.map((alert) => [alert.survey, String(alert.alertId), String(alert.objectId)]),
    );
    expect(rows[0]).toMatchObject({ realBogus: null, mag: truth[0]!.mag });
    expect(rows.at(-1)["packet.cutoutScience"].stampData).toBe(truth.at(-1)!.packet.cutoutScience.stampData.length);
    expect(run.stderr).toContain("packet.diaSource.snr: 115 of 157 alerts have no such field: left empty\n");
    const base64 = await alerts([
      "read",
      dataFolder("ztf"),
      "-n",
      "1",
      "--json",
      "--bytes",
      "-f",
      "packet.cutoutScience",
    ]);
    const { stampData } = JSON.parse(base64.stdout)["packet.cutoutScience"];
    expect(Buffer.from(stampData, "base64")).toEqual(truth[42]!.packet.cutoutScience.stampData);
  });

  it("writes CSV that a CSV reader reads back", async () => {
    const fields = ["objectId", "ra", "realBogus", "packet.candidate.pdiffimfilename", "packet.cutoutScience"];
    const run = await alerts(["read", dataFolder("ztf"), "--csv", "--fields", fields.join(",")]);
    const rows = parse(run.stdout, { columns: true }) as Record<string, string>[];
    const truth = await readAlerts(dataFolder("ztf")).toArray();
    expect(Object.keys(rows[0]!)).toEqual(fields);
    expect(rows.map((row) => [row["objectId"], Number(row["ra"])])).toEqual(
      truth.map((alert) => [alert.objectId, alert.ra]),
    );
    expect(JSON.parse(rows[0]!["packet.cutoutScience"]!)).toHaveProperty("stampData");
  });

  it("ends with 1 when something could not be read, with its name", async () => {
    const bad = join(folder, "bad.avro");
    writeFileSync(bad, "no alert");
    const run = await alerts(["read", bad, join(folder, "nowhere"), dataFolder("ztf", "472263571115115000.avro")]);
    expect(run.code).toBe(1);
    expect(run.stdout.trimEnd().split("\n")).toHaveLength(2);
    expect(run.stderr).toContain(`alerts: ${bad}: Expected an Avro alert, got`);
    expect(run.stderr).toContain(join(folder, "nowhere"));
    expect(run.stderr).toMatch(/\nread 1, failed 2\n$/);
    expect(run.stderr).not.toContain("    at ");
    const none = await alerts(["read", bad]);
    expect(none).toMatchObject({ code: 1, stdout: "" });
    expect(none.stderr.match(/Expected an Avro alert/g)).toHaveLength(1);
    expect(none.stderr).toMatch(/\nread 0, failed 1\n$/);
  });

  it.each([
    [["--fields", "magpsf"], "Did you mean packet.candidate.magpsf"],
    [["--fields", "objectid"], "Did you mean objectId"],
    [["--fields", "mag,,ra"], "field names with commas between them"],
    [["--json", "--csv"], "one of --json and --csv"],
    [["--limit", "-1"], "0 or more, got -1"],
    [["--limit", "few"], 'got "few"'],
    [["--nonsense"], "unknown option"],
  ])("ends with 2 for %j", async (args, words) => {
    const run = await alerts(["read", dataFolder("ztf"), ...args]);
    expect(run).toEqual({ code: 2, stdout: "", stderr: expect.stringContaining(words) });
  });

  it("says how far it came when it is interrupted", async () => {
    const child = start(["read", dataFolder("ztf"), "--json", "--bytes", "--fields", "packet"]);
    const whole = ended(child);
    await once(child.stdout!, "data");
    child.stdout!.pause(); // the pipe is full before all is read, so the command is still at work
    child.kill("SIGINT");
    child.stdout!.resume();
    const run = await whole;
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/^alerts: Reading was stopped on request\nread \d+, failed 0\n$/);
    expect(run.stdout.trimEnd().split("\n")).toHaveLength(Number(/read (\d+)/.exec(run.stderr)![1]));
  });

  it("ends quietly when its reader has gone", async () => {
    const child = start(["read", dataFolder("ztf"), "--json", "--bytes", "--fields", "packet"]);
    const whole = ended(child);
    await once(child.stdout!, "data");
    child.stdout!.destroy();
    const run = await whole;
    expect(run.code).toBe(0);
    expect(run.stderr).toMatch(/^read \d+, failed 0\n$/);
    expect(Number(/\d+/.exec(run.stderr)![0])).toBeLessThan(115);
  });
});
