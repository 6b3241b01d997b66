import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Alert } from "../../src/alert/alert";
import { writeContainer } from "../../src/avro/container-write";
import { findAlerts } from "../../src/files/find-alerts";
import { localNights } from "../../src/files/local-nights";
import { makeAlert } from "../helpers/alerts";
import { alerts } from "../helpers/alerts-command";
import { dataFolder, needs } from "../helpers/data";
import { errorOf, scratch, tgzOf } from "./make";

const data = scratch();
const idOf = (n: number) => String(makeAlert(n).alertId);

beforeAll(async () => {
  for (const night of ["20181129", "20181130", "simulated-7", ".archive", "catalogs"]) mkdirSync(join(data, night));
  for (const n of [1, 2, 3]) writeFileSync(join(data, "20181129", `${idOf(n)}.avro`), makeAlert(n).bytes);
  // a visit in one container, and an archive: more alerts than files
  const visit = [4, 5].map((n) => makeAlert(n));
  writeFileSync(
    join(data, "20181130", "visit.avro"),
    writeContainer(
      visit[0]!.schema,
      visit.map((alert) => alert.record),
    ),
  );
  writeFileSync(
    join(data, "simulated-7", "night.tar.gz"),
    await tgzOf([
      ["6.avro", makeAlert(6).bytes],
      ["2.avro", makeAlert(2).bytes],
    ]),
  );
  writeFileSync(join(data, "simulated-7", "damaged.avro"), makeAlert(7).bytes.subarray(0, 200));
  writeFileSync(join(data, "catalogs", "gcvs.csv"), "ra,dec");
  writeFileSync(join(data, "download.log"), "log");
});

const quiet = { onFailure: () => undefined };
const search = async (id: bigint | string | number, options = {}) => {
  const found = await findAlerts(id, data, { ...quiet, ...options });
  return {
    files: (await found.toArray()).map((alert) => (alert.origin as { path: string }).path.slice(data.length + 1)),
    found,
  };
};

describe("localNights", () => {
  it("counts nights and alert files, and nothing else that lies there", async () => {
    const rows = await localNights(data);
    expect(rows.map(({ name, isNight, files, alerts }) => [name, isNight, files, alerts])).toEqual([
      ["20181129", true, 3, null],
      ["20181130", true, 1, null],
      ["simulated-7", false, 2, null],
    ]);
    expect(rows[0]!.bytes).toBe([1, 2, 3].reduce((sum, n) => sum + makeAlert(n).bytes.length, 0));
  });

  it("counts the alerts really there when asked to read, and names what cannot be read", async () => {
    const named: string[] = [];
    const rows = await localNights(data, { read: true, onFailure: (error) => named.push(error.message) });
    expect(rows.map(({ alerts, unreadable }) => [alerts, unreadable])).toEqual([
      [3, 0],
      [2, 0],
      [2, 1],
    ]);
    expect(named).toEqual([expect.stringContaining("damaged.avro")]);
  });

  it("says that a folder is not there, and stops on request", async () => {
    expect((await errorOf(localNights(join(data, "absent")))).code).toBe("FILE_NOT_FOUND");
    expect((await errorOf(localNights(data, { signal: AbortSignal.abort() }))).code).toBe("ABORTED");
  });
});

describe("findAlerts", () => {
  it("finds every alert of an id, wherever it lies, files of that name first", async () => {
    const { files, found } = await search(makeAlert(2).alertId as bigint);
    expect(files).toEqual([`20181129/${idOf(2)}.avro`, "simulated-7/night.tar.gz!2.avro"]);
    expect(String(found.ledger)).toBe("read 8 = selected 2 + rejected 5 + failed 1");
    expect((await search(idOf(5))).files).toEqual(["20181130/visit.avro"]);
    expect((await search(` ${makeAlert(6).objectId} `)).files).toEqual(["simulated-7/night.tar.gz!6.avro"]);
    expect((await search(idOf(5).slice(1))).files).toEqual([]);
  });

  it("with a limit looks into files of that name alone", async () => {
    const { files, found } = await search(idOf(3), { limit: 1 });
    expect(files).toEqual([`20181129/${idOf(3)}.avro`]);
    expect(found.ledger.read).toBe(1);
  });

  it("refuses what is no id, above all a number that has lost digits", async () => {
    const error = await errorOf(findAlerts(2 ** 60 + 4, data));
    expect(error).toMatchObject({ code: "USAGE", message: expect.stringContaining("has lost digits") });
    for (const id of ["", "  ", "null"]) expect((await errorOf(findAlerts(id, data))).code).toBe("USAGE");
    expect((await errorOf((await findAlerts("1", join(data, "absent"))).toArray())).code).toBe("FILE_NOT_FOUND");
  });

  it.skipIf(needs.data())("finds alerts of each survey by the id of the alert, the source and the object", async () => {
    const one = async (id: string, folder: string): Promise<Alert[]> =>
      (await findAlerts(id, dataFolder(folder))).toArray();
    expect((await one("739260766315010006", "ztf")).map((alert) => alert.objectId)).toEqual(["ZTF17aaacxxf"]);
    expect((await one("2262001", "elasticc")).map((alert) => alert.objectId)).toEqual([1131n]);
    expect(await one("1231321321", "elasticc")).toHaveLength(
      readdirSync(dataFolder("elasticc")).filter((name) => /avro/.test(name)).length,
    );
    for (const id of ["7912941781254298", "LSST-AP-DS-7912941781254298"]) {
      expect((await one(id, "lsst")).map((alert) => alert.survey)).toEqual(["lsst"]);
    }
  });
});

