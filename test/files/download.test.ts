import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { listNights } from "../../src/files/archive";
import type { NightProgress } from "../../src/files/download-night";
import { downloadNights, type NightResult } from "../../src/files/download-nights";
import { ArchiveServer } from "./archive-server";
import { errorOf, noise, scratch, tarOf, tgzOf } from "./make";

const file = (night: string) => `ztf_public_${night}.tar.gz`;
const alerts = ["11.avro", "12.avro", "13.avro"].map((name, i) => [name, noise(9000 + i)] as const);

const root = scratch();
let server: ArchiveServer;
let folder: string;
let runs = 0;

beforeAll(async () => {
  server = await new ArchiveServer({
    [file("20181128")]: await tgzOf(alerts.slice(0, 1)),
    [file("20181129")]: await tgzOf(alerts),
    [file("20181130")]: emptyNight(await tarOf([])),
    [file("20181201")]: await tgzOf([...alerts, ["../../climbed.avro", "x"]]),
    [file("20181202")]: await tgzOf([["link.avro", "", { type: "symlink", linkname: "/etc/passwd" }]]),
    [file("20181203")]: (await tgzOf(alerts)).subarray(0, 15000),
  }).start();
});
afterAll(() => server.stop());
beforeEach(async () => {
  folder = join(root, `data${runs++}`);
  await mkdir(folder);
  server.seen.length = 0;
  server.knowsRanges = true;
  server.contentEncoding = null;
  server.onRequest = () => undefined;
  server.listsSums = true;
  const { breaks, wrongSums, statuses, withoutLength, redirects, claimed } = server;
  for (const map of [breaks, wrongSums, statuses, withoutLength, redirects, claimed]) map.clear();
});

/** The archive's own empty nights have 44 bytes: an empty tar with another header than Node's zlib writes. */
function emptyNight(tar: Buffer): Buffer {
  for (const length of [tar.length, 10240, 20480]) {
    const packed = gzipSync(Buffer.alloc(length));
    if (packed.length === 44) return packed;
  }
  const header = Buffer.from("1f8b0808000000000003", "hex"); // with a file name, to fill up to 44 bytes
  const plain = gzipSync(tar);
  return Buffer.concat([header, Buffer.from(`${"x".repeat(44 - plain.length - 1)}\0`), plain.subarray(10)]);
}

const quick = (more: object = {}) => ({ folder, baseUrl: server.url, retryWaitSeconds: 0, ...more });

describe("listNights", () => {
  it("reads dates, sizes, checksums and empty nights from page and MD5SUMS", async () => {
    const nights = await listNights({ baseUrl: server.url });
    expect(nights.map((night) => night.night)).toEqual(Object.keys(server.files).map((name) => name.slice(11, 19)));
    expect(nights.filter((night) => night.isEmpty).map((night) => night.night)).toEqual(["20181130"]);
    expect(nights.find((night) => night.night === "20181130")!.sizeBytes).toBe(44);
    expect(nights.every((night) => /^[0-9a-f]{32}$/.test(night.md5 ?? ""))).toBe(true);
    expect(nights[1]!.url).toBe(`${server.url}${file("20181129")}`);
  });

  it("says what is wrong with an address", async () => {
    expect((await errorOf(listNights({ baseUrl: "ftp://x/" }))).code).toBe("USAGE");
    const nothing = await errorOf(listNights({ baseUrl: server.url.replace("public", "elsewhere") }));
    expect(nothing).toMatchObject({ code: "DOWNLOAD", message: expect.stringContaining("got none") });
    const closed = await errorOf(listNights({ baseUrl: "http://127.0.0.1:1/" }));
    expect(closed).toMatchObject({ code: "DOWNLOAD", message: expect.stringContaining("refuses the connection") });
  });
});

