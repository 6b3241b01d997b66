import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type CdsCounts, type CdsOptions, crossmatchCds } from "../../src/match/cds";
import { cdsServer } from "./cds-server";

const sources = [
  { ra: 10, dec: 20, main_id: "RR Lyr, the star", main_type: "RRLyr" },
  { ra: 10, dec: 20.0002, main_id: 'a "neighbour"', main_type: "Star" },
  { ra: 359.99999, dec: -5, main_id: "edge", main_type: "QSO" },
  { ra: 100, dec: 50, main_id: "4 C", main_type: "AGN" },
];
const alerts = [
  { objectId: "A", ra: 10, dec: 20.00002 },
  { objectId: "A", ra: 10, dec: 20.00019 },
  { objectId: "B", ra: 0.00001, dec: -5 },
  { objectId: "C", ra: 200, dec: 0 },
  { objectId: "D", ra: Number.NaN, dec: 0 },
  { objectId: "E", ra: 100, dec: 50 },
  { objectId: "F", ra: 100, dec: 50 },
];

let server: Awaited<ReturnType<typeof cdsServer>>;
let cacheFolder: string;
beforeEach(async () => {
  server = await cdsServer(sources);
  cacheFolder = mkdtempSync(join(tmpdir(), "cds-"));
});
afterEach(async () => {
  await server.close();
  rmSync(cacheFolder, { recursive: true });
});

const ask = (options: Partial<CdsOptions> = {}, whom: readonly { ra: number; dec: number }[] = alerts) =>
  crossmatchCds(whom, { catalog: "simbad", radiusArcsec: 1, url: server.url, cacheFolder, ...options });
const reply =
  (text: string, status = 200) =>
  (response: ServerResponse) => {
    response.statusCode = status;
    response.end(text);
  };

