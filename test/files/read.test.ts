import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { readAlerts } from "../../src/files/read-alerts";
import { dataFolder, needs } from "../helpers/data";
import { errorOf, scratch, tarOf, tgzOf } from "./make";
import { filesIn, firstAlerts, idOf, readAll } from "./read-all";

const folder = scratch();
const fileOf = filesIn(folder);

describe.skipIf(needs.data())("readAlerts", () => {
  let one: Buffer;
  let two: Buffer;
  let three: Buffer;
  beforeAll(() => {
    [one, two, three] = firstAlerts();
  });

  it("reads every form a file of alerts comes in, whatever its name", async () => {
    const [a, b] = [idOf(one), idOf(two)];
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
    const expected = [idOf(one), idOf(two), idOf(three)];
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
    expect(ids).toEqual([idOf(two)]);
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
    expect(ids).toEqual([idOf(two)]);
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
