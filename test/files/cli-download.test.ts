// @module-tag long
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { alerts, ended, start } from "../helpers/alerts-command";
import { ArchiveServer } from "./archive-server";
import { noise, scratch, tgzOf } from "./make";

const root = scratch();
const small = "ztf_public_20181129.tar.gz";
let server: ArchiveServer;
let env: NodeJS.ProcessEnv;
let folder: string;
let runs = 0;

const catalogue = `#RESOURCE=yCat_gcvs
#Name: B/gcvs
_RAJ2000\t_DEJ2000\tVarType
deg\tdeg\t
----------\t----------\t----------
010.679583\t+41.268056\tSNI
\t\tM
005.596458\t+26.996056\tE,RS
#END# -ref=VOT1
`;

beforeAll(async () => {
  server = await new ArchiveServer({
    [small]: await tgzOf([
      ["1.avro", noise(20000)],
      ["2.avro", "two"],
    ]),
    "ztf_public_20181130.tar.gz": Buffer.alloc(44),
    "ztf_public_20181201.tar.gz": await tgzOf([["3.avro", "three"]]),
  }).start();
  server.texts.set("/gcvs", catalogue);
  env = { ZTF_ARCHIVE_URL: server.url, GCVS_URL: new URL("/gcvs?-source=B/gcvs", server.url).href };
});
afterAll(() => server.stop());
beforeEach(() => {
  folder = join(root, `data${runs++}`);
  server.seen.length = 0;
  server.holds.clear();
});

describe("alerts download", () => {
  it("lists the nights as a table and as JSON lines", async () => {
    const run = await alerts(["download", "--list", "--recent", "2"], { env });
    expect(run.code).toBe(0);
    expect(
      run.stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.split(/\s+/)[0]),
    ).toEqual(["night", "20181130", "20181201"]);
    expect(run.stdout).toMatch(/20181130\s+empty/);
    expect(run.stderr).toBe("2 nights, 1 of them empty\n");
    const json = await alerts(["download", "--list", "--json", "--url", server.url], { env: { ZTF_ARCHIVE_URL: "" } });
    expect(
      json.stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).isEmpty),
    ).toEqual([false, true, false]);
  });

  it("lists the nights that are named, also as a range", async () => {
    const run = await alerts(["download", "--list", "2018-11-28..20181130", "20181201", "--json"], { env });
    const nights = run.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).night);
    expect(nights).toEqual(["20181129", "20181130", "20181201"]);
  });

  it("downloads the latest nights that have alerts", async () => {
    const run = await alerts(["download", "--recent", "2", "--folder", folder, "--json"], { env });
    expect(run.code).toBe(0);
    const rows = run.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows.map((row) => [row.night, row.status, row.alerts]).sort()).toEqual([
      ["20181129", "downloaded", 2],
      ["20181201", "downloaded", 1],
    ]);
  });

  it("ends with 1 when a night fails, names it once, and fetches the others", async () => {
    const run = await alerts(["download", "20181129", "20200101", "20181130", "--folder", folder], { env });
    expect(run.code).toBe(1);
    expect(run.stderr.match(/20200101/g)!.length).toBeGreaterThan(0);
    expect(run.stderr.match(/→/g)).toHaveLength(1);
    expect(run.stdout).toMatch(/20181129 {2}downloaded +2/);
    expect(run.stdout).toMatch(/20181130 {2}empty/);
    expect(run.stdout).toMatch(/20200101 {2}failed/);
  });

  it.each([
    [[]],
    [["tomorrow"]],
    [["20181130..20181129"]],
    [["--list", "tomorrow"]],
    [["--recent", "0"]],
    [["20181129", "--parallel", "0"]],
    [["--list", "--url", "ftp://x"]],
  ])("ends with 2 for %j", async (args) => {
    const run = await alerts(["download", ...args, ...(args.length > 0 ? ["--folder", folder] : [])], { env });
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(existsSync(folder)).toBe(false);
  });

  it("keeps the part when it is interrupted, and goes on from there", async () => {
    server.holds.set(small, 3000);
    const child = start(["download", "20181129", "--folder", folder], { env });
    const whole = ended(child);
    const part = join(folder, ".archive", `${small}.part`);
    while (!existsSync(part) || statSync(part).size < 3000) await setImmediate();
    child.kill("SIGINT");
    const run = await whole;
    expect(run.code).toBe(1);
    expect(run.stderr).toContain("what has come is kept");
    expect(statSync(part).size).toBe(3000);
    server.holds.clear();
    expect((await alerts(["download", "20181129", "--folder", folder], { env })).code).toBe(0);
    expect(server.requestsOf(small).at(-1)).toMatchObject({ range: "bytes=3000-", status: 206 });
    expect(existsSync(join(folder, "20181129", "1.avro"))).toBe(true);
  });
});

describe("download_ztf_alert_data.sh", () => {
  const script = (args: string[], more: NodeJS.ProcessEnv = {}) =>
    alerts(args, { program: "download_ztf_alert_data.sh", cwd: root, env: { ...env, ...more } });

  it("fetches the small night and the catalogue, from any folder, and names the next command", async () => {
    const run = await script(["--folder", folder]);
    expect(run).toMatchObject({ code: 0, stdout: expect.stringMatching(/Next: \.\/launch_bootcamp\.sh\n$/) });
    expect(readFileSync(join(folder, "20181129", "2.avro"), "utf8")).toBe("two");
    expect(readFileSync(join(folder, "catalogs", "gcvs.csv"), "utf8")).toBe(
      'ra,dec,VarType\n10.679583,41.268056,SNI\n5.596458,26.996056,"E,RS"\n',
    );
    const before = server.seen.length;
    expect((await script(["--folder", folder])).code).toBe(0);
    expect(server.seen).toHaveLength(before);
  });

  it("takes no catalogue, index or list of checksums that broke off where the server says no length", async () => {
    const cut = new Map([
      ["gcvs", catalogue.indexOf("005.59")], // after a whole line
      ["", 100], // the index page
      ["MD5SUMS", 50],
    ]);
    for (const [name, length] of cut) {
      server.withoutLength.set(name, length);
      const run = await script(["--folder", `${folder}${name}`]);
      expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining("Expected the whole text, got one that") });
      if (name === "gcvs") expect(existsSync(join(`${folder}${name}`, "catalogs", "gcvs.csv"))).toBe(false);
      server.withoutLength.set(name, Number.POSITIVE_INFINITY);
    }
    expect(await script(["--folder", folder])).toMatchObject({ code: 0 });
    server.withoutLength.clear();
  });

  it("says what is wrong: nights, options, an archive that does not answer", async () => {
    expect(await script(["20189999", "--folder", folder])).toMatchObject({ code: 2 });
    expect(await script(["--bogus"])).toMatchObject({ code: 2, stdout: "" });
    expect((await script(["--help"])).stdout).toContain("YYYYMMDD");
    const closed = { ZTF_ARCHIVE_URL: "http://127.0.0.1:1/" };
    const run = await script(["20181129", "--folder", folder], closed);
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining("refuses the connection") });
    expect(run.stderr).toContain("the same command tries again");
    expect(existsSync(join(folder, "catalogs", "gcvs.csv"))).toBe(true);
  });
});
