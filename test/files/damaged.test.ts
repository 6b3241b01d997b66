import { gzipSync } from "node:zlib";
import { Type } from "avsc";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { readAlerts } from "../../src/files/read-alerts";
import { needs } from "../helpers/data";
import { errorOf, scratch, tarOf, tgzOf } from "./make";
import { filesIn, firstAlerts, idOf, readAll } from "./read-all";

const fileOf = filesIn(scratch());

describe.skipIf(needs.data())("readAlerts, of damaged files", () => {
  let one: Buffer;
  let two: Buffer;
  let three: Buffer;
  beforeAll(() => {
    [one, two, three] = firstAlerts();
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
    expect(ids).toEqual([idOf(two)]);
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
      expect(await readAll([first, fileOf(two)])).toMatchObject({ ids: [idOf(two)], errors: [] });
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
    const ids = [idOf(one), idOf(two)];
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
    const [a, b, c] = [idOf(one), idOf(two), idOf(three)];
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
    expect(ids).toEqual([idOf(one), idOf(three)]);
    expect(errors.map((error) => [error.code, error.where])).toEqual([
      ["GZIP", `${path}!bad.avro.gz`],
      ["AVRO_TRUNCATED", `${path}!empty.avro`],
      ["GZIP", `${path}!inner.tar.gz`],
    ]);
  });
});

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

const long = (value: number): Buffer => Type.forSchema("long").toBuffer(value);

function damaged(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.fill(0xff, at, at + 40);
  return copy;
}
