// @module-tag long
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { simulateNight } from "../../src/simulate/night";
import { alerts } from "../helpers/alerts-command";
import { root } from "../helpers/data";
import { checkTypes } from "../notebooks/check-types";
import { readCells } from "../notebooks/run-notebook";

const folder = mkdtempSync(join(tmpdir(), "alerts-sql-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string) => join(folder, name);
const night = simulateNight({ seed: 7, alerts: 40, visits: 4 });

beforeAll(async () => {
  await night.write(path("night"));
});

const lines = (text: string) => text.trim().split("\n");

describe("alerts sql", () => {
  it("counts what the alerts are, as a table and as JSON with all digits of an id", async () => {
    const query = "select band, count(*) as n from alerts group by band order by band";
    const run = await alerts(["sql", query, path("night")]);
    expect([run.code, run.stderr]).toEqual([0, ""]);
    const count = (band: string) => [...night.visits()].flatMap((v) => v.alerts).filter((a) => a.band === band).length;
    expect(lines(run.stdout).map((line) => line.trim().split(/\s+/))).toEqual([
      ["band", "n"],
      ...["g", "i", "r"].filter((band) => count(band) > 0).map((band) => [band, String(count(band))]),
    ]);
    const json = await alerts(["sql", "select alertId from alerts order by 1 limit 1", path("night"), "--json"]);
    const least = [...night.truth].map(({ alertId }) => alertId).sort((a, b) => (a < b ? -1 : 1))[0];
    expect(JSON.parse(json.stdout)).toEqual({ alertId: String(least) });
  });

  it("has history as records, joins a table of one's own, and writes Parquet that it reads", async () => {
    const [first] = night.truth;
    writeFileSync(path("mine.csv"), `name,ra,dec\n${first!.objectId},${first!.ra},${first!.dec}\n`);
    const query = "select a.objectId, len(history) as n from a join mine on a.objectId = mine.name";
    const sources = [`a=${path("night")}`, `mine=${path("mine.csv")}`];
    const joined = await alerts([
      "sql",
      query,
      ...sources,
      "--fields",
      "objectId,history",
      "--parquet",
      path("out.parquet"),
    ]);
    expect([joined.code, joined.stdout]).toEqual([0, ""]);
    expect(joined.stderr).toMatch(/^\d+ rows in .*out\.parquet/);
    const read = await alerts(["sql", "select distinct objectId from alerts", path("out.parquet"), "--json"]);
    expect(JSON.parse(read.stdout)).toEqual({ objectId: first!.objectId });
  });

  it("asks a topic, and takes what looks like a path for one", async () => {
    const env = { KAFKA_BOOTSTRAP: inject("bootstrap") };
    expect((await alerts(["send", path("night"), "--topic", "sql-of-a-topic", "--fast"], { env })).code).toBe(0);
    const query = "select count(*) as n, count(distinct objectId) as objects from alerts";
    const asked = await alerts(["sql", query, "sql-of-a-topic", "--json"], { env });
    const objects = new Set(night.truth.map(({ objectId }) => objectId)).size;
    expect(JSON.parse(asked.stdout)).toEqual({ n: 40, objects });
    const absent = await alerts(["sql", query, "sql-of-none.avro"], { env });
    expect([absent.code, absent.stderr]).toEqual([1, expect.stringContaining("sql-of-none.avro")]);
  });

  it("ends with 2 for a wrong query or names, with 1 for what cannot be read", async () => {
    const wrong = await alerts(["sql", "select nothing from alerts", path("night")]);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/The query failed: .*nothing/s)]);
    const unnamed = await alerts(["sql", "select 1", path("night"), path("mine.csv")]);
    expect([unnamed.code, unnamed.stderr]).toEqual([2, expect.stringMatching(/names for several sources/)]);
    mkdirSync(path("half"));
    writeFileSync(join(path("half"), "bad.avro"), "no alert");
    const good = readdirSync(path("night")).find((name) => name.endsWith(".avro"))!;
    symlinkSync(join(path("night"), good), join(path("half"), "good.avro"));
    const half = await alerts(["sql", "select count(*) as n from alerts", path("half"), "--json"]);
    expect([half.code, half.stdout.trim()]).toEqual([1, '{"n":1}']);
    expect(half.stderr).toMatch(/bad\.avro/);
  });
});

describe("alerts new", () => {
  it("makes a folder whose script runs, with a notebook whose cells are right, and writes nothing over", async () => {
    const made = path("my-analysis");
    expect((await alerts(["new", made])).code).toBe(0);
    expect(readdirSync(made).sort()).toEqual([
      ".env",
      ".gitignore",
      "README.md",
      "package.json",
      "scratch.ipynb",
      "tonight.mjs",
    ]);
    expect(statSync(join(made, ".env")).mode & 0o077).toBe(0);
    expect(readFileSync(join(made, "README.md"), "utf8")).toContain(`cd ${made} && node tonight.mjs`);
    const { dependencies } = JSON.parse(readFileSync(join(made, "package.json"), "utf8"));
    expect(join(made, dependencies["alert-bootcamp"].replace("file:", ""))).toBe(root);
    // what npm install makes of a dependency on a folder
    mkdirSync(join(made, "node_modules"));
    symlinkSync(root, join(made, "node_modules/alert-bootcamp"));
    const printed = execFileSync(process.execPath, ["tonight.mjs"], { cwd: made, encoding: "utf8" });
    expect(printed).toMatch(/tonight\.html\nread 500 = selected \d+ \+ rejected \d+ \+ failed 0/);
    expect(statSync(join(made, "tonight.parquet")).size).toBeGreaterThan(1000);
    expect(checkTypes(new Map([["scratch", readCells("scratch")]]))).toEqual([]);
    const again = await alerts(["new", made]);
    expect([again.code, again.stderr]).toEqual([2, expect.stringMatching(/an empty folder.*which holds files/s)]);
    expect((await alerts(["new", path("My Analysis")])).code).toBe(2);
  });
});
