import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { dataFolder, needs } from "../../test/helpers/data";
import type { Alert } from "../alert/alert";
import { decodeAlert } from "../alert/decode";
import { cut } from "../select/cut";
import { toDataFrame } from "./data-frame";
import { readParquet, toParquet } from "./parquet";
import { sql } from "./sql";

const folder = mkdtempSync(join(tmpdir(), "types-"));
afterAll(() => rmSync(folder, { recursive: true }));

let cached: Alert[] | undefined;
const ztf = (): Alert[] =>
  (cached ??= readdirSync(dataFolder("ztf"))
    .filter((name) => name.endsWith(".avro"))
    .map((name) => decodeAlert(readFileSync(dataFolder("ztf", name)))));
const lsst = (): Alert => decodeAlert(readFileSync(dataFolder("lsst", "lsst.v11_0.fakeAlert.avro")));
const typesOf = async (rows: readonly unknown[], fields: any) =>
  (await sql(rows, "SELECT column_name, data_type FROM information_schema.columns", { fields })).map((row) => [
    row["column_name"],
    row["data_type"],
  ]);

describe.skipIf(needs.data())("columns of real alerts", () => {
  it("refuse a misspelt path everywhere, naming the nearest field", async () => {
    const path = join(folder, "x.parquet");
    const misspelt = "packet.candidate.drbb";
    for (const attempt of [
      () => sql(ztf(), "SELECT 1", { fields: ["mag", misspelt] }),
      () => toParquet(ztf(), path, { score: misspelt }),
      () => toDataFrame(ztf(), ["candidate.drbb"]),
      async () => ztf().filter(cut("score", misspelt, { min: 0.5 })),
    ]) {
      await expect(attempt()).rejects.toMatchObject({
        code: "NO_FIELD",
        remedy: expect.stringContaining("packet.candidate.drb"),
      });
    }
    expect(readdirSync(folder)).toEqual([]);
    expect(() => ztf().filter(cut("bad", "packet.candidates.nbad", { max: 0 }))).toThrow("packet.candidates.nbad");
    expect(() => ztf().filter(cut("bad", "history.0.magg", { max: 0 }))).toThrow("history.0.magg");
    await expect(sql(ztf(), "SELECT 1", { fields: ["stamps.sciencee"] })).rejects.toMatchObject({ code: "NO_FIELD" });
  });

  it("take a field that another version or survey has for missing", async () => {
    const mixed = [lsst(), ...ztf()];
    const score = cut("score", "packet.candidate.drb", { min: 0.5 });
    expect(score.verdict(lsst())).toBe("missing");
    expect(mixed.filter(score).length).toBeGreaterThan(20);
    const [row] = await sql(mixed, "SELECT count(*) AS n, count(drb) AS known FROM alerts", {
      fields: ["candidate.drb"],
    });
    expect(row!["n"]).toBe(ztf().length + 1);
    expect(row!["known"]).toBe(ztf().filter((alert) => typeof alert.packet.candidate.drb === "number").length);
  });

  it("have the types of the schema, whatever the values are", async () => {
    // nearby solar system objects are null or absent in some of these, and integers are whole in all
    const fields = [
      "alertId",
      "objectId",
      "mag",
      "candidate.nbad",
      "candidate.ssnamenr",
      "packet.prv_candidates.length",
    ];
    const expected = [
      ["alertId", "BIGINT"],
      ["objectId", "VARCHAR"],
      ["mag", "DOUBLE"],
      ["nbad", "INTEGER"],
      ["ssnamenr", "VARCHAR"],
      ["length", "INTEGER"],
    ];
    for (const alert of ztf().slice(0, 5)) expect(await typesOf([alert], fields)).toEqual(expected);
    expect(await typesOf(ztf(), fields)).toEqual(expected);
    expect(
      await typesOf([lsst()], ["objectId", "diaSource.psfFlux", "diaSource.visit", "diaSource.isNegative"]),
    ).toEqual([
      ["objectId", "BIGINT"],
      ["psfFlux", "DOUBLE"],
      ["visit", "BIGINT"],
      ["isNegative", "BOOLEAN"],
    ]);
  });

  it("go into lists that SQL can take apart", async () => {
    const [alert] = ztf().filter(({ history }) => history.length > 3);
    const points = await sql(
      [alert],
      "SELECT alertId, p.band, p.mag FROM (SELECT alertId, unnest(history) AS p FROM alerts)",
      {
        fields: ["alertId", "history"],
      },
    );
    expect(points).toEqual(alert!.history.map(({ band, mag }) => ({ alertId: alert!.alertId, band, mag })));
    expect(await typesOf([alert], ["packet.prv_candidates"])).toEqual([
      ["prv_candidates", expect.stringMatching(/^STRUCT\("?jd"? DOUBLE, "?fid"? INTEGER.*\)\[\]$/)],
    ]);
  });

  it("come back from Parquet as they went in", async () => {
    const path = join(folder, "night.parquet");
    const some = ztf().slice(0, 10);
    await toParquet(some, path, ["alertId", "objectId", "mag", "candidate.fid", "history"]);
    const rows = await readParquet(path);
    expect(rows.map(({ alertId }) => alertId)).toEqual(some.map(({ alertId }) => alertId));
    expect(rows[0]!["fid"]).toBe(some[0]!.packet.candidate.fid);
    expect(rows.map(({ history }) => history.length)).toEqual(some.map(({ history }) => history.length));
    await expect(readParquet(join(folder, "none.parquet"))).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
    await expect(readParquet(__filename)).rejects.toThrow("Expected a Parquet file");
  });
});

