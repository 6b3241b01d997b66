import { describe, expect, it } from "vitest";
import { archiveUrl, parseChecksums, parseIndex, parseNight, parseNights } from "./archive";
import { parseVizierTsv } from "./gcvs";
import { formatBytes } from "./limits";
import { isPlainlyNotData, sniff } from "./sniff";
import { checkSpace } from "./space";

const name = "ztf_public_20181129.tar.gz";

describe("the archive's pages", () => {
  it.each([
    [
      "Apache's table",
      `<tr><td><a href="${name}">${name}</a></td><td align="right">2018-11-30 12:02  </td><td class="x"> 22M</td><td>&nbsp;</td></tr></table>`,
      22 * 2 ** 20,
    ],
    [
      "Apache's list",
      `<img src="/i.gif"> <a href="${name}">${name}</a>  2018-11-30 12:02   44   <a href="b">b</a> 7M`,
      44,
    ],
    ["nginx's list", `<a href="${name}">${name}</a>      30-Nov-2018 12:02     23068672\r\n</pre>`, 23068672],
    ["gigabytes", `<a href="/alerts/public/${name}">x</a> 2019-01-01 00:00 1.2G </pre>`, Math.round(1.2 * 2 ** 30)],
    ["no size", `<a href="${name}">x</a> 2018-11-30 12:02 - </pre>`, null],
  ])("give the size in %s", (_, page, size) => expect(parseIndex(page)).toEqual(new Map([[name, size]])));

  it("name nothing but tarballs of nights", () => {
    const page = `<a href="../secret.tar.gz">a</a><a href="ztf_public_2018.tar.gz">b</a><a href="ztf_partnership_20181129.tar.gz">c</a>`;
    expect(parseIndex(page).size).toBe(0);
  });

  it("give checksums as md5sum writes them", () => {
    const sum = "d41d8cd98f00b204e9800998ecf8427e";
    const text = `${sum}  ${name}\n${sum.toUpperCase()} *ztf_public_20181130.tar.gz\r\nshort  ztf_public_20181201.tar.gz\n`;
    expect([...parseChecksums(text)]).toEqual([
      [name, sum],
      ["ztf_public_20181130.tar.gz", sum],
    ]);
  });

  it("are addressed with a closing slash", () => {
    expect(archiveUrl("http://127.0.0.1:8000/alerts")).toBe("http://127.0.0.1:8000/alerts/");
    expect(() => archiveUrl("file:///etc")).toThrow(/http/);
  });
});

describe("parseNight", () => {
  it("takes dates and nothing else", () => {
    expect([parseNight("20181129"), parseNight("2018-11-29"), parseNight("20200229")]).toEqual([
      "20181129",
      "20181129",
      "20200229",
    ]);
    for (const wrong of ["20190229", "20181332", "2018", "181129", "../20181129", "20181129x", ""]) {
      expect(() => parseNight(wrong), wrong).toThrow(/Expected a night as YYYYMMDD/);
    }
  });
});

describe("parseNights", () => {
  it("takes lists and ranges, each night once, and knows which were named", () => {
    const nights = parseNights(["2018-12-31..20190102", "20190102", "20181129", "20181231..20181231"]);
    expect([...nights]).toEqual([
      ["20181231", false],
      ["20190101", false],
      ["20190102", true],
      ["20181129", true],
    ]);
    for (const wrong of ["20190102..20181231", "20181129..", "..20181129", "20181129..20181130..20181201"]) {
      expect(() => parseNights([wrong]), wrong).toThrow(/Expected a (night|range)/);
    }
  });
});

describe("parseVizierTsv", () => {
  it("refuses an answer that is not the table", () => {
    expect(() => parseVizierTsv("<html>busy</html>", "url")).toThrow(/Expected a tab-separated table/);
    expect(() => parseVizierTsv("_RAJ2000\t_DEJ2000\tVarType\n---\t---\t---\n", "url")).toThrow(/got none/);
  });
});

describe("what a file is", () => {
  it("is said by its content, except for an archive without entries", () => {
    const tar = Buffer.alloc(512);
    tar.write("ustar", 257);
    expect(sniff(tar, "x.avro")).toBe("tar");
    expect(sniff(Buffer.from([0x1f, 0x8b, 8]), "x.avro")).toBe("gzip");
    expect(sniff(Buffer.alloc(512), "x.avro")).toBe("alerts");
    expect(sniff(Buffer.alloc(512), "x.tar.gz")).toBe("tar");
    expect(sniff(Buffer.alloc(0), "x.tar")).toBe("empty");
  });

  it("is not asked of names that plainly say something else", () => {
    expect(
      ["a.avsc", "a.CSV", ".hidden.avro", "MD5SUMS", "x/notes.md"].filter((path) => !isPlainlyNotData(path)),
    ).toEqual([]);
    expect(["a.avro", "a.gz", "a", "a.tar", "123", "a.dat", "a.bin"].filter(isPlainlyNotData)).toEqual([]);
  });
});

describe("disk space", () => {
  it("is checked before anything is written", () => {
    expect(() => checkSpace(".", 2e9, 1e9)).toThrow(/Expected 2.0 GB free on the disk of ., got 1.0 GB/);
    expect(() => checkSpace(".", 1)).not.toThrow();
    expect(() => checkSpace(".", 1e18)).toThrow(/Expected 1000000.0 TB free/);
  });

  it("is said in units a person reads", () => {
    expect([0, 44, 999, 1000, 22_040_000, 999_960_000, 7.03e10].map(formatBytes)).toEqual([
      "0 bytes",
      "44 bytes",
      "999 bytes",
      "1.0 kB",
      "22.0 MB",
      "1.0 GB",
      "70.3 GB",
    ]);
  });
});