describe("downloadNights", () => {
  it("downloads, checks, unpacks and logs; then skips what is there", async () => {
    const seen: NightResult[] = [];
    const [night] = await downloadNights(["20181129"], quick({ onNight: (result: NightResult) => seen.push(result) }));
    expect(night).toMatchObject({ status: "downloaded", alerts: 3, isVerified: true, resumedAt: 0 });
    for (const [name, bytes] of alerts) expect(readFileSync(join(folder, "20181129", name))).toEqual(bytes);
    expect(readdirSync(join(folder, ".archive"))).toEqual([]);
    const [again] = await downloadNights(["2018-11-29"], quick());
    expect(again).toMatchObject({ status: "present", alerts: 3 });
    expect(server.requestsOf(file("20181129"))).toHaveLength(1);
    const log = readFileSync(join(folder, "download.log"), "utf8");
    expect(log).toMatch(
      /^\S+Z 20181129 downloaded: 3 alerts, \d+ bytes, md5 ok\n\S+Z 20181129 present: 3 alerts, 0 bytes\n$/,
    );
    expect(seen).toEqual([night]);
  });

  it("goes on with a Range where the connection broke, as the server saw", async () => {
    server.breaks.set(file("20181129"), [5000, 4000]);
    const [night] = await downloadNights(["20181129"], quick());
    expect(night).toMatchObject({ status: "downloaded", alerts: 3, isVerified: true });
    expect(server.requestsOf(file("20181129"))).toMatchObject([
      { range: null, status: 200 },
      { range: "bytes=5000-", status: 206 },
      { range: "bytes=9000-", status: 206 },
    ]);
  });

  it("goes on with the part of an earlier run, and keeps the tarball when asked", async () => {
    const whole = server.files[file("20181129")]!;
    await mkdir(join(folder, ".archive"));
    writeFileSync(join(folder, ".archive", `${file("20181129")}.part`), whole.subarray(0, 7000));
    const [night] = await downloadNights(["20181129"], quick({ keepArchive: true }));
    expect(night).toMatchObject({ resumedAt: 7000, bytes: whole.length, isVerified: true });
    expect(server.requestsOf(file("20181129"))).toMatchObject([{ range: "bytes=7000-", status: 206 }]);
    expect(readFileSync(join(folder, ".archive", file("20181129")))).toEqual(whole);
  });

  it("starts again where the server knows no ranges, or the part was of another file", async () => {
    server.knowsRanges = false;
    server.breaks.set(file("20181129"), [5000]);
    expect((await downloadNights(["20181129"], quick()))[0]).toMatchObject({ isVerified: true, alerts: 3 });
    expect(server.requestsOf(file("20181129")).map((request) => request.status)).toEqual([200, 200]);
    server.knowsRanges = true;
    writeFileSync(join(folder, ".archive", `${file("20181128")}.part`), "an error page of a proxy");
    expect((await downloadNights(["20181128"], quick()))[0]).toMatchObject({ isVerified: true, resumedAt: 0 });
    expect(server.requestsOf(file("20181128")).map((request) => request.range)).toEqual(["bytes=24-", null]);
  });

  it("takes the bytes as they are from a server that labels them gzip", async () => {
    server.contentEncoding = "x-gzip";
    expect((await downloadNights(["20181129"], quick()))[0]).toMatchObject({ isVerified: true, alerts: 3 });
  });

  it("tries a busy server again and gives up on one that stays so, keeping the part", async () => {
    server.statuses.set(file("20181129"), [503, 503]);
    expect((await downloadNights(["20181129"], quick()))[0]!.status).toBe("downloaded");
    server.breaks.set(file("20181128"), [100, 0, 0, 0, 0, 0]);
    const error = await errorOf(downloadNights(["20181128"], quick()));
    expect(error).toMatchObject({ code: "DOWNLOAD", remedy: expect.stringContaining("what has come is kept") });
    expect(readFileSync(join(folder, ".archive", `${file("20181128")}.part`))).toHaveLength(100);
  });

  it("refuses a wrong checksum and leaves nothing behind", async () => {
    server.wrongSums.set(file("20181129"), "0".repeat(32));
    const error = await errorOf(downloadNights(["20181129"], quick()));
    expect(error).toMatchObject({ code: "DOWNLOAD", message: expect.stringContaining(`checksum ${"0".repeat(32)}`) });
    expect(readdirSync(folder).sort()).toEqual([".archive", "download.log"]);
    expect(readdirSync(join(folder, ".archive"))).toEqual([]);
  });

  it("takes no more than the index announces, with a length or without", async () => {
    const name = file("20181129");
    server.claimed.set(name, "100 ");
    for (const withoutLength of [false, true]) {
      if (withoutLength) server.withoutLength.set(name, Number.POSITIVE_INFINITY);
      const error = await errorOf(downloadNights(["20181129"], quick()));
      expect(error).toMatchObject({
        code: "DOWNLOAD",
        message: expect.stringContaining("Expected a file of at most 2.2 kB"),
      });
      expect(readdirSync(join(folder, ".archive"))).toEqual([]);
    }
    server.claimed.clear();
    expect((await downloadNights(["20181129"], quick()))[0]).toMatchObject({ status: "downloaded", alerts: 3 });
  });

  it("keeps nothing of a night without a checksum that came in part, and fetches it again", async () => {
    server.listsSums = false;
    for (const cut of [20, 9_000, 20_000]) {
      server.withoutLength.set(file("20181129"), cut);
      const error = await errorOf(downloadNights(["20181129"], quick()));
      expect(error).toMatchObject({ code: "GZIP", where: expect.stringContaining("20181129") });
      expect([existsSync(join(folder, "20181129")), readdirSync(join(folder, ".archive"))]).toEqual([false, []]);
    }
    server.withoutLength.clear();
    const [night] = await downloadNights(["20181129"], quick());
    expect(night).toMatchObject({ status: "downloaded", alerts: 3, isVerified: false });
  });

  it.each(["http://[", "//", "http://", "mailto:x"])(
    "blames a redirect to %j on the server, not on the folder",
    async (target) => {
      server.redirects.set(file("20181129"), target);
      const error = await errorOf(downloadNights(["20181129"], quick()));
      expect(error).toMatchObject({ code: "DOWNLOAD", message: expect.stringMatching(/redirect/) });
      expect(error.message).not.toContain(folder);
    },
  );

  it("says which nights there are when one is not, and when the server has lost it", async () => {
    const unknown = await errorOf(downloadNights(["20190101"], quick()));
    expect(unknown).toMatchObject({ code: "DOWNLOAD", message: expect.stringContaining("next to it: 20181203") });
    expect(unknown.remedy).toContain("--list");
    server.statuses.set(file("20181129"), [404]);
    const lost = await errorOf(downloadNights(["20181129"], quick()));
    expect(lost).toMatchObject({ code: "DOWNLOAD", message: expect.stringContaining("(404)") });
    expect((await errorOf(downloadNights(["20181332"], quick()))).code).toBe("USAGE");
  });

  it("says of an empty night that it is empty, without an error or a folder", async () => {
    const [night] = await downloadNights(["20181130"], quick());
    expect(night).toMatchObject({ status: "empty", alerts: 0, folder: null, error: null });
    expect(existsSync(join(folder, "20181130"))).toBe(false);
  });

  it.each([
    ["20181201", "ARCHIVE", "../../climbed.avro"],
    ["20181202", "ARCHIVE", "a symlink"],
    ["20181203", "GZIP", "end too early"],
  ])("unpacks nothing of a hostile or damaged night %s", async (night, code, words) => {
    const error = await errorOf(downloadNights([night], quick()));
    expect(error).toMatchObject({ code, message: expect.stringContaining(words) });
    expect(readdirSync(folder).sort()).toEqual([".archive", "download.log"]);
    expect(existsSync(join(folder, "../climbed.avro"))).toBe(false);
  });

  it("finishes the other nights when some fail, and names each", async () => {
    const seen: NightResult[] = [];
    const wanted = ["20181128", "20190101", "20181203", "20181129"];
    const error = await errorOf(
      downloadNights(wanted, quick({ parallel: 3, onNight: (result: NightResult) => seen.push(result) })),
    );
    expect(error.message).toMatch(/^2 of 4 nights failed: .*20190101.*20181203/);
    expect(seen.map((result) => result.night).sort()).toEqual([...wanted].sort());
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(["20181128", "20181129"]));
  });

  it("fetches the nights of a range several at a time, and names the empty ones", async () => {
    let waiting = 0;
    let most = 0;
    server.onRequest = (name) => {
      if (name.startsWith("ztf_")) most = Math.max(most, ++waiting);
    };
    const onNight = ({ status }: NightResult) => void (status === "downloaded" && waiting--);
    const nights = await downloadNights(["2018-11-28..20181130"], quick({ parallel: 2, onNight }));
    expect(nights.map(({ night, status }) => [night, status])).toEqual([
      ["20181128", "downloaded"],
      ["20181129", "downloaded"],
      ["20181130", "empty"],
    ]);
    expect(most).toBe(2);
    const outside = await errorOf(downloadNights(["20190101..20190131"], quick()));
    expect(outside).toMatchObject({ code: "DOWNLOAD", message: expect.stringContaining("20190101..20190131") });
  });

  it("asks for the disk space of all nights together before it fetches the first", async () => {
    const row = (night: string) => `<a href="${file(night)}">x</a> 2018-11-30 04:22 9000T `;
    server.texts.set("/alerts/public/", `<pre>${row("20181128")}${row("20181129")}</pre>`);
    const error = await errorOf(downloadNights(["20181128..20181129"], quick()));
    server.texts.clear();
    // 2 tarballs of 9000 × 2^40 bytes, 4-fold: themselves and what they hold
    expect(error).toMatchObject({ code: "FILE_ACCESS", message: expect.stringContaining("Expected 79164.8 TB free") });
    expect(server.seen.filter(({ path }) => path.endsWith(".tar.gz"))).toEqual([]);
  });

  it("says how far it is, how fast, and how long it will take", async () => {
    const steps: NightProgress[] = [];
    await downloadNights(["20181129"], quick({ onProgress: (step: NightProgress) => steps.push(step) }));
    const size = server.files[file("20181129")]!.length;
    expect(steps.at(-1)).toMatchObject({ night: "20181129", receivedBytes: size, totalBytes: size, secondsLeft: 0 });
    expect(steps.every(({ bytesPerSecond }) => bytesPerSecond >= 0)).toBe(true);
  });

  it("keeps the part when it is interrupted", async () => {
    const stop = new AbortController();
    server.breaks.set(file("20181129"), [8000, 0, 0, 0]);
    server.onRequest = (name) => {
      if (name === file("20181129") && server.requestsOf(name).length === 1) stop.abort();
    };
    const error = await errorOf(downloadNights(["20181129"], quick({ signal: stop.signal })));
    expect(error).toMatchObject({ code: "ABORTED" });
    const part = readFileSync(join(folder, ".archive", `${file("20181129")}.part`));
    expect(part).toEqual(server.files[file("20181129")]!.subarray(0, 8000));
    server.breaks.clear();
    expect((await downloadNights(["20181129"], quick()))[0]).toMatchObject({
      resumedAt: part.length,
      isVerified: true,
    });
  });
});