describe("rows and results", () => {
  it("counts are numbers, ids stay bigint, and JSON takes both", async () => {
    const rows = [
      { id: 5n, flux: 1.5 },
      { id: 2475433850015010185n, flux: 2.5 },
    ];
    const answer = await sql(
      rows,
      "SELECT id, count(*) OVER () AS n, sum(flux) OVER () AS total FROM alerts ORDER BY id",
    );
    expect(answer[0]).toEqual({ id: 5n, n: 2, total: 4 });
    expect(JSON.parse(JSON.stringify(answer))[1]).toEqual({ id: "2475433850015010185", n: 2, total: 4 });
    // a sum that no number holds exactly stays whole
    expect(await sql(rows, "SELECT sum(id) AS s FROM alerts")).toEqual([{ s: 2475433850015010190n }]);
  });

  it("several tables are asked together", async () => {
    const alerts = [
      { star: "a", mag: 17 },
      { star: "b", mag: 18 },
    ];
    const stars = [{ name: "b", kind: "RRLyr" }];
    const query = "SELECT mag, kind FROM alerts JOIN stars ON star = name";
    expect(await sql({ alerts, stars }, query)).toEqual([{ mag: 18, kind: "RRLyr" }]);
    await expect(sql({ alerts, stars }, "SELECT * FROM galaxies")).rejects.toMatchObject({
      remedy: expect.stringContaining("alerts, stars"),
    });
    await expect(sql({ alerts, stars }, query, { fields: { star: ["name"] } as any })).rejects.toThrow("alerts, stars");
  });

  it("columns that SQL would take for one, or that have no name, are refused", async () => {
    for (const rows of [[{ mag: 1, MAG: 2 }], [{ "": 1 }], [{ " ": 1 }], [{ list: [{ a: 1, A: 2 }] }]]) {
      await expect(sql(rows, "SELECT 1")).rejects.toMatchObject({ code: "USAGE" });
      await expect(toParquet(rows, join(folder, "never.parquet"))).rejects.toMatchObject({ code: "USAGE" });
    }
  });

  it("names from data never meet a prototype, and what has no end is refused", async () => {
    const row = JSON.parse('{"constructor": 1, "toString": "x", "__proto__": {"a": 1}, "nested": {"constructor": 2}}');
    expect(await sql([row], 'SELECT "constructor" AS c, "toString" AS t, nested FROM alerts')).toEqual([
      { c: 1, t: "x", nested: { constructor: 2 } },
    ]);
    const endless: Record<string, unknown> = {};
    endless["self"] = endless;
    await expect(sql([endless], "SELECT 1")).rejects.toMatchObject({ code: "USAGE" });
    await expect(sql(null as any, "SELECT 1")).rejects.toMatchObject({ code: "USAGE" });
    await expect(sql(Promise.resolve([]) as any, "SELECT 1")).rejects.toMatchObject({
      remedy: "write await before it",
    });
  });

  it("a function that meets a null names its column and row", async () => {
    const rows = [{ match: { row: { type: "Star" } } }, { match: null }];
    await expect(sql(rows, "SELECT 1", { fields: { type: (a: any) => a.match.row.type } })).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringContaining("column type failed at row 2"),
    });
    expect(await sql(rows, "SELECT type FROM alerts", { fields: { type: "match.row.type" } })).toEqual([
      { type: "Star" },
      { type: null },
    ]);
  });
});
