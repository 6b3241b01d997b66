import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decodeAlerts } from "../alert/decode";

/** The beginnings of files as their formats write them. */
const files: [string, string | Buffer, RegExp][] = [
  ["Parquet", "PAR1\x15\x04", /a Parquet file.*\n.*sql/],
  ["FITS", "SIMPLE  =                    T / conforms to FITS", /a FITS file/],
  ["VOTable", '<?xml version="1.0"?>\n<VOTABLE version="1.4">', /a VOTable/],
  ["VOEvent", '<?xml version="1.0"?>\n<voe:VOEvent>', /got XML/],
  ["ZIP", Buffer.from("504b030414000000", "hex"), /a ZIP archive.*\n.*unzip/],
  ["JSON", '{"objectId": "ZTF18abc", "candid": 1}', /got JSON/],
  ["a JSON list", '[{"objectId": "ZTF18abc"}]', /got JSON/],
  ["a schema", '{"type": "record", "name": "alert", "fields": []}', /an Avro schema.*\n.*--schema/],
  ["HTML", "<!DOCTYPE html><html>", /a web page/],
  ["CSV", "ra,dec,name\n1,2,a\n", /CSV.*\n.*loadCatalog/],
  ["xz", Buffer.from("fd377a585a00", "hex"), /xz data.*\n.*xz -d/],
  ["zstd", Buffer.from("28b52ffd0458", "hex"), /zstandard data/],
  ["HDF5", Buffer.from("894844460d0a1a0a", "hex"), /HDF5/],
  ["PNG", Buffer.from("89504e470d0a1a0a", "hex"), /a PNG picture/],
  ["Git LFS", "version https://git-lfs.github.com/spec/v1\noid", /Git LFS/],
];

describe("what is no Avro", () => {
  it.each(files)("is called what it is: %s", (_, start, said) => {
    for (const bytes of [Buffer.from(start as string), gzipSync(start)]) {
      let error: unknown;
      try {
        [...decodeAlerts(bytes)];
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toMatchObject({ code: "NOT_AVRO" });
      expect(`${error}`).toMatch(said);
    }
  });

  it("is said by its bytes when it is nothing known", () => {
    expect(() => [...decodeAlerts(Buffer.from("0102030405060708", "hex"))]).toThrow(/got 01 02 03/);
  });
});