describe("crossmatchCds", () => {
  it("keeps answers in the folder that BOOTCAMP_HOME names", async () => {
    vi.stubEnv("BOOTCAMP_HOME", join(cacheFolder, "home"));
    await ask({ cacheFolder: undefined as never });
    vi.unstubAllEnvs();
    expect(readdirSync(join(cacheFolder, "home", "cds"))).toEqual([expect.stringMatching(/^simbad-1arcsec-/)]);
  });

  it("answers each alert by its own position, with the nearest entry", async () => {
    const { alerts: answered, counts } = await ask();
    expect(answered.map(({ match }) => match?.row.main_id)).toEqual([
      "RR Lyr, the star",
      'a "neighbour"',
      "edge",
      undefined,
      undefined,
      "4 C",
      "4 C",
    ]);
    expect(answered[0]!.match!.separationArcsec).toBeCloseTo(0.072, 6);
    expect(answered[0]!.match!.row).toEqual({ main_id: "RR Lyr, the star", ra: "10", dec: "20", main_type: "RRLyr" });
    expect(answered.map(({ failed }) => failed)).toEqual([
      null,
      null,
      null,
      null,
      "no position (ra NaN, dec 0)",
      null,
      null,
    ]);
    expect(counts).toEqual({ alerts: 7, matched: 5, unmatched: 1, failed: 1, fromCache: 0, requests: 1 });
  });

  it("asks as the service's documentation says, each position once", async () => {
    await ask({ catalog: "vizier:II/246/out", radiusArcsec: 5 });
    const [first] = server.asked;
    expect(first!.fields).toEqual({
      request: "xmatch",
      distMaxArcsec: "5",
      RESPONSEFORMAT: "csv",
      colRA1: "bootcamp_ra",
      colDec1: "bootcamp_dec",
      cat2: "vizier:II/246/out",
    });
    expect(first!.rows.map(({ ra }) => ra)).toEqual([10, 10, 0.00001, 200, 100]);
  });

  it("keeps answers, empty ones too, for the same catalogue and radius", async () => {
    const first = await ask();
    const again = await ask();
    expect(again.alerts).toEqual(first.alerts);
    expect(again.counts).toMatchObject({ fromCache: 6, requests: 0 });
    expect((await ask({ radiusArcsec: 2 })).counts).toMatchObject({ fromCache: 0, requests: 1 });
    expect((await ask({ keepDays: -1 })).counts).toMatchObject({ fromCache: 0, requests: 1 });
    expect((await ask({ cacheFolder: null })).counts).toMatchObject({ fromCache: 0, requests: 1 });
  });

  it("asks again for what is torn in the cache", async () => {
    await ask();
    const file = join(cacheFolder, readdirSync(cacheFolder)[0]!);
    const text = readFileSync(file, "utf8").trimEnd();
    writeFileSync(file, text.slice(0, -20));
    appendFileSync(file, '\n{"at":"1,1","day":99999,"match":7}\nnull');
    expect((await ask()).counts).toMatchObject({ matched: 5, fromCache: 4, requests: 1 });
    expect((await ask()).counts).toMatchObject({ matched: 5, fromCache: 6, requests: 0 });
  });

  it("reports the batch that failed and goes on with the others; the next run asks only for that", async () => {
    server.instead.set(1, reply("<html><b>Internal</b>\u0007 error</html>", 500));
    const seen: CdsCounts[] = [];
    const { alerts: answered, counts } = await ask({ batchSize: 2, onProgress: (each) => seen.push(each) });
    expect(counts).toEqual({ alerts: 7, matched: 4, unmatched: 0, failed: 3, fromCache: 0, requests: 3 });
    expect(answered[2]).toMatchObject({
      match: null,
      failed: expect.stringMatching(/got status 500: "Internal error"/),
    });
    expect(answered[5]!.match?.row.main_id).toBe("4 C");
    expect(seen.map(({ matched, failed }) => [matched, failed])).toEqual([
      [2, 1],
      [2, 3],
      [4, 3],
    ]);
    expect((await ask({ batchSize: 2 })).counts).toMatchObject({ failed: 1, fromCache: 4, requests: 1 });
  });

  it("gives up a batch that takes too long", async () => {
    server.instead.set(0, () => undefined);
    const { alerts: answered } = await ask({ batchSize: 3, timeoutSeconds: 0.2 });
    expect(answered[0]!.failed).toMatch(/expected matches, got none within 0.2 s/);
    expect(answered[5]!.match).not.toBeNull();
  });

  it("gives up a batch whose answer stops half-way", async () => {
    server.instead.set(0, (response) => response.write("angDist,bootcamp_row\n0.1,"));
    expect((await ask({ timeoutSeconds: 0.2 })).alerts[0]!.failed).toMatch(/none within 0.2 s/);
  });

  it("stops asking a service that fails three times in a row", async () => {
    for (let n = 0; n < 9; n++) server.instead.set(n, reply("", 503));
    const { alerts: answered, counts } = await ask({ batchSize: 1 });
    expect(counts).toMatchObject({ failed: 7, requests: 3 });
    expect(answered[6]!.failed).toMatch(/not asked: the service failed 3 times in a row/);
  });

  it("says so when there is no service", async () => {
    await server.close();
    expect((await ask()).alerts[0]!.failed).toMatch(/got a refused connection/);
  });

  it.each([
    ["a page", "<html>Welcome</html>", /no table with angDist and bootcamp_row: "Welcome"/],
    ["nothing", "", /no table with angDist/],
    ["a row that was not asked", "angDist,bootcamp_row,x\n0.1,5,a\n", /a match for row.*5.*not asked/],
    ["a row that is no number", "angDist,bootcamp_row,x\n0.1,-0,a\n", /not asked/],
    ["a distance beyond the radius", "angDist,bootcamp_row,x\n1.1,0,a\n", /angDist: "1.1", expected 0 to 1/],
    ["a distance that is none", "angDist,bootcamp_row,x\n,0,a\n", /angDist, expected/],
    ["a line cut short", "angDist,bootcamp_row,x\n0.1,0,a\n0.2,1", /2 cells under 3 columns/],
    ["a quote that never closes", 'angDist,bootcamp_row,x\n0.1,0,"a\n', /Quote Not Closed/],
  ])("believes nothing of a reply that is %s", async (_, text, message) => {
    server.instead.set(0, reply(text));
    const { alerts: answered, counts } = await ask();
    expect(answered[0]!.failed).toMatch(message);
    expect(counts).toMatchObject({ matched: 0, failed: 7 });
    expect(readdirSync(cacheFolder)).toEqual([]);
  });

  it("takes hostile column names as names", async () => {
    server.instead.set(0, reply("angDist,bootcamp_row,__proto__,constructor\n0.1,0,evil,c\n"));
    const [first] = (await ask()).alerts;
    expect(Object.entries(first!.match!.row)).toEqual([
      ["__proto__", "evil"],
      ["constructor", "c"],
    ]);
  });

  it("stops on request", async () => {
    const stop = new AbortController();
    server.instead.set(0, () => stop.abort());
    await expect(ask({ signal: stop.signal })).rejects.toMatchObject({ code: "ABORTED" });
    await expect(ask({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "ABORTED" });
  });

  it.each<[Partial<CdsOptions>, RegExp]>([
    [{ catalog: "gaia" }, /catalog "simbad" or "vizier:…", got "gaia"/],
    [{ radiusArcsec: 181 }, /above 0, at most 180, got 181/],
    [{ batchSize: 0 }, /batchSize/],
    [{ timeoutSeconds: 0 }, /timeoutSeconds/],
    [{ url: "file:///etc/passwd" }, /an http or https url/],
    [{ cacheFolder: "/dev/null/x" }, /a cacheFolder that can be read and written/],
  ])("refuses %o", async (options, message) => {
    await expect(ask(options)).rejects.toMatchObject({ code: "USAGE", message: expect.stringMatching(message) });
    expect(server.asked).toEqual([]);
  });
});
