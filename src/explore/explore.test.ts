import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { handMade } from "../../test/helpers/handMade";
import { toDataFrame } from "./data-frame";
import { toParquet } from "./parquet";
import { sql } from "./sql";

const folder = mkdtempSync(join(tmpdir(), "explore-"));
afterAll(() => rmSync(folder, { recursive: true }));

const id = 2475433850015010009n;
const alerts = [
  handMade({
    alertId: id,
    objectId: 170591900000000001n,
    band: "g",
    mag: 17.123456789012,
    packet: { candidate: { rb: 0.9 } },
  }),
  handMade({
    alertId: id + 1n,
    objectId: 170591900000000002n,
    band: "r",
    mag: 16,
    packet: { candidate: { rb: null } },
  }),
  handMade({ alertId: id + 2n, objectId: null, band: "r", packet: { candidate: { rb: 0.5 } }, isPositive: false }),
];
async function* stream() {
  yield* alerts;
}

describe("sql", () => {
  it("keeps every digit of an id and gives bigint back", async () => {
    const rows = await sql(stream(), "SELECT alertId, objectId FROM alerts ORDER BY alertId DESC");
    expect(rows).toEqual([
      { alertId: id + 2n, objectId: null },
      { alertId: id + 1n, objectId: 170591900000000002n },
      { alertId: id, objectId: 170591900000000001n },
    ]);
    expect(await sql(alerts, "SELECT mag FROM alerts WHERE alertId = $id", { params: { id } })).toEqual([
      { mag: 17.123456789012 },
    ]);
  });

  it("takes NaN and null as NULL, which aggregates leave out", async () => {
    const [row] = await sql(alerts, "SELECT avg(mag) AS mean, count(mag) AS n, count(*) AS total FROM alerts");
    expect(row).toEqual({ mean: (17.123456789012 + 16) / 2, n: 2, total: 3 });
    expect(await sql(alerts, "SELECT alertId FROM alerts WHERE mag < 20 OR NOT mag < 20")).toHaveLength(2);
  });

  it("takes packet paths, names and functions as columns", async () => {
    expect(await sql(alerts, "SELECT * FROM alerts", { fields: ["band", "candidate.rb"] })).toEqual([
      { band: "g", rb: 0.9 },
      { band: "r", rb: null },
      { band: "r", rb: 0.5 },
    ]);
    const fields = { score: "packet.candidate.rb", negative: (a: any) => !a.isPositive };
    expect(await sql(alerts, "SELECT count(*) AS n FROM alerts WHERE negative", { fields })).toEqual([{ n: 1 }]);
  });

  it("takes plain rows of any shape, with text, truth, dates, lists and odd names", async () => {
    const when = new Date("2018-11-29T07:00:00.123Z");
    const rows = [
      { 'a "b"; DROP TABLE alerts': "it's", when, list: [1n, 2n], whole: 5n, mixed: 5n },
      { when: null, whole: 7, mixed: "x", late: true },
    ];
    const back = await sql(rows, "SELECT * FROM alerts ORDER BY whole");
    expect(back[0]).toEqual({
      'a "b"; DROP TABLE alerts': "it's",
      when,
      list: [1n, 2n],
      whole: 5n,
      mixed: "5",
      late: null,
    });
    expect(back[1]).toMatchObject({ whole: 7n, mixed: "x", late: true });
    const undated = [
      { when, n: 1 },
      { when: new Date(Number.NaN), n: 2 },
    ];
    expect(await sql(undated, 'SELECT "when" FROM alerts ORDER BY n')).toEqual([{ when }, { when: null }]);
  });

  it("has a table even when there is no row", async () => {
    expect(await sql([], "SELECT count(mag) AS n FROM alerts")).toEqual([{ n: 0 }]);
  });

  it("passes on what DuckDB says of a wrong query", async () => {
    await expect(sql(alerts, "SELECT magg FROM alerts")).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringContaining('"magg" not found'),
    });
    await expect(sql(alerts, " ")).rejects.toThrow("Expected an SQL query");
  });

  it("refuses fields that are not there, clash or hold bytes, and rows that are none", async () => {
    const of = (fields: any, rows: any = alerts) => sql(rows, "SELECT 1", { fields });
    await expect(of(["mag", "candidate.magpsff"])).rejects.toMatchObject({
      code: "NO_FIELD",
      message: expect.stringContaining('"candidate.magpsff"'),
    });
    await expect(of(["mag", "candidate.mag"])).rejects.toThrow("columns of different names");
    await expect(of(["bytes"])).rejects.toThrow("without binary data");
    await expect(of([])).rejects.toThrow("at least one field");
    await expect(of(undefined, [17])).rejects.toThrow("rows that are alerts or plain objects, got 17");
    await expect(of(undefined, [{ big: 2n ** 63n }])).rejects.toThrow("64-bit integers in column big");
  });

  it("reads and writes no file and loads no extension", async () => {
    const secret = join(folder, "secret.csv");
    writeFileSync(secret, "a\n1\n");
    for (const query of [
      `SELECT * FROM read_csv('${secret}')`,
      `SELECT * FROM '${secret}'`,
      `COPY alerts TO '${join(folder, "out.csv")}'`,
      `ATTACH '${join(folder, "out.db")}'`,
      "INSTALL httpfs",
      "LOAD httpfs",
      "SET enable_external_access = true",
    ]) {
      await expect(sql(alerts, query), query).rejects.toMatchObject({ code: "USAGE" });
    }
    expect(readdirSync(folder)).toEqual(["secret.csv"]);
  });
});

