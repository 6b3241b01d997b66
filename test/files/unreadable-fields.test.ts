import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decodeAlert } from "../../src/alert/decode";
import { alerts } from "../helpers/alerts-command";
import { dataFolder, needs, reportFile } from "../helpers/data";
import { scratch } from "./make";

const folder = scratch();

describe.skipIf(needs.data() || needs.reports())("alerts read, of fields that cannot all be read", () => {
  it("passes over null items, counts the alert with a damaged stamp, and reads the rest", async () => {
    cpSync(reportFile("mixed"), folder, { recursive: true });
    const name = readdirSync(dataFolder("ztf")).find((each) => /^24754.*avro$/.test(each))!;
    const bytes = readFileSync(dataFolder("ztf", name));
    const stamp = decodeAlert(bytes).stampBytes("science")!.bytes;
    bytes.fill(0xff, bytes.indexOf(stamp) + 20, bytes.indexOf(stamp) + 60); // damaged gzip, a whole record
    writeFileSync(join(folder, "damaged.avro"), bytes);

    const all = await alerts(["read", folder, "--fields", "objectId,history.length,mag", "--json"]);
    expect(all.stdout.trim().split("\n")).toHaveLength(5);
    expect([all.code, all.stderr]).toEqual([0, expect.stringMatching(/read 5, failed 0/)]);

    const stamps = await alerts(["read", folder, "--fields", "objectId,stamps.science.width", "--csv"]);
    expect(stamps.stdout.trim().split("\n")).toHaveLength(1 + 4);
    expect([stamps.code, stamps.stderr]).toEqual([
      1,
      expect.stringMatching(/damaged\.avro: .*gzip stamp[\s\S]*read 4, failed 1/),
    ]);
  });
});