describe("alerts local and find", () => {
  const env = { BOOTCAMP_DATA: data };

  it("show what is here: nights and alerts", async () => {
    const run = await alerts(["local"], { env });
    expect(run).toMatchObject({ code: 0, stderr: `2 nights, 6 alert files in ${data}\n` });
    expect(run.stdout).toMatch(/^20181129 +2018-11-29 +3 /m);
    const read = await alerts(["local", data, "--read", "--json"]);
    expect(read.code).toBe(1);
    expect(read.stderr).toMatch(/damaged\.avro: .*\n(.*\n)?2 nights, 7 alerts in 6 alert files/);
    expect(JSON.parse(read.stdout.split("\n")[1]!)).toMatchObject({ name: "20181130", files: 1, alerts: 2 });
    const none = await alerts(["local"], { env: { BOOTCAMP_DATA: join(data, "absent") } });
    expect(none).toMatchObject({ code: 0, stdout: "", stderr: expect.stringContaining("alerts download 20181129") });
    expect((await alerts(["local", join(data, "absent")])).code).toBe(1);
  });

  it("prints each hit with its file; JSON, a copy and a light curve when asked", async () => {
    const plain = await alerts(["find", idOf(2)], { env });
    expect(plain.stdout.trim().split("\n")).toEqual([
      expect.stringContaining(`20181129/${idOf(2)}.avro  ztf ZTF18`),
      expect.stringContaining("night.tar.gz!2.avro  ztf ZTF18"),
    ]);
    expect(plain).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/damaged\.avro[\s\S]*found 2, looked at 7, failed 1/),
    });
    const curve = join(data, ".curve.svg");
    const full = await alerts(
      ["find", idOf(3), "--first", "--json", "--save", join(data, ".copies"), "--plot", curve],
      { env },
    );
    expect(full.code).toBe(0);
    expect(JSON.parse(full.stdout)).toMatchObject({ candid: idOf(3) });
    expect(readFileSync(join(data, ".copies", `${idOf(3)}.avro`)).equals(makeAlert(3).bytes)).toBe(true);
    expect(readFileSync(curve, "utf8")).toMatch(/^<svg /);
  });

  it("ends with 1 when no alert has the id, saying where it looked, and with 2 for wrong usage", async () => {
    const none = await alerts(["find", "77", join(data, "20181129")]);
    expect(none).toMatchObject({ code: 1, stdout: "" });
    expect(none.stderr).toMatch(/looked at 3, failed 0\n.*of id 77 in .*20181129, none there has it\n {2}→/);
    for (const args of [["find"], ["find", "1", data, "--plot", "x.png"], ["find", "null", data]])
      expect([args, (await alerts(args)).code]).toEqual([args, 2]);
  });

  it.skipIf(needs.data())("saves the three stamps of a candid", async () => {
    const folder = join(data, ".ztf");
    cpSync(dataFolder("ztf/2019_01_10_739260766315010006.avro"), join(folder, "739260766315010006.avro"));
    const run = await alerts([
      "find",
      "739260766315010006",
      folder,
      "--stamps",
      join(data, ".stamps"),
      "--plot",
      join(data, ".c.html"),
    ]);
    expect(run.code, run.stderr).toBe(0);
    expect(readdirSync(join(data, ".stamps"))).toHaveLength(3);
    expect(readFileSync(join(data, ".c.html"), "utf8")).toContain("ZTF17aaacxxf");
  });
});
