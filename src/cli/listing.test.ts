import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { describe as describeProgress } from "./download-progress";
import { Listing, type ListingFormat, quoteCsv } from "./listing";
import { Output } from "./output";

async function list(format: ListingFormat, fields: string[], alerts: object[]) {
  let text = "";
  const stream = new Writable({
    highWaterMark: 1, // every write has to wait, as with a slow reader
    write(piece, _, done) {
      text += piece;
      done();
    },
  });
  const listing = new Listing(fields, format, new Output(stream));
  for (const alert of alerts) await listing.add(alert as never);
  const remarks = await listing.end();
  return { lines: text.split("\n").slice(0, -1), remarks };
}

const alerts = [
  { survey: "ztf", mjdUtc: 1, mag: 17.12345, objectId: "a\u001b[2Jb", packet: { n: 1n } },
  { survey: "ztf", mjdUtc: 1, mag: Number.NaN, objectId: 'c,"d"', packet: { n: 10n, late: 1 } },
];

describe("Listing", () => {
  it("aligns a table, with a dash for nothing and nothing that moves the cursor", async () => {
    const { lines } = await list("table", ["objectId", "mag", "packet.n"], alerts);
    expect(lines).toEqual(["objectId     mag  packet.n", "a·[2Jb    17.123         1", 'c,"d"          –        10']);
  });

  it("quotes CSV and leaves nothing empty", async () => {
    const { lines } = await list("csv", ["objectId", "mag"], alerts);
    expect(lines).toEqual(["objectId,mag", "a\u001b[2Jb,17.12345", '"c,""d""",']);
    expect(quoteCsv("a\r\nb")).toBe('"a\r\nb"');
  });

  it("keeps spreadsheets from taking text for a formula, and numbers as they are", () => {
    for (const text of ["=1+1", "@SUM(A1)", "\tx", "+A1", "-A1", "=cmd|' /C calc'!A0"])
      expect(quoteCsv(text).replace(/^"|"$/g, ""), text).toMatch(/^'/);
    for (const text of ["-12.5", "+3e-4", "a=b", "2475433850015010185", "", "-Infinity"])
      expect(quoteCsv(text)).toBe(text);
  });

  it("writes times and ids as notebooks do", async () => {
    const one = { ...alerts[0]!, mjdUtc: 60320.3456789, objectId: "o".repeat(100), packet: { jd: 2460320.3456789 } };
    const { lines } = await list("table", ["objectId", "mjdUtc", "packet.jd"], [one]);
    expect(lines[1]).toBe(`${"o".repeat(100)}  60320.34568  2460320.34568`);
  });

  it("takes a field that only later alerts have, and says how many have not", async () => {
    const { lines, remarks } = await list("json", ["packet.late"], [...alerts, alerts[0]!]);
    expect(lines).toEqual(['{"packet.late":null}', '{"packet.late":1}', '{"packet.late":null}']);
    expect(remarks).toEqual(["packet.late: 2 of 3 alerts have no such field"]);
  });

  it("refuses a field that none of the first hundred has", async () => {
    const many = Array.from({ length: 150 }, () => alerts[0]!);
    await expect(list("csv", ["mag", "packet.m"], many)).rejects.toMatchObject({ code: "NO_FIELD" });
    expect((await list("table", ["mag"], [])).lines).toEqual([]);
  });
});

describe("progress of a download", () => {
  it("says share, rate and time left", () => {
    const step = { night: "20181129", receivedBytes: 10e6, totalBytes: 22e6, bytesPerSecond: 3.1e6, secondsLeft: 3.87 };
    expect(describeProgress(step)).toBe("20181129 45 % of 22.0 MB, 3.1 MB/s, 4 s left");
    expect(describeProgress({ ...step, totalBytes: null, secondsLeft: null })).toBe("20181129 10.0 MB, 3.1 MB/s");
    expect(describeProgress({ ...step, secondsLeft: 7200 })).toContain("2.0 h left");
  });
});
