import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import { type ReadOptions, readAlerts } from "../../src/files/read-alerts";
import type { Failure } from "../../src/stream/ledger";
import { dataFolder, needs } from "../helpers/data";
import { errorOf, scratch, tarOf, tgzOf } from "./make";

const folder = scratch();
let made = 0;

/** A file of its own with these bytes. */
function fileOf(bytes: Buffer | string, name = "x.avro"): string {
  const place = join(folder, String(made++));
  mkdirSync(place);
  writeFileSync(join(place, name), bytes);
  return join(place, name);
}

/** Ids in reading order, and what could not be read. */
async function readAll(paths: string | string[], options: ReadOptions = {}) {
  const failures: Failure[] = [];
  const stream = readAlerts(paths, { ...options, onFailure: (failure) => failures.push(failure) });
  const ids = await stream.map((alert) => `${alert.alertId}`).toArray();
  expect(stream.ledger.read).toBe(ids.length + failures.length);
  expect(stream.ledger.failed).toBe(failures.length);
  expect(stream.ledger.pending).toBe(0);
  return { ids, failures, errors: failures.map((failure) => failure.error as any) };
}

describe.skipIf(needs.data())("readAlerts", () => {
  const ztf = needsNothing()
    ? []
    : readdirSync(dataFolder("ztf"))
        .slice(0, 3)
        .map((name) => readFileSync(dataFolder("ztf", name)));
  const [one, two, three] = ztf as [Buffer, Buffer, Buffer];
  const idOf = async (bytes: Buffer) => (await readAll(fileOf(bytes))).ids[0]!;

  it("reads every form a file of alerts comes in, whatever its name", async () => {
    const [a, b] = [await idOf(one), await idOf(two)];
    const plain = await tarOf([
      ["a.avro", one],
      ["dir/b.avro", two],
    ]);
    for (const [bytes, ids] of [
      [one, [a]],
      [gzipSync(one), [a]],
      [plain, [a, b]],
      [gzipSync(plain), [a, b]],
      [
        await tgzOf([
          ["./NITE1.tar.gz", gzipSync(plain)],
          ["NITE2.tar", plain],
          ["c.avro.gz", gzipSync(two)],
        ]),
        [a, b, a, b, b],
      ],
      [Buffer.concat([gzipSync(one.subarray(0, 999)), gzipSync(one.subarray(999))]), [a]],
    ] as const) {
      const { ids: got, failures } = await readAll(fileOf(bytes, "no-suffix"));
      expect(failures).toEqual([]);
      expect(got).toEqual(ids);
    }
  });

  it("names the entry an alert came from", async () => {
    const path = fileOf(await tgzOf([["NITE.tar.gz", await tgzOf([["a.avro", one]])]]), "t.tar.gz");
    const [alert] = await readAlerts(path).toArray();
    expect(alert!.origin).toEqual({ kind: "file", path: `${path}!NITE.tar.gz!a.avro`, record: 0 });
  });

  it("reads folders in the order of names, with their folders, without what is hidden or plainly not data", async () => {
    const place = join(folder, "tree");
    mkdirSync(join(place, "b", ".hidden"), { recursive: true });
    writeFileSync(join(place, "c.avro"), three);
    writeFileSync(join(place, "a.avro"), one);
    writeFileSync(join(place, "b", "x"), two);
    for (const name of [".a.avro", "b/.hidden/x.avro", "MD5SUMS", "README.md", "s.avsc", "c.csv", "t.tar.gz.part"])
      writeFileSync(join(place, name), "not an alert");
    symlinkSync(place, join(place, "b", "loop"));
    const expected = [await idOf(one), await idOf(two), await idOf(three)];
    expect(await readAll(place)).toMatchObject({ ids: expected, failures: [] });
    expect((await readAll(place, { recursive: false })).ids).toEqual([expected[0], expected[2]]);
    expect((await readAll([join(place, "c.avro"), place], { limit: 2 })).ids).toEqual([expected[2], expected[0]]);
    writeFileSync(join(place, "d.dat"), "meant to be an alert?");
    const { errors } = await readAll([place, join(place, "README.md")]);
    expect(errors.map((error) => [error.code, error.where])).toEqual([
      ["NOT_AVRO", join(place, "d.dat")],
      ["NOT_AVRO", join(place, "README.md")],
    ]);
  });

  it.each([
    ["not Avro", () => Buffer.from("<html>404 Not Found</html>"), "NOT_AVRO", /Expected an Avro alert/],
    ["empty", () => Buffer.alloc(0), "AVRO_TRUNCATED", /empty/],
    ["cut in the header", () => one.subarray(0, 900), "AVRO_TRUNCATED", /data end/],
    ["cut in the block", () => one.subarray(0, one.length - 5000), "AVRO_TRUNCATED", /data end/],
    ["cut in the last sync marker", () => one.subarray(0, one.length - 3), "AVRO_TRUNCATED", /sync marker/],
    [
      "with another's tail",
      () => Buffer.concat([one.subarray(0, -16), Buffer.alloc(16)]),
      "AVRO_CORRUPT",
      /sync marker/,
    ],
    ["of damaged gzip", () => damaged(gzipSync(one), 5000), "GZIP", /damaged|incorrect/],
    ["of gzip cut short", () => gzipSync(one).subarray(0, 20000), "GZIP", /end too early/],
    ["of gzip around text", () => gzipSync("no alert"), "NOT_AVRO", /Expected an Avro alert/],
    ["only a gzip header", () => Buffer.from([0x1f, 0x8b]), "GZIP", /end too early/],
  ])("names a file that is %s, and reads the rest", async (_, bytes, code, words) => {
    const bad = fileOf(bytes(), "bad.avro");
    const good = fileOf(two);
    const { ids, errors } = await readAll([bad, good]);
    expect(ids).toEqual([await idOf(two)]);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ code, where: bad, message: expect.stringMatching(words) });
    expect(errors[0].message).toContain(bad);
    expect(await errorOf(readAlerts(bad).toArray())).toMatchObject({ code, where: bad });
  });

  it("passes over a container with a header and no block, as Spark writes it, and says so once", async () => {
    const empty = one.subarray(0, blockStart(one));
    const [first, second] = [fileOf(empty, "part-0.avro"), fileOf(empty, "part-1.avro")];
    const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    let lines: unknown[] = [];
    try {
      expect(await readAll([first, second])).toMatchObject({ ids: [], errors: [] });
      expect(await readAll([first, fileOf(two)])).toMatchObject({ ids: [await idOf(two)], errors: [] });
      lines = said.mock.calls.map(([text]) => text);
    } finally {
      said.mockRestore();
    }
    expect(lines).toEqual([
      `${first} and 1 more: an Avro container without records, passed over\n`,
      `${first}: an Avro container without records, passed over\n`,
    ]);
  });

  it("takes a tar without end blocks for whole where the gzip around it is", async () => {
    const plain = await tarOf([
      ["a.avro", one],
      ["b.avro", two],
    ]);
    const open = plain.subarray(0, plain.length - 1024);
    const ids = [await idOf(one), await idOf(two)];
    expect(await readAll(fileOf(gzipSync(open)))).toMatchObject({ ids, errors: [] });
    expect((await readAll(fileOf(gzipSync(open).subarray(0, -8)))).errors).toMatchObject([{ code: "GZIP" }]);
    expect((await readAll(fileOf(open))).errors).toMatchObject([{ code: "ARCHIVE" }]);
    expect((await readAll(fileOf(gzipSync(plain.subarray(0, plain.length - 3000))))).errors).toHaveLength(1);
  });

  it("names a record that ends early or late in its block", async () => {
    const { start, body } = block(one);
    const shorter = Buffer.concat([
      one.subarray(0, start),
      Buffer.from([2]),
      long(body.length - 700),
      body.subarray(0, -700),
      one.subarray(-16),
    ]);
    const longer = Buffer.concat([
      one.subarray(0, start),
      Buffer.from([2]),
      long(body.length + 4),
      body,
      Buffer.alloc(4),
      one.subarray(-16),
    ]);
    const { errors } = await readAll([fileOf(shorter), fileOf(longer)]);
    expect(errors.map((error) => error.code)).toEqual(["AVRO_TRUNCATED", "AVRO_CORRUPT"]);
  });

  it("reads the alerts before the damage of an archive and counts the damage once", async () => {
    const plain = await tarOf([
      ["a.avro", one],
      ["b.avro", two],
      ["c.avro", three],
    ]);
    const [a, b, c] = [await idOf(one), await idOf(two), await idOf(three)];
    const inEntry = await readAll(fileOf(plain.subarray(0, plain.length - 20000)));
    expect(inEntry).toMatchObject({
      ids: [a, b],
      errors: [{ code: "ARCHIVE", message: expect.stringContaining('"c.avro"') }],
    });
    const atEntry = await readAll(fileOf(plain.subarray(0, plain.length - 1024)));
    expect(atEntry).toMatchObject({
      ids: [a, b, c],
      errors: [{ code: "ARCHIVE", message: expect.stringContaining("end mark") }],
    });
    const zipped = await readAll(fileOf(gzipSync(plain).subarray(0, 60000)));
    expect(zipped.errors).toMatchObject([{ code: "GZIP" }]);
    expect([a, b, c].slice(0, zipped.ids.length)).toEqual(zipped.ids);
    const header = Buffer.from(plain);
    header.fill(0x41, 512 + Math.ceil(one.length / 512) * 512, 512 + Math.ceil(one.length / 512) * 512 + 100);
    expect(await readAll(fileOf(header))).toMatchObject({ ids: [a], errors: [{ code: "ARCHIVE" }] });
  });

  it("goes on behind a bad entry of an archive", async () => {
    const path = fileOf(
      await tgzOf([
        ["a.avro", one],
        ["bad.avro.gz", gzipSync(two).subarray(0, 9000)],
        ["empty.avro", ""],
        ["inner.tar.gz", (await tgzOf([["x.avro", two]])).subarray(0, 30000)],
        ["z.avro", three],
      ]),
      "night.tar.gz",
    );
    const { ids, errors } = await readAll(path);
    expect(ids).toEqual([await idOf(one), await idOf(three)]);
    expect(errors.map((error) => [error.code, error.where])).toEqual([
      ["GZIP", `${path}!bad.avro.gz`],
      ["AVRO_TRUNCATED", `${path}!empty.avro`],
      ["GZIP", `${path}!inner.tar.gz`],
    ]);
  });

  it("refuses entries that climb out, are absolute, or are links, and reads the others", async () => {
    const path = fileOf(
      await tarOf([
        ["../climbs.avro", one],
        ["a/../../climbs.avro", one],
        ["/absolute.avro", one],
        ["C:\\windows.avro", one],
        ["link.avro", "", { type: "symlink", linkname: "/etc/passwd" }],
        ["hard.avro", "", { type: "link", linkname: "../../x" }],
        ["pipe.avro", "", { type: "fifo" }],
        ["dir", "", { type: "directory" }],
        ["good.avro", two],
      ]),
      "hostile.tar",
    );
    const { ids, errors } = await readAll(path);
    expect(ids).toEqual([await idOf(two)]);
    expect(errors).toHaveLength(7);
    for (const error of errors)
      expect(error).toMatchObject({ code: "ARCHIVE", where: expect.stringContaining(`${path}!`) });
    expect(errors[0].message).toContain(
      "../climbs.avro: Expected a file inside the archive, got a path that climbs out",
    );
  });

  it("stops gzip bombs, files beyond the limit, and archives without end", async () => {
    const zeros = gzipSync(Buffer.alloc(3_000_000));
    const tarBomb = gzipSync(await tarOf([["zeros.avro", Buffer.alloc(3_000_000)]]));
    let nested = await tarOf([["a.avro", one]]);
    for (let depth = 0; depth < 8; depth++) nested = await tarOf([[`${depth}.tar`, nested]]);
    const limits = { maxBytes: 1_000_000 };
    const { ids, errors } = await readAll(
      [fileOf(zeros), fileOf(tarBomb), fileOf(Buffer.alloc(1_500_000, 1)), fileOf(nested), fileOf(two)],
      limits,
    );
    expect(errors.map((error) => error.code)).toEqual(["GZIP", "GZIP", "FILE_ACCESS", "ARCHIVE"]);
    expect(errors[0].message).toMatch(/at most 200-fold/);
    expect(ids).toEqual([await idOf(two)]);
  });

  it("says when there is nothing, nothing there, or no path", async () => {
    mkdirSync(join(folder, "hollow", "deep"), { recursive: true });
    writeFileSync(join(folder, "hollow", "notes.md"), "x");
    expect(await errorOf(readAlerts(join(folder, "hollow")).toArray())).toMatchObject({ code: "NO_ALERTS" });
    expect(await errorOf(readAlerts(fileOf(await tgzOf([]), "e.tar.gz")).toArray())).toMatchObject({
      code: "NO_ALERTS",
    });
    expect(await errorOf(readAlerts(join(folder, "nowhere")).toArray())).toMatchObject({ code: "FILE_NOT_FOUND" });
    expect(() => readAlerts([])).toThrow(/Expected a path/);
  });

  it("stops on request", async () => {
    const stop = new AbortController();
    const stream = readAlerts(dataFolder("ztf"), { signal: stop.signal }).tap(() => stop.abort());
    expect(await errorOf(stream.toArray())).toMatchObject({ code: "ABORTED" });
    expect(stream.ledger.read).toBe(1);
  });

  it("reads all the real data without a failure", async () => {
    const { ids, failures } = await readAll([dataFolder("ztf"), dataFolder("elasticc"), dataFolder("lsst")], {
      schema: readFileSync(dataFolder("schemas/lsst/9.0.avsc"), "utf8"),
    });
    expect(failures).toEqual([]);
    expect(ids).toHaveLength(115 + 42 + 6);
  });
});

function needsNothing(): boolean {
  return !process.env["BOOTCAMP_TEST_DATA"];
}

/** Where the block of records of a one-block container begins: just after the header's own sync marker. */
function blockStart(container: Buffer): number {
  return container.indexOf(container.subarray(-16)) + 16;
}

/** The bytes of the block's records. */
function block(container: Buffer): { start: number; body: Buffer } {
  const start = blockStart(container);
  let at = start + 1; // the count, 1, has one byte
  while (container[at]! > 127) at++;
  return { start, body: container.subarray(at + 1, -16) };
}

/** Avro's variable-length form of a length. */
function long(value: number): Buffer {
  const out: number[] = [];
  for (let rest = value * 2; ; rest = Math.floor(rest / 128)) {
    out.push(rest > 127 ? (rest % 128) | 128 : rest);
    if (rest <= 127) return Buffer.from(out);
  }
}

function damaged(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.fill(0xff, at, at + 40);
  return copy;
}