describe("Parquet", () => {
  it("holds INT64 ids and nulls, under any file name", async () => {
    const path = join(folder, "it's a night.parquet");
    const file = await toParquet(stream(), path, ["alertId", "objectId", "mag", "isPositive", "candidate.rb"]);
    expect(file).toMatchObject({ path, rows: 3, columns: ["alertId", "objectId", "mag", "isPositive", "rb"] });
    const bytes = readFileSync(path);
    expect([bytes.subarray(0, 4).toString(), bytes.subarray(-4).toString()]).toEqual(["PAR1", "PAR1"]);
    expect(bytes.length).toBe(file.bytes);

    // Read back by a database of its own, with no code of this library in between.
    const { DuckDBInstance } = require("@duckdb/node-api");
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const ask = async (query: string) => (await connection.runAndReadAll(query, [path])).getRowObjectsJS();
    expect(await ask("SELECT * FROM read_parquet($1) ORDER BY alertId")).toEqual([
      { alertId: id, objectId: 170591900000000001n, mag: 17.123456789012, isPositive: true, rb: 0.9 },
      { alertId: id + 1n, objectId: 170591900000000002n, mag: 16, isPositive: true, rb: null },
      { alertId: id + 2n, objectId: null, mag: null, isPositive: false, rb: 0.5 },
    ]);
    const types = await ask("SELECT name, type FROM parquet_schema($1) WHERE type IS NOT NULL");
    expect(types.slice(0, 3)).toEqual([
      { name: "alertId", type: "INT64" },
      { name: "objectId", type: "INT64" },
      { name: "mag", type: "DOUBLE" },
    ]);
    connection.closeSync();
  });

  it("leaves nothing half-written behind", async () => {
    const before = readdirSync(folder);
    await expect(toParquet(alerts, join(folder, "absent", "a.parquet"))).rejects.toMatchObject({
      code: "FILE_NOT_FOUND",
    });
    await expect(toParquet(alerts, folder)).rejects.toThrow("Could not write the file");
    expect(readdirSync(folder)).toEqual(before);
  });
});

describe("data frame", () => {
  it("keeps ids as text with every digit and numbers as they are", async () => {
    const said = vi.spyOn(console, "warn");
    const frame = await toDataFrame(stream(), ["alertId", "mag", "candidate.rb", "isPositive"]);
    // TensorFlow's advice to install another of it
    expect([frame["loc"]({ columns: ["mag"] }).tensor.shape, said.mock.calls]).toEqual([[3, 1], []]);
    said.mockRestore();
    expect(frame.shape).toEqual([3, 4]);
    expect(frame.columns).toEqual(["alertId", "mag", "rb", "isPositive"]);
    expect(frame["alertId"].values.map(BigInt)).toEqual([id, id + 1n, id + 2n]);
    expect(frame["mag"].values).toEqual([17.123456789012, 16, Number.NaN]);
    expect(frame["mag"].min()).toBe(16);
  });

  it("can be described and grouped with values missing, and can be empty", async () => {
    const frame = await toDataFrame([
      { band: "g", mag: 17, seen: true },
      { band: null, mag: null, seen: null },
      { band: "g", mag: 19, seen: false },
    ]);
    expect(frame["mag"].mean()).toBe(18);
    expect(frame["describe"]().shape).toEqual([7, 2]);
    expect(frame["groupby"](["band"]).col(["mag"]).count().shape[0]).toBeGreaterThan(0);
    expect((await toDataFrame([], ["mag"])).shape).toEqual([0, 1]);
  });
});
